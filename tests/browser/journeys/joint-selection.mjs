import { create, deed, find, state } from '../hands.mjs';

export const name = 'office and organisation department settle together who joins a team, and see why the first is first';
export const role = 'organisation_department';

export async function run({ page, expect, signIn }) {
  await signIn('office_liaison');
  const inspection = await page.request.get('/api/v1/inspections?f.state=active&size=1').then(answer => answer.json());
  const need = await create(page, '/team_needs/new', { inspection: inspection.items[0].name, duty: '财务审计岗', pool: '人才库', number: 1 });
  await deed(page, 'send');
  await signIn();
  await page.goto(need);
  const ranking = await page.locator('.main').innerText();
  expect(/专长|可抽调|分/.test(ranking), 'the ranking shows no reasons');
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
