import { answer, create, deed, find, state } from '../hands.mjs';
import { onSite } from '../stage.mjs';

export const name = 'an avoidance locks a member out: what was open to her answers like what does not exist';
export const role = 'team_member';
// the pages that are gone are noted by the browser
export const allow = [/^console: Failed to load resource: the server responded with a status of 404/];

const { third } = onSite.people;
const nothing = '00000000-0000-4000-8000-000000000000';

export async function run({ page, expect, signIn }) {
  await signIn(third);
  const draft = await find(page, '/drafts?f.state=used', onSite.unit);
  expect.equal((await page.goto(draft)).status(), 200);

  await signIn('office_liaison');
  const avoidance = await create(page, '/avoidances/new', {
    account: third.name, organisation: onSite.unit, ground: '近亲属在该单位任职', facts: '其妹任该单位出纳。',
  });
  await signIn('leading_group');
  await page.goto(avoidance);
  await deed(page, 'decide', { opinion: '应当回避。' });
  expect.equal(await state(page), '决定回避');

  await signIn(third);
  const [gone, never] = [await answer(page, draft), await answer(page, `/drafts/${nothing}`)];
  expect.equal(gone.status, 404);
  expect.deepEqual(gone, never, 'the page of a draft that must not be seen differs from one that does not exist');
  await page.goto(draft);
  const list = await answer(page, '/drafts');
  expect(!list.text.includes(onSite.unit), 'the list still names the unit');
}
