import { onSite } from '../stage.mjs';

export const name = 'several are picked by typing, and without script the same form takes names';
export const role = 'team_member';

const { second } = onSite.people;

export async function run({ page, expect, signIn, audit }) {
  await signIn('office_director');
  await page.goto('/agreements/new');
  const find = page.locator('.picks-find').first();
  const boxes = page.locator('.picks .check:visible');
  const all = await boxes.count();
  await find.fill('审计');
  await page.waitForFunction(all => document.querySelectorAll('.picks .check:not([hidden])').length < all, all);
  await find.press('Enter');
  const chosen = page.locator('.picks-chosen button');
  expect.equal(await chosen.count(), 1);
  expect((await chosen.innerText()).includes('审计'), 'something else was picked than what was typed');
  await audit();
  await chosen.click();
  expect.equal(await chosen.count(), 0, 'what was picked cannot be dropped');

  await signIn();
  await page.goto('/drafts/new');
  const names = await page.locator('.control:has([name=officers]) label').allInnerTexts();
  expect.equal(new Set(names.map(text => text.trim())).size, names.length, 'a colleague is offered twice');
  expect(names.some(text => text.includes(second.name)), 'a colleague on the team is not offered');
}
