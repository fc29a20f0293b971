import { answer, ask, create, deed, fact, offers, speakerOf, state, tell, today, unitToTell } from '../hands.mjs';

export const name = 'a plan must cover every problem, is returned for what one of five reviewers asks, and is accepted when all agree';
export const role = 'office_liaison';
// what is not covered or not agreed on is refused on purpose, which the browser notes
export const allow = [/^console: Failed to load resource: the server responded with a status of 422/];

const asked = '第一项措施空泛，没有制度和完成时间。';
const people = { leader: '分管副局长', owner: '财务科长', term_kind: '限期整改' };

export async function run({ page, expect, signIn, visit }) {
  await signIn();
  const day = await today(page);
  const due_on = new Date(Date.parse(day) + 60 * 86_400_000).toISOString().slice(0, 10);
  const { id, title, organisation } = await unitToTell(page);
  const { id: meeting } = await tell(page, '/feedbacks', { unit: id, planned_on: day });
  await tell(page, `/feedbacks/${meeting}/hold`, { held_on: day, place: '单位会议室', leader_attended: true });
  const speaker = await speakerOf(page, organisation);

  // the organisation writes its plan: every problem needs its measure
  await signIn(speaker);
  const { items: problems } = await ask(page, '/problems?f.state=fed_back&size=100');
  const plan = await create(page, '/rect_plans/new', { unit: title, first_responsible: '党组书记', text: '照单全收，逐项整改。' });
  await expect.rejects(deed(page, 'submit'), new RegExp(`有 ${problems.length} 个反馈问题还没有`));
  const measure = await create(page, '/measures/new', { problem: problems[0].number, text: '加强学习，提高认识。', due_on, ...people });
  expect.match(await fact(page, '表述提示'), /加强学习/, 'a vague measure is not pointed out');
  for (const { id: problem } of problems.slice(1)) {
    await tell(page, '/measures', { problem, text: '清理历年结余资金并收回，修订管理办法印发执行。', due_on, ...people, term_kind: 'dated' });
  }
  await visit(`${plan}?tab=lists`);
  await deed(page, 'submit');
  expect.equal(await state(page), '待审核');

  await signIn('organisation_department');
  await page.goto(await opinionOf('organisation'));
  await deed(page, 'object', { reasons: asked });
  expect.equal(await state(page), '要求修改');
  await signIn();
  await visit(plan);
  await expect.rejects(deed(page, 'approve'), /会审意见还没有全部同意.*组织部门（要求修改）/);
  await page.goto(plan);
  await deed(page, 'return');
  expect.equal(await state(page), '退回修改');

  // the organisation reads what is asked, and never the single opinions
  await signIn(speaker);
  await visit(plan);
  expect((await fact(page, '审核意见')).includes(asked), 'the organisation does not read what is asked');
  expect.equal((await answer(page, '/rect_opinions')).status, 404, 'the organisation reads single opinions');
  await page.goto(measure);
  await deed(page, 'edit', { text: '修订专项资金管理办法并印发执行，明确拨付时限，两个月内清理完毕历年结余。' });
  await page.goto(plan);
  await deed(page, 'submit');
  expect.equal(await state(page), '待审核');
  expect(!(await offers(page)).includes('approve'), 'the organisation may accept its own plan');

  // a reviewer speaks for itself, or the office enters what it has written
  for (const [person, party, written] of [
    ['discipline', 'discipline', {}], ['organisation_department', 'organisation', {}], [role, 'propaganda', { document: '会审复函' }],
    [role, 'office', {}], [role, 'team', { document: '巡察组会审意见' }],
  ]) {
    await signIn(person);
    await page.goto(await opinionOf(party));
    await deed(page, 'agree', { reasons: '同意。', ...written });
    expect.equal(await state(page), '同意');
  }
  await page.goto(plan);
  await deed(page, 'approve', { opinion: '措施具体，同意按方案整改。' });
  expect.equal(await state(page), '审核通过');
  await visit(`${plan}?tab=reports`);
  expect(await page.locator('tbody tr').count() > 0, 'no report became due with the plan');
  await signIn(speaker);
  await page.goto(plan);
  expect.equal(await state(page), '审核通过');

  /** The address of the opinion that a party is asked for on the plan. */
  async function opinionOf(party) {
    const { items } = await ask(page, `/rect_opinions?f.state=asked&f.party=${party}&f.organisation=${organisation.id}`);
    return `/rect_opinions/${items[0].id}`;
  }
}
