import { ask, create, deed, state } from '../hands.mjs';

export const name = 'office and organisation department settle together who joins a team, and see why the first is first';
export const role = 'organisation_department';

export async function run({ page, expect, signIn }) {
  await signIn('office_liaison');
  const { items } = await ask(page, '/inspections?size=1');
  const [{ name: inspection }] = items;
  const need = await create(page, '/team_needs/new', { inspection, duty: '财务审计岗', pool: '人才库', number: 1, from_on: '2024-03-01', to_on: '2024-05-31' });
  await deed(page, 'send');
  await signIn();
  await page.goto(need);
  await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: '人选排序' }).click()]);
  const first = page.locator('.record-main .panel tbody tr').first();
  expect.match(await first.innerText(), /专长|任职|参加|可抽调/, 'the first of the ranking shows no reasons');
  await deed(page, 'nominate', { talent: undefined });
  const candidate = await page.locator('.record a[href^="/nominations/"]').first().getAttribute('href');
  await page.goto(candidate);
  expect.equal(await page.locator('.actions a[href$="/agree"]').count(), 0, 'the department can answer its own nomination');

  await signIn('office_liaison');
  await page.goto(candidate);
  await deed(page, 'agree');
  expect.equal(await state(page), '双方同意');
  await page.goto(need);
  await deed(page, 'settle');
  expect.equal(await state(page), '名单已确认');
}
