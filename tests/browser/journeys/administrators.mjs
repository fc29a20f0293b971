import { create, deed, state, today } from '../hands.mjs';
import { personOf } from '../stage.mjs';

export const name = 'one administrator proposes a post, another approves it, the third reads in the audit what both have done';
export const role = 'security_administrator';

const login = 'yanlian01';

export async function run({ page, expect, signIn }) {
  await signIn('system_administrator');
  const day = await today(page);
  await create(page, '/accounts/new', { login, name: '演练员', password: 'Quiet-rain-on-the-roof-7' });
  const post = await create(page, '/posts/new', { account: '演练员', role: '巡察办联络员', from: day, basis: '抽调文件' });
  expect.equal(await page.locator('.actions a[href$="/approve"]').count(), 0, 'who proposes a post can approve it');
  await signIn();
  await page.goto(post);
  await deed(page, 'approve');
  expect.equal(await state(page), '已批准');
  expect.equal((await page.request.get('/problems')).status(), 404, 'an administrator reads the records of the trade');

  await signIn('security_auditor');
  await page.goto('/audit-log');
  const log = await page.locator('.main').innerText();
  for (const person of ['system_administrator', 'security_administrator']) {
    expect(log.includes(personOf(person).name), `nothing of ${person} is in the audit`);
  }
}
