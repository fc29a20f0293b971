import { answer, ask, deed, fact, offers, open, speakerOf, state } from '../hands.mjs';

export const name = 'a plan is returned for what one of five reviewers asks, corrected by the organisation, and accepted when all agree';
export const role = 'office_liaison';
// approving while a reviewer is silent is refused on purpose, which the browser notes
export const allow = [/^console: Failed to load resource: the server responded with a status of 409/];

const asked = '第一项措施只改个案，没有制度措施和完成时间。';

export async function run({ page, expect, signIn, visit }) {
  await signIn();
  const { items } = await ask(page, '/rect_plans?f.state=submitted&size=50');
  const { id, organisation } = items[0];
  const plan = `/rect_plans/${id}`;
  const speaker = await speakerOf(page, organisation);

  await signIn('organisation_department');
  await page.goto(await opinionOf('organisation'));
  await deed(page, 'object', { reasons: asked });
  expect.equal(await state(page), '要求修改');
  await signIn();
  await visit(`${plan}?tab=lists`);
  await expect.rejects(deed(page, 'approve'), /会审意见还没有全部同意.*组织部门（要求修改）/);
  await page.goto(plan);
  await deed(page, 'return');
  expect.equal(await state(page), '退回修改');

  // the organisation reads what is asked, not who asked in which words of his own page
  await signIn(speaker);
  await page.goto('/');
  await visit(plan);
  expect.match(await fact(page, '审核意见'), new RegExp(asked));
  expect.equal((await answer(page, '/rect_opinions')).status, 404, 'the organisation reads single opinions');
  const measure = await page.locator('a[href^="/measures/"]').first().getAttribute('href');
  await page.goto(measure);
  await deed(page, 'edit', { text: '修订专项资金管理办法并印发执行，明确拨付时限，9月底前清理完毕历年结余。' });
  await page.goto(plan);
  await deed(page, 'submit');
  expect.equal(await state(page), '待审核');
  expect(!(await offers(page)).includes('approve'), 'the organisation may accept its own plan');

  // each reviewer speaks for itself, or the office enters what it has written
  for (const [person, party] of [['discipline', 'discipline'], ['organisation_department', 'organisation'], [role, 'propaganda'], [role, 'office'], [role, 'team']]) {
    await signIn(person);
    await page.goto(await opinionOf(party));
    await deed(page, 'agree', { reasons: '同意。', ...(['propaganda', 'team'].includes(party) && { document: '会审复函' }) });
    expect.equal(await state(page), '同意');
  }
  await signIn();
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
    const { items: opinions } = await ask(page, `/rect_opinions?f.state=asked&f.party=${party}&f.organisation=${organisation.id}`);
    return `/rect_opinions/${opinions[0].id}`;
  }
}
