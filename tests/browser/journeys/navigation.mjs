import { navigationLinks } from '../product.mjs';

export const name = 'every entry of the navigation opens';
export const role = '*';

export async function run({ page, expect, signIn, visit }) {
  await signIn();
  const paths = await page.locator(navigationLinks).evaluateAll(links => links.map(link => link.getAttribute('href')));
  expect(paths.length > 0, 'no entry at all');
  const closed = [];
  for (const path of new Set(paths)) {
    await visit(path).catch(error => closed.push(error.message));
  }
  expect.equal(closed.length, 0, closed.join('; '));
}
