import { answer, create, deed, state, today } from '../hands.mjs';
import { personOf } from '../stage.mjs';

export const name = 'a plan is approved, a round begins, and a team sees its task only once declared and authorised';
export const role = 'leading_group';

const year = '2025';
const round = '第十六轮巡察（2025年）';
const task = '2025年第六轮常规巡察第九组';

export async function run({ page, expect, signIn }) {
  await signIn('office_liaison');
  const plan = await create(page, '/year_plans/new', { term: '届', year, title: `${year}年度巡察工作计划`, text: '全年安排两轮巡察。' });
  await deed(page, 'submit');
  await signIn();
  await page.goto(plan);
  await deed(page, 'approve', { on: await today(page), opinion: '同意。' });
  expect.equal(await state(page), '已批准');

  await signIn('office_liaison');
  const day = await today(page);
  await create(page, '/rounds/new', { term: '届', year, number: 16, name: round, starts_on: day });
  await deed(page, 'start', { on: day });
  const inspection = await create(page, '/inspections/new', {
    name: task, kind: '常规巡察', term: '届', round, team: '市委第九巡察组', starts_on: day, level: '市级',
  });
  const places = [];
  for (const [person, duty] of [['team_head', '组长（副组长）'], ['team_member', '组员']]) {
    places.push(await create(page, '/teams/new', { inspection: task, account: personOf(person).name, role: duty }));
  }
  expect.equal(await statusFor('team_member'), 404, 'a nominated member sees the task before he has declared');

  for (const person of ['team_head', 'team_member']) {
    await signIn(person);
    await page.goto('/declarations?f.state=requested');
    await page.locator('tbody tr', { hasText: task }).locator('.row-link').click();
    await page.waitForURL(/declarations\/./);
    await deed(page, 'sign', { truthful: true });
  }
  await signIn('office_liaison');
  const mandate = await create(page, '/authorisations/new', {
    inspection: task, number: '澜委巡授〔2025〕9号', body: '市委巡察工作领导小组', decided_on: day,
    from_on: day, from_time: '00:00', to_on: `${year}-12-31`, to_time: '24:00',
  });
  await deed(page, 'submit');
  expect.equal(await statusFor('team_member'), 404, 'a member sees the task before the authorisation is approved');
  await signIn();
  await page.goto(mandate);
  await deed(page, 'approve');
  expect.equal(await state(page), '已批准');
  expect.equal(await statusFor('team_member'), 200, 'an authorised member does not see the task');

  async function statusFor(person) {
    await signIn(person);
    return (await answer(page, inspection)).status;
  }
}
