export const name = 'a district office sees its own district and none of the neighbours';
export const role = 'district_office';

export async function run({ page, expect, signIn, visit }) {
  await signIn();
  for (const noun of ['district_check_problems', 'report_evaluations']) {
    const { items } = await page.request.get(`/api/v1/${noun}?size=200`).then(answer => answer.json());
    const districts = new Set(items.map(item => item.district?.label));
    expect(districts.size <= 1, `${noun} of ${[...districts].join('、')}`);
  }
}
