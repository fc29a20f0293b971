import { answer, ask, create, deed, fact, speakerOf, state, today, unitToTell } from '../hands.mjs';

export const name = 'the feedback meeting tells a unit its problems, keeps whether the leader in charge came, and starts the clocks';
export const role = 'office_liaison';

export async function run({ page, expect, signIn, visit }) {
  await signIn();
  const day = await today(page);
  const { title, organisation, problems } = await unitToTell(page);
  const before = await attendance();

  const speaker = await speakerOf(page, organisation);
  await signIn(speaker);
  const known = (await ask(page, '/problems')).total;
  await signIn();
  const meeting = await create(page, '/feedbacks/new', { unit: title, planned_on: day, place: '单位会议室' });
  const leader = await fact(page, '分管市领导');
  expect(leader.length > 1, 'the leader in charge is not known');
  expect.match(await page.locator('.clock-card').innerText(), /反馈期限/);
  await signIn(speaker);
  expect.equal((await answer(page, meeting)).status, 404, 'the unit learns of the meeting before it is held');

  await signIn();
  await page.goto(meeting);
  await deed(page, 'hold', { leader_attended: true });
  expect.equal(await state(page), '已召开');
  expect.equal(await fact(page, '分管市领导'), leader);
  expect.equal(await fact(page, '分管市领导参加'), '是');
  for (const [to, recipient] of [['分管市领导', leader], ['主管部门', '市政府办公室'], ['纪检监察机关', '市纪委监委'], ['组织部门', '市委组织部']]) {
    await deed(page, 'copy', { to, recipient, note: '机要送达' });
  }
  await visit(`${meeting}?tab=copies`);
  expect.equal(await page.locator('tbody tr', { hasText: day }).count(), 4, 'a copy that went out is not shown');
  await deed(page, 'record', { statement: '诚恳接受，照单全收，坚决整改。' });
  expect.equal(await state(page), '已存档');
  const after = await attendance();
  expect.deepEqual(after, before.map(count => count + 1), 'the meeting does not count in the attendance rate');

  // the unit: its problems with their clocks, and the plan it owes
  await signIn(speaker);
  expect.equal((await answer(page, meeting)).status, 200);
  const told = await ask(page, '/problems?f.state=fed_back');
  expect.equal((await ask(page, '/problems')).total - known, problems.length, 'the unit does not know as many problems as it was told');
  await visit(`/problems/${told.items[0].id}`);
  expect.equal(await state(page), '已反馈');
  expect.equal(await fact(page, '反馈日期'), day);
  expect((await page.locator('.clock-card .clock-big').innerText()).length > 0, 'no clock runs for a problem fed back');
  await create(page, '/rect_plans/new', { unit: title, first_responsible: '党组书记', text: '照单全收，逐项整改。' });
  expect.match(await page.locator('.clock-card').innerText(), /提交期限/);

  /** Numerator and denominator of the attendance rate. */
  async function attendance() {
    await page.goto('/figures');
    const card = page.locator('.figure', { hasText: '分管市领导参加反馈会比例' }).first();
    return (await card.innerText()).match(/(\d+)\s*\/\s*(\d+)/).slice(1).map(Number);
  }
}
