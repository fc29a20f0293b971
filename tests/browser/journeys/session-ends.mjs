import { fillSignIn, personOf } from '../stage.mjs';

export const name = 'a page stays with what was typed when the session ends, and is sent after signing in again';
export const role = 'office_director';
// nobody is signed in for a while, and the form is not complete: both are answered with their status, which the browser notes
export const allow = [/^console: Failed to load resource: the server responded with a status of (401|403|422)/];

const typed = '登录过期前写下的题目';

export async function run({ page, expect, signIn, audit }) {
  await signIn();
  await page.goto('/problems/new');
  // what the browser itself would ask for is not what is tried here
  await page.locator('#dialog-form').evaluate(form => { form.noValidate = true; });
  await page.locator('[name=title]').fill(typed);

  const other = await page.context().newPage();
  await other.goto('/');
  await other.locator('details.menu-right > summary').click();
  await Promise.all([other.waitForEvent('load'), other.locator('form[action="/sign-out"] button').click()]);

  const send = page.locator('#dialog-form .form-foot button').first();
  await send.click();
  await page.locator('[data-draft-status].is-bad').waitFor();
  expect((await page.locator('[data-draft-status]').innerText()).includes('登录已过期'), 'the page does not say why it stays');
  expect.equal(await page.locator('[name=title]').inputValue(), typed, 'what was typed is lost');
  await audit();

  await other.goto('/sign-in');
  const { login, password } = personOf(role);
  await fillSignIn(other, login, password);
  await other.close();
  await Promise.all([page.waitForEvent('load'), send.click()]);
  expect((await page.locator('#errors').innerText()).includes('需要改正'), 'the form was not taken by the new session');
  expect.equal(await page.locator('[name=title]').inputValue(), typed, 'what was typed is lost after signing in again');
}
