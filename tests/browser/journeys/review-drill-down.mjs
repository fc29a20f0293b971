export const name = 'every figure of the annual review opens the rows it counts, and there are as many';
export const role = 'office_director';

const figures = ['问题', '线索', '被巡察'];

export async function run({ page, expect, signIn }) {
  await signIn();
  await page.goto('/annual-review?year=2023&as_of=2023-12-31');
  const rows = page.locator('.main tbody tr:has(th[scope=row]):has(td.num > a)');
  const counted = await rows.evaluateAll(lines => lines
    .map(line => ({ label: line.querySelector('th').innerText, cells: line.querySelectorAll('td'), link: line.querySelector('td.num > a') }))
    .filter(({ cells }) => ['个', '家', '件', '条', '家次'].includes(cells[1].innerText.trim()))
    .map(({ label, link }) => ({ label, value: link.innerText.replace(/,/g, ''), path: link.getAttribute('href') })));
  const chosen = counted.filter(({ label }) => figures.some(word => label.includes(word))).slice(0, 3);
  expect(chosen.length >= 3, `only ${chosen.length} figures of the review count records`);
  for (const { label, value, path } of chosen) {
    await page.goto(path);
    const total = value === '0' ? 0 : Number((await page.locator('.pager-total b').innerText()).replace(/,/g, ''));
    expect.equal(String(total), value, `${label}: ${value} in the review, ${total} rows behind it`);
  }
  const first = page.locator('tbody .row-link').first();
  expect(await first.count(), 'no row leads to its record');
  await Promise.all([page.waitForEvent('load'), first.click()]);
  expect.equal(await page.locator('.record').count(), 1, 'a row does not open its record');
}
