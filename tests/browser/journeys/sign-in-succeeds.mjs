import { fillSignIn, isSignInPage, personOf } from '../stage.mjs';
import { clerkRole, navigationLinks } from '../product.mjs';

export const name = 'the right password opens the shell with its navigation';
export const role = null;

export async function run({ page, expect, visit, audit }) {
  await visit('/sign-in');
  const { login, password } = personOf(clerkRole);
  await fillSignIn(page, login, password);
  expect(!isSignInPage(page), 'still on the sign-in page');
  expect(await page.locator(navigationLinks).count() > 0, 'no navigation');
  await audit();
}
