import { ask, deed, fact, offers, speakerOf, state, tell, today } from '../hands.mjs';

export const name = 'a measure is returned once and then closed, and its problem is closed by somebody else than who asked for it';
export const role = 'office_liaison';

const proof = { name: '专项资金清理情况.txt', mimeType: 'text/plain', buffer: Buffer.from('已清理三笔，全部拨付到位。') };

export async function run({ page, expect, signIn, visit }) {
  await signIn();
  const day = await today(page);
  const { problem, measure } = await underWay();
  const speaker = await speakerOf(page, problem.organisation);
  await signIn(speaker);
  await visit(measure);
  if ((await offers(page)).includes('start')) await deed(page, 'start');
  await deed(page, 'report_progress', { text: '已清理三笔专项资金，拨付两笔。', percent: 70, files: proof });
  await deed(page, 'submit', { text: '三笔专项资金全部拨付到位。' });
  expect.equal(await state(page), '已提交');

  await signIn();
  await page.goto(measure);
  await deed(page, 'return', { opinion: '缺少第三笔的拨付凭证。' });
  expect.equal(await state(page), '退回');
  await signIn(speaker);
  await page.goto('/');
  await visit(measure);
  expect.equal(await fact(page, '审核意见'), '缺少第三笔的拨付凭证。');
  await deed(page, 'start');
  await deed(page, 'submit', { text: '已补充第三笔拨付凭证。', files: { ...proof, name: '第三笔拨付凭证.txt' } });
  await signIn();
  await page.goto(measure);
  await deed(page, 'approve_close', { opinion: '材料齐全，同意。' });
  expect.equal(await state(page), '已完成');
  await visit(`${measure}?tab=progress`);
  expect(await page.locator('tbody tr').count() >= 3, 'what was reported before is gone');

  // the rest of the problem's measures take the same way through the interface
  await signIn(speaker);
  const rest = (await measuresOf(problem)).filter(({ state }) => !['已完成', '长期坚持'].includes(state.label));
  for (const { id, state } of rest) {
    if (state.label !== '进行中') await tell(page, `/measures/${id}/start`, { started_on: day });
    await tell(page, `/measures/${id}/submit`, { text: '已按方案完成。' });
  }
  await signIn();
  for (const { id } of rest) await tell(page, `/measures/${id}/approve_close`);

  await signIn(speaker);
  await page.goto(`/problems/${problem.id}`);
  await deed(page, 'submit', { statement: '措施全部完成，资金拨付到位，制度已修订印发。' });
  expect.equal(await state(page), '已提请销号');
  expect(!(await offers(page)).includes('close'), 'who asks for the closing may close');
  await signIn('office_director');
  await page.goto(`/problems/${problem.id}`);
  await deed(page, 'close', { opinion: '现场核对属实，同意销号。' });
  expect.equal(await state(page), '已销号');
  await visit(`/problems/${problem.id}`);

  /** A problem that is being rectified with a measure that the organisation still works on. */
  async function underWay() {
    const { items } = await ask(page, '/measures?f.state=in_progress&size=20');
    for (const { id, problem, organisation } of items) {
      const { state } = await ask(page, `/problems/${problem.id}`);
      if (state.code === 'rectifying') return { problem: { id: problem.id, organisation }, measure: `/measures/${id}` };
    }
    throw new Error('no measure is under way');
  }

  async function measuresOf({ id }) {
    return (await ask(page, `/measures?f.problem=${id}&size=50`)).items;
  }
}
