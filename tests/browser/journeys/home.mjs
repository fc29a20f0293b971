import { onSite } from '../stage.mjs';

export const name = 'the home page orders what waits by urgency, counts it, and says at which day the demonstration stands';
export const role = 'office_director';

export async function run({ page, expect, signIn, audit }) {
  await signIn();
  expect.match(await page.locator('.standing').innerText(), /日历停在 \d{4}年\d+月\d+日/);
  const bands = await page.locator('.band > h2').allInnerTexts();
  const order = ['已逾期', '即将到期', '其他待办'].filter(label => bands.some(text => text.includes(label)));
  expect.deepEqual(bands.map(text => text.replace(/\d+/g, '').trim()), order, 'the most urgent does not come first');
  const cards = await page.locator('.counts .count-card b').allInnerTexts();
  const total = Number((await page.locator('.title-sub').innerText()).match(/\d+/)[0]);
  expect.equal(cards.map(Number).reduce((sum, count) => sum + count, 0), total, 'the cards do not add up to the total');
  await audit();
  const more = page.locator('.todo-more a').first();
  const promised = (await more.innerText()).match(/\d+/)[0];
  await Promise.all([page.waitForEvent('load'), more.click()]);
  expect((await page.locator('.title-sub').innerText()).includes(promised), 'a heap holds another number than it says');
}
