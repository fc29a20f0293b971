import { readFile } from 'node:fs/promises';
import { answer, deed, fact, find } from '../hands.mjs';
import { paragraphs, rewrite } from '../docx.mjs';
import { onSite } from '../stage.mjs';

export const name = 'a report goes out as a Word file and comes back: differences paragraph by paragraph, one taken over, no citation lost';
export const role = 'team_member';
// a file without a change is refused on purpose, which the browser notes
export const allow = [/^console: Failed to load resource: the server responded with a status of 422/];

const media = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const added = '档案管理不规范，部分凭证没有归档。';

export async function run({ page, expect, signIn, visit, audit }) {
  await signIn();
  const report = await find(page, '/reports?f.state=draft&f.kind=main', '');
  await visit(`${report}/desk`);
  const cites = () => page.locator('.desk-text sup').allInnerTexts();
  const atFirst = await cites();
  const [one, other] = await page.locator('.desk-text p:has(sup)').evaluateAll(found => found.map(each => each.querySelector('.sentence').innerText));
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.actions a', { hasText: '导出 Word 稿' }).click()]);
  expect.match(download.suggestedFilename(), /第\d+稿.*\.docx$/);
  const out = await readFile(await download.path());

  await page.goto(report);
  await expect.rejects(bring(out), /没有不同/);
  // two paragraphs in other words, and one more after the first
  const edited = rewrite(out, document => {
    const [first, next] = [one, other].map(words => paragraphs(document).find(paragraph => paragraph.words.includes(words)));
    const fresh = `<w:p><w:r><w:t>${added}</w:t></w:r></w:p>`;
    return document.replace(next.source, changed(next)).replace(first.source, changed(first) + fresh);
  });
  await page.goto(report);
  await bring(edited);
  await fact(page, 'Word 稿差异');
  await page.locator('dl.facts a', { hasText: '逐段查看差异' }).click();
  await page.waitForURL(/\/returned$/);
  await audit();
  const places = page.locator('.diff');
  expect.equal(await places.count(), 3, 'not every changed paragraph is shown');
  expect.deepEqual(await places.locator('h3 label').evaluateAll(labels => labels.map(label => label.innerText.split('：').pop())), ['修改一段', '新增一段', '修改一段']);
  expect.equal(await places.first().locator('ins').first().innerText(), '经核查，');
  expect.equal(await places.nth(1).locator('ins').innerText(), added);
  for (const left of [1, 2]) await places.nth(left).locator('input[name=take]').uncheck();
  await Promise.all([page.waitForEvent('load'), page.locator('.form-foot button').click()]);

  await visit(`${report}/desk`);
  const text = await page.locator('.desk-text').innerText();
  expect(text.includes(`经核查，${one}`), 'the change that was chosen is not in the report');
  expect(!text.includes(`经核查，${other}`) && !text.includes(added), 'a change that was left is in the report');
  expect.deepEqual(await cites(), atFirst, 'a citation was lost on the way');
  await page.goto(`${report}?tab=versions`);
  await page.locator('tbody tr', { hasText: 'Word 稿' }).first().locator('a').click();
  await page.waitForURL(/\/compare/);
  await audit();
  expect.equal(await page.locator('.diff ins').allInnerTexts().then(marks => marks.join('')), '经核查，');
  await signIn(onSite.people.unit);
  for (const path of ['word', 'returned', 'compare']) {
    expect.equal((await answer(page, `${report}/${path}`)).status, 404, `the inspected organisation reaches ${path}`);
  }

  async function bring(buffer) {
    await deed(page, 'bring', { file: { name: download.suggestedFilename(), mimeType: media, buffer } });
  }
}

/** The paragraph with some words put before what it says. */
function changed({ source }) {
  return source.replace(/(<w:t(?: [^>]*)?>)/, '$1经核查，');
}
