import { fill, send } from '../hands.mjs';

export const name = 'who was overtaken sees both texts, loses nothing, and can save after looking';
export const role = 'office_liaison';
// the refusal is answered with its status, which the browser notes
export const allow = [/^console: Failed to load resource: the server responded with a status of 409/];

const form = 'form#dialog-form';

export async function run({ page, expect, signIn, audit }) {
  await signIn();
  await page.goto('/organisations?sort=-code');
  const record = await page.locator('tbody .row-link').first().getAttribute('href');
  await page.goto(`${record}/edit`);
  const other = await page.context().newPage();
  await other.goto(`${record}/edit`);
  await fill(other.locator(form), { note: '同事先写的备注' });
  await send(other);
  await other.close();

  await fill(page.locator(form), { note: '我写的备注' });
  await Promise.all([page.waitForEvent('load'), page.locator(`${form} .form-foot button`).first().click()]);
  const shown = await page.locator('.diff').first().innerText();
  expect(shown.includes('我写的备注') && shown.includes('同事先写的备注'), `the page shows only: ${shown}`);
  expect.equal(await page.locator('[name=note]').inputValue(), '我写的备注', 'what was typed is lost');
  await audit();
  await send(page);
  expect((await page.locator('dl.facts').innerText()).includes('我写的备注'));
}
