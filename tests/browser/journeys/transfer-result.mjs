import { ask, deed, state, today } from '../hands.mjs';

export const name = 'a department reports what came of a suggestion, and the office closes it';
export const role = 'functional_department';

export async function run({ page, expect, signIn }) {
  await signIn();
  const { items } = await ask(page, '/transfers?size=200');
  const recipients = new Set(items.map(item => item.recipient.label));
  expect.equal(recipients.size, 1, `the department sees what was handed to ${[...recipients].join('、')}`);
  const transfer = `/transfers/${items.find(item => item.state.label === '办理中').id}`;
  await page.goto(transfer);
  await deed(page, 'report_result', { result: undefined, result_on: await today(page), result_note: '已修订管理办法并公布。' });
  expect.equal(await state(page), '已反馈结果');
  await signIn('office_director');
  await page.goto(transfer);
  await deed(page, 'close', { note: '同意办结。' });
  expect.equal(await state(page), '已办结');
}
