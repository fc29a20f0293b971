import { create, deed, state } from '../hands.mjs';
import { onSite } from '../stage.mjs';

export const name = 'the audit office proposes a linkage, the inspection office agrees, and the unit learns nothing of it';
export const role = 'audit';

export async function run({ page, expect, signIn }) {
  await signIn();
  const linkage = await create(page, '/audit_linkages/new', {
    audit_body: undefined, year: 2024, organisation: onSite.unit, mode: '结果互鉴', reason: '该单位任期经济责任审计刚刚结束。',
  });
  expect.equal(await page.locator('.actions a[href$="/agree"]').count(), 0, 'who proposes can agree');
  await signIn('office_director');
  await page.goto(linkage);
  await deed(page, 'agree', { opinion: '同意。' });
  expect.equal(await state(page), '已商定');
  await signIn();
  await page.goto(linkage);
  expect.equal(await state(page), '已商定');
  await signIn(onSite.people.unit);
  expect.equal((await page.request.get(linkage)).status(), 404);
}
