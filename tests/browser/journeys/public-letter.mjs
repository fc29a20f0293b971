import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deed, open, state, today } from '../hands.mjs';
import { onSite, program, start } from '../stage.mjs';

export const name = 'a citizen writes without a name to a site of its own; the letter is carried over, decided on, and its code tells how far it is';
export const role = 'office_liaison';

const subject = '下属单位食堂承包没有招标';
const phone = { width: 390, height: 844 };

export async function run({ page, expect, signIn, visit, audit, elsewhere }) {
  const folder = await mkdtemp(join(tmpdir(), 'xuncha-letter-'));
  const [data, bulletin, pack] = ['host', 'bulletin.json', 'letters.pack'].map(name => join(folder, name));
  let site;
  try {
    await signIn();
    await visit('/intake');
    const day = await today(page);
    const { host } = await program('intake', 'init', '--data', data);
    await publish(page, '', bulletin);
    await program('intake', 'load', bulletin, '--data', data);
    site = await start('intake', 'serve', '--data', data, '--listen', '127.0.0.1:0', '--today', day);

    const citizen = await elsewhere(site.address, phone);
    const code = await write(citizen, expect, audit);
    expect.match(await ask(citizen, code), /等待转入/);

    await signIn('office_director');
    const before = await undecided(page);
    await signIn();
    await program('intake', 'export', '--out', pack, '--data', data);
    await carry(page, host, pack);
    expect.match(await page.locator('.notice').first().innerText(), /新登记信访 1 件/);
    expect.match(await page.locator('tr[id^="p-"]').first().innerText(), /签名和摘要相符/);
    expect.equal(await page.locator('tr[id^="l-"]').count(), 0, 'who carries letters learns nothing of each');

    await signIn('office_director');
    const [letter, ...more] = (await undecided(page)).filter(address => !before.includes(address));
    expect.ok(letter && !more.length, 'one letter more waits for a decision');
    await signIn('team_head');
    await open(page, letter);
    expect.ok((await page.locator('main').innerText()).includes(subject), 'the head reads what was written');
    expect.equal(await state(page), '待受理决定');
    await deed(page, 'pass_on', { to: '职能部门', recipient_name: '市机关事务管理局', on: day, opinion: '请核实承包程序。' });

    await signIn();
    await publish(page, host, bulletin);
    const { removed } = await program('intake', 'load', bulletin, '--data', data);
    expect.equal(removed, 1, 'what the office has is gone from the host');
    const told = await ask(citizen, code);
    expect.ok(told.includes(`已转入巡察机构：${day}`) && told.includes('转'), told);
    expect.ok(!told.includes('机关事务') && !told.includes(subject), 'nothing of the letter or of where it went');
    await audit();
  } finally {
    await site?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Downloads what the office gives a host. */
async function publish(page, host, file) {
  await page.goto('/intake');
  const form = page.locator('form[action="/intake/bulletin"]');
  await form.locator('select').selectOption(host);
  const [download] = await Promise.all([page.waitForEvent('download'), form.locator('button').click()]);
  await download.saveAs(file);
}

/** Writes the letter from the announcement on; answers the query code. */
async function write(citizen, expect, audit) {
  await citizen.goto('/');
  await citizen.locator('.notices a').first().click();
  await audit();
  await citizen.goto('/letter');
  await citizen.locator('#unit').selectOption({ label: onSite.unit });
  await citizen.locator('#subject').fill(subject);
  await citizen.locator('#content').fill('食堂连续三年由同一家公司承包，没有招标，也没有公示。');
  await citizen.locator('#files').setInputFiles({ name: '菜价.txt', mimeType: 'text/plain', buffer: Buffer.from('三年来的菜价') });
  await citizen.locator('[name=signature][value=anonymous]').check();
  await audit();
  await citizen.locator('form[action="/letter"] button').click();
  const code = (await citizen.locator('.code code').innerText()).trim();
  expect.match(code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  await audit();
  return code;
}

/** What the site tells of the letter with this code. */
async function ask(citizen, code) {
  await citizen.goto('/query');
  await citizen.locator('#code').fill(code.toLowerCase());
  await citizen.locator('form[action="/query"] button').click();
  return citizen.locator('.answer').innerText();
}

/** Brings a package on the office's page. */
async function carry(page, host, pack) {
  await page.goto('/intake');
  await page.locator('#f-file').setInputFiles(pack);
  await page.locator('#f-trust').fill(host);
  await Promise.all([page.waitForEvent('load'), page.locator('form[action="/intake"] button').click()]);
}

/** Addresses of the letters that wait for a decision, as the director sees them. */
async function undecided(page) {
  await page.goto('/intake');
  return page.locator('tr[id^="l-"] .row-link').evaluateAll(links => links.map(link => link.getAttribute('href')));
}
