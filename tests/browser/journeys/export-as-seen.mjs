import { readFile } from 'node:fs/promises';

export const name = 'a list is exported as it is filtered, and a link to it shows somebody else the same view';
export const role = 'office_liaison';

export async function run({ page, expect, signIn }) {
  await signIn();
  await page.goto('/problems?f.state=rectifying&sort=due_on&col=number&col=title&col=due_on');
  const total = await page.locator('.pager-total b').innerText();
  expect.equal(await page.locator('thead tr').first().locator('th:not(.col-check)').count(), 3, 'other columns than the chosen ones');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出' }).first().click()]);
  const file = await readFile(await download.path());
  expect.equal(file.subarray(0, 2).toString('latin1'), 'PK', 'the export is no spreadsheet');
  expect(download.suggestedFilename().endsWith('.xlsx'));
  const address = page.url();
  await signIn('office_director');
  await page.goto(address);
  expect.equal(await page.locator('.pager-total b').innerText(), total);
}
