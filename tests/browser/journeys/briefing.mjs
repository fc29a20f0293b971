import { ask, deed, state, today } from '../hands.mjs';
import { personOf } from '../stage.mjs';

export const name = 'a department answers a briefing request, the office receives it, and nobody sees what other departments were asked';
export const role = 'audit';

export async function run({ page, expect, signIn }) {
  await signIn();
  const { items } = await ask(page, '/briefings?size=200');
  expect.equal(new Set(items.map(item => item.department.label)).size, 1, 'the department sees what others were asked');
  const open = items.find(item => ['待回复', '退回补充'].includes(item.state.label));
  const request = `/briefings/${open.id}`;
  await page.goto(request);
  await deed(page, 'submit', { statement: '经查，近三年没有需要通报的事项。' });
  expect.equal(await state(page), '已回复');
  await signIn('office_liaison');
  await page.goto(request);
  await deed(page, 'receive', { received_on: await today(page), received_by: personOf('office_liaison').name });
  expect.equal(await state(page), '已签收');
}
