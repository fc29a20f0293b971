import { navigationLinks } from '../product.mjs';

export const name = 'no page scrolls sideways on a phone';
export const role = ['office_director', 'team_head', 'organisation_liaison'];

const phone = { width: 390, height: 844 };
const more = {
  office_director: ['/agreements/new', '/screen', '/inspections/new', '/team_needs/new', '/areas/prepare', '/documents'],
  team_head: ['/drafts/new', '/talks/new', '/fact_sheets', '/consultations'],
};

export async function run({ page, role, expect, signIn }) {
  await page.setViewportSize(phone);
  await signIn();
  const paths = await page.locator(navigationLinks).evaluateAll(links => links.map(link => link.getAttribute('href')));
  const wide = [];
  const look = async path => {
    await page.goto(path, { waitUntil: 'load' });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) wide.push(`${path} by ${over}`);
  };
  for (const path of new Set([...paths, ...(more[role] ?? [])])) {
    await look(path);
    const record = page.locator('tbody .row-link, .todo .row-link').first();
    const [address] = await record.evaluateAll(links => links.map(link => link.getAttribute('href')));
    if (address && path !== '/') await look(address);
  }
  expect.equal(wide.length, 0, `wider than the screen: ${wide.join('; ')}`);
}
