// Takes the pictures that the list names. Fails when a page is not there or a picture is too large.

import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as stage from './stage.mjs';

const sizes = {
  desk: { width: 1366, height: 768 },
  wide: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
};
const largest = 300_000; // bytes; the handbook is read over slow lines, too

const filter = process.argv[2] ?? '';
const pictures = JSON.parse(await readFile(process.env.SCREENSHOTS, 'utf8')).filter(({ file }) => file.includes(filter));
await mkdir(process.env.IMAGES, { recursive: true });
const browser = await stage.launch();
let failed = 0;
for (const picture of pictures) {
  const fault = await take(picture).then(() => null, error => error.message.split('\n')[0]);
  if (fault) failed++;
  console.log(`${fault ? 'FAIL' : 'ok  '} ${picture.file}${fault ? `: ${fault}` : ''}`);
}
await browser.close();
console.log(`${pictures.length - failed} taken, ${failed} failed`);
process.exitCode = failed || !pictures.length ? 1 : 0;

async function take({ file, role, path, open, size }) {
  if (!sizes[size]) throw new Error(`no size ${size}`);
  const context = await stage.freshContext(browser, sizes[size]);
  context.setDefaultTimeout(15_000);
  try {
    const page = await context.newPage();
    if (role) await stage.signIn(page, role);
    await show(page, path);
    if (open) await show(page, await page.locator(open).first().getAttribute('href'));
    await save(page, join(process.env.IMAGES, file));
  } finally {
    await context.close();
  }
}

async function show(page, path) {
  const response = await page.goto(path, { waitUntil: 'networkidle' });
  if (response.status() !== 200) throw new Error(`${path} answers ${response.status()}`);
}

async function save(page, path) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide', scale: 'css' });
  const { size } = await stat(path);
  if (size > largest) throw new Error(`${size} bytes; at most ${largest}`);
}
