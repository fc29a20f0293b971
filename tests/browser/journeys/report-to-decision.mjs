import { answer, ask, create, deed, fact, fill, offers, send, speakerOf, state, today, typed } from '../hands.mjs';
import { onSite, personOf } from '../stage.mjs';

export const name = 'a report made of drafts is discussed sentence by sentence, returned once, and decided on in five steps by five people';
export const role = 'team_member';
// what is not ready is refused on purpose, which the browser notes
export const allow = [/^console: Failed to load resource: the server responded with a status of 422/];

const { deputy } = onSite.people;
const form = 'form#dialog-form';

export async function run({ page, expect, signIn, visit }) {
  await signIn();
  const day = await today(page);
  const organisation = await unreported();
  await page.goto('/reports/new');
  await fill(page.locator(form), { unit: organisation.label, kind: '巡察报告', assemble: true });
  const { unit: inspected } = await typed(page);
  await send(page);
  const report = new URL(page.url()).pathname;
  const called = await page.locator('h1').innerText();
  const inspection = await fact(page, '巡察');

  // the first draft: a sentence opens its draft and what proves it
  await visit(`${report}/desk`);
  const cites = () => page.locator('.desk-text sup').allInnerTexts();
  const atFirst = await cites();
  expect(atFirst.length > 0, 'no sentence of the first draft rests on a draft');
  const cited = page.locator('.desk-text .sentence:has(+ sup)').first();
  const words = await cited.innerText();
  await Promise.all([page.waitForEvent('load'), cited.click()]);
  const sentence = new URL(page.url()).search;
  const side = page.locator('.desk-side');
  expect(await side.locator('a[href^="/drafts/"]').count() > 0, 'the sentence does not open its draft');
  expect(await side.locator('a[href^="/evidence/"]').count() > 0, 'the draft does not show its proof');

  // the office says how it would put it, and asks for what is missing
  await signIn('office_liaison');
  const better = `经核查，${words}`;
  const wording = await comment({ text: `@${personOf(role).name} 请写明依据。`, suggestion: better });
  const question = await comment({ text: '请说明涉及哪几个年度。' });
  await signIn();
  await visit(`${report}/desk${sentence}`);
  await Promise.all([page.waitForEvent('load'), page.locator('.desk-side button', { hasText: '采用建议表述' }).click()]);
  await visit(`${report}/desk${sentence}`);
  expect.equal(await page.locator('.sentence[aria-current]').innerText(), better, 'the wording was not taken over');
  expect.deepEqual(await cites(), atFirst, 'a citation was lost with the wording');

  await page.goto(report);
  await expect.rejects(deed(page, 'submit'), /尚未填写/);
  await write(text => text.replace(/〔请填写.*?〕/g, '对照职责逐项改进，明确责任领导和完成时限。'), '补齐评价和建议');
  await deed(page, 'submit');
  expect.equal(await fact(page, '当前环节'), '组务会讨论');
  expect(!(await offers(page)).includes('approve'), 'who has submitted it may approve it');

  // the team's meeting, and the head who returns it
  await signIn(deputy);
  const minutes = await meeting('/team_meetings/new', { inspection, kind: '组务会', held_on: day, agenda: '讨论巡察报告', minutes: '一致同意，提请组长审签。' });
  await approve({ team_meeting: minutes });
  await signIn('team_head');
  await page.goto(report);
  await deed(page, 'return', { reasons: '意见建议要具体到制度。' });
  expect.equal(await state(page), '退回修改');
  await signIn();
  await page.goto(report);
  expect.equal(await fact(page, '退回或撤销理由'), '意见建议要具体到制度。');
  await write(text => `${text}\n修订专项资金管理办法，明确拨付时限。`, '意见建议具体到制度');
  await deed(page, 'submit');
  await signIn(deputy);
  await approve({ team_meeting: minutes });
  expect.equal(await fact(page, '当前环节'), '组长审签');
  expect(!(await offers(page)).includes('approve'), 'the deputy head, who spoke for the meeting, may sign as head too');
  await signIn('team_head');
  await approve();

  // office and team: no point is left open
  await signIn('office_liaison');
  await create(page, '/consultations/new', { unit: inspected, kind: '报告会商', title: '报告会商（第二稿）' });
  const consultation = await numberOf();
  await deed(page, 'hold', { attendance: '巡察办、巡察组', record: '对报告形成一致意见。' });
  await page.goto(report);
  await expect.rejects(deed(page, 'approve', { consultation }), /1 条会商意见没有办结|2 条会商意见没有办结/);
  await signIn();
  await page.goto(question);
  await deed(page, 'answer', { answer: '涉及2022年度和2023年度，已在附件列明。' });
  await signIn('office_liaison');
  for (const point of [wording, question]) {
    await page.goto(point);
    await deed(page, 'settle');
    expect.equal(await state(page), '已办结');
  }
  await approve({ consultation });
  expect.equal(await fact(page, '当前环节'), '领导小组审议');

  // the bodies that decide, each on the record of its own meeting
  await signIn('office_director');
  const group = await decided('领导小组会', '听取巡察情况汇报');
  const secretary = await decided('书记专题会', '研究巡察报告');
  await signIn('leading_group');
  await approve({ meeting: group });
  await signIn('committee_leader');
  await page.goto(report);
  await deed(page, 'conclude', { meeting: secretary });
  expect.equal(await state(page), '已审定');
  await signIn('office_director');
  await page.goto(report);
  await deed(page, 'deliver');
  expect.equal(await state(page), '已报送');

  await visit(`${report}?tab=decisions`);
  const verdicts = await page.locator('tbody tr').evaluateAll(rows => rows.map(row => [row.cells[1].innerText, row.cells[2].innerText]));
  expect.deepEqual(verdicts, [
    ['提交', '提交'], ['组务会讨论', '同意'], ['组长审签', '退回'],
    ['提交', '提交'], ['组务会讨论', '同意'], ['组长审签', '同意'], ['组办会商', '同意'], ['领导小组审议', '同意'], ['市委审定', '同意'],
  ]);
  await visit(`${report}?tab=versions`);
  await signIn('discipline');
  expect.equal((await answer(page, report)).status, 200, 'a recipient does not see the report that was delivered');
  await signIn(await speakerOf(page, organisation));
  expect.equal((await answer(page, report)).status, 404, 'the inspected organisation learns of the report');

  /** A unit of the team with drafts that no report tells yet. */
  async function unreported() {
    const { items: drafts } = await ask(page, '/drafts?f.state=used&size=100');
    for (const { organisation: drafted } of drafts) {
      const ofUnit = `f.organisation=${drafted.id}`;
      const [reports, units] = [await ask(page, `/reports?${ofUnit}`), await ask(page, `/inspection_units?${ofUnit}`)];
      if (!reports.total && !units.items[0].fed_back_on) return drafted;
    }
    throw new Error('every unit of the team has its report');
  }

  /** Comments on the sentence; answers the address of the comment. */
  async function comment(said) {
    await visit(`${report}/desk${sentence}`);
    await page.locator('.desk-side a', { hasText: '对这个句子提意见' }).click();
    await page.waitForURL(/report_comments\/new/);
    await fill(page.locator(form), { ...said, owner: personOf(role).name });
    await send(page);
    return new URL(page.url()).pathname;
  }

  /** Changes the text of the report. */
  async function write(change, note) {
    await visit(`${report}/write`);
    const text = page.locator('[name=text]');
    await text.fill(change(await text.inputValue()));
    await fill(page.locator(form), { note });
    await send(page);
  }

  async function approve(basis = {}) {
    await page.goto(report);
    await deed(page, 'approve', basis);
  }

  /** Makes the record of a meeting; answers its number. */
  async function meeting(path, values) {
    await create(page, path, values);
    return numberOf();
  }

  /** A meeting that has decided on the report. */
  async function decided(kind, title) {
    const record = await meeting('/meetings/new', { kind, title, reports: called });
    await deed(page, 'hold', { chair: '主持人', present: '全体成员', decisions: '同意巡察报告。' });
    return record;
  }

  function numberOf() {
    return page.locator('.title-marks .number').first().innerText();
  }
}
