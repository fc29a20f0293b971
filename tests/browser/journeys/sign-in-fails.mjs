import { fillSignIn, isSignInPage, personOf } from '../stage.mjs';
import { clerkRole, loginField, navigationLinks, passwordField, refusal } from '../product.mjs';

export const name = 'a wrong password is refused in words and keeps the name that was typed';
export const role = null;
// the refusal is answered with its status, which the browser notes
export const allow = [/^console: Failed to load resource: the server responded with a status of 4\d\d/];

export async function run({ page, expect, audit }) {
  const { login } = personOf(clerkRole);
  await fillSignIn(page, login, 'not-the-password');
  expect(isSignInPage(page), `a wrong password led to ${page.url()}`);
  expect((await page.locator(refusal).allInnerTexts()).join('').trim() !== '', 'the refusal says nothing');
  expect.equal(await page.locator(loginField).inputValue(), login);
  expect.equal(await page.locator(passwordField).inputValue(), '', 'the password came back');
  expect.equal(await page.locator(navigationLinks).count(), 0, 'navigation without being signed in');
  await audit();
}
