import { ask, create, deed, state } from '../hands.mjs';

export const name = 'the office asks a department to help with a problem, which the department reads until the help ends';
export const role = 'office_liaison';
// the problem that the department helps with no longer is not there for it
export const allow = [/^console: Failed to load resource: the server responded with a status of 404/];

export async function run({ page, expect, signIn, visit, audit }) {
  await signIn('functional_department');
  // what was handed to the department names it
  const department = (await ask(page, '/transfers?size=1')).items[0].recipient.label;
  await signIn();
  const helped = (await ask(page, '/cooperations?size=200')).items.map(item => item.problem.id);
  const { items } = await ask(page, '/problems?size=200&f.state=rectifying');
  const { id } = items.find(item => !helped.includes(item.id) && item.organisation.label !== department);
  const problem = `/problems/${id}`;
  await visit(`${problem}?tab=cooperations`);
  await page.locator('a[href^="/cooperations/new"]').first().click();
  await page.locator('#dialog-form').first().waitFor();
  await audit();
  const cooperation = await create(page, `/cooperations/new?problem=${id}`, { department, duty: '请提供政策口径，并派员参加整改会商。' });
  expect.equal(await state(page), '待配合');

  await signIn('functional_department');
  await visit(problem);
  await visit(cooperation);
  await deed(page, 'answer', { answer: '已派员参加会商，书面提供了政策依据。' });
  expect.equal(await state(page), '已反馈情况');

  await signIn();
  await page.goto(cooperation);
  await deed(page, 'end', { opinion: '感谢支持。' });
  expect.equal(await state(page), '已结束');
  await signIn('functional_department');
  expect.equal((await page.goto(problem)).status(), 404, 'the department still reads the problem');
}
