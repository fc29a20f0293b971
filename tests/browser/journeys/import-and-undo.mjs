export const name = 'a ledger is imported after its faults are corrected in place, and taken back as one batch';
export const role = 'office_liaison';

const header = '单位代码,单位名称,单位类别,设立日期';
const rows = ['DR0001,澜江市演练第一局,市直部门,2015年3月1日', 'DR0002,澜江市演练第二局,市直部门,2015-02-30'];

export async function run({ page, expect, signIn, audit }) {
  await signIn();
  await page.goto('/imports');
  await page.locator('[name=kind]').selectOption('organisations');
  await page.locator('[name=file]').setInputFiles({ name: '演练单位.csv', mimeType: 'text/csv', buffer: Buffer.from([header, ...rows].join('\n')) });
  await press('上传并核对');
  const bad = page.locator('.cell-bad');
  expect.equal(await bad.count(), 1, 'the day that does not exist is not pointed out');
  expect.equal(await bad.locator('.cell-addr').innerText(), 'D3');
  expect.equal(await page.getByRole('button', { name: '提交导入' }).count(), 0, 'a file with a fault can be committed');
  await audit();
  await bad.locator('input:visible').fill('2015-02-28');
  await press('按改动重新核对');
  const preview = page.url();
  expect.equal(await found(), 0, 'the preview has stored something');
  await page.goto(preview);
  await press('提交导入');
  expect.equal(await found(), 2);

  await page.goto('/imports');
  const batch = page.locator('tr', { hasText: '演练单位.csv' }).first();
  await Promise.all([page.waitForEvent('load'), batch.getByRole('button', { name: '撤销整批' }).click()]);
  expect.equal(await found(), 0, 'the batch is still there after it was undone');
  await page.goto('/imports');
  expect((await page.locator('tr', { hasText: '演练单位.csv' }).first().innerText()).includes('已撤销'));

  async function found() {
    await page.goto(`/organisations?q=${encodeURIComponent('演练第')}`);
    return page.locator('tbody .row-link').count();
  }
  async function press(words) {
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: words }).first().click()]);
  }
}
