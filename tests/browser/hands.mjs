// What a person does with the product's pages: fill in, do a deed, look up a list; and what a program does with its API.

import { randomUUID } from 'node:crypto';
import { personOf, signIn } from './stage.mjs';

const form = 'form#dialog-form';
const wrong = '.errors, .notice-bad';

/** Fills fields by name. A choice is named by its code or its words, a record by words that one offered name holds. */
export async function fill(within, values) {
  for (const [name, value] of Object.entries(values)) await fillOne(within, name, value);
}

async function fillOne(within, name, value) {
  const fields = within.locator(`[name="${name}"]`);
  const field = fields.first();
  const kind = await field.evaluate(element => element.tagName === 'SELECT' ? 'select' : element.getAttribute('list') ? 'list' : element.type);
  if (kind === 'select') return field.selectOption(await optionOf(field, value));
  if (kind === 'list') return field.fill(await offered(field, value));
  if (kind === 'file') return field.setInputFiles(value);
  if (kind !== 'checkbox') return field.fill(String(value));
  const boxes = within.locator(`label:has([name="${name}"])`);
  for (const words of [value].flat()) {
    if (words === true) await field.check();
    else await boxes.filter({ hasText: words }).first().locator('input').check();
  }
}

async function optionOf(select, wanted) {
  const code = await select.evaluate((element, wanted) => {
    const options = Array.from(element.options).filter(option => option.value);
    const fits = option => wanted === undefined || option.value === wanted || option.text.trim() === wanted;
    return (options.find(fits) ?? options.find(option => option.text.includes(wanted)))?.value;
  }, wanted);
  if (!code) throw new Error(`there is no choice ${wanted}`);
  return code;
}

async function offered(field, words) {
  const name = await field.evaluate((element, words) => {
    const options = Array.from(document.getElementById(element.getAttribute('list')).options);
    return options.map(option => option.value).find(value => value.includes(words));
  }, words);
  return name ?? words;
}

/** Does a deed on the open record through its button and its dialog, and ends on the page that follows. */
export async function deed(page, key, values = {}) {
  const link = page.locator(`.actions a[href$="/${key}"]`).first();
  if (!(await link.isVisible())) await page.locator('.actions details:has(a[href$="/' + key + '"]) > summary').click();
  await link.click();
  const dialog = page.locator(`dialog[open] ${form}`);
  await dialog.waitFor();
  await fill(dialog, values);
  const followed = page.waitForEvent('load').then(() => null);
  const refused = page.locator(`dialog[open] :is(${wrong})`).waitFor().then(() => 'refused', () => null);
  await dialog.locator('.form-foot button').first().click();
  if (await Promise.race([followed, refused])) {
    followed.catch(() => null);
    throw new Error(`${key} was refused: ${await page.locator(`dialog[open] :is(${wrong})`).innerText()}`);
  }
}

/** Makes a record through its own page; answers its address. */
export async function create(page, path, values) {
  await page.goto(path);
  await fill(page.locator(form), values);
  await send(page);
  return new URL(page.url()).pathname;
}

/** Sends the form that is a page of its own. */
export async function send(page) {
  await Promise.all([page.waitForEvent('load'), page.locator(`${form} .form-foot button`).first().click()]);
  const faults = page.locator(`${form} :is(${wrong})`);
  if (await faults.count()) throw new Error(`refused: ${await faults.first().innerText()}`);
}

/** Puts pictures from the clipboard into the open form, as after taking screenshots. */
export function pastePictures(page, count) {
  return page.locator(form).first().evaluate(async (element, count) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
    const clipboardData = new DataTransfer();
    for (let at = 0; at < count; at += 1) {
      canvas.getContext('2d').fillRect(at, at, 20, 10);
      const picture = await new Promise(done => canvas.toBlob(done, 'image/png'));
      clipboardData.items.add(new File([picture], 'image.png', { type: picture.type }));
    }
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, count);
}

/** What the open form holds, as the API takes it. */
export function typed(page) {
  return page.locator(form).first().evaluate(element => {
    const held = {};
    for (const [name, value] of new FormData(element)) {
      if (typeof value !== 'string' || ['csrf', '_key', 'version'].includes(name)) continue;
      held[name] = name in held ? [held[name], value].flat() : value;
    }
    return held;
  });
}

/** Opens a page, giving a reason where one is asked for. */
export async function open(page, path) {
  await page.goto(path);
  const asked = page.locator('form[action$="/unseal"]');
  if (!(await asked.count())) return;
  await asked.locator('textarea, input[name=reason]').first().fill('办理本件需要查阅');
  await Promise.all([page.waitForEvent('load'), asked.locator('button').first().click()]);
}

/** Status and text of a page without what differs from one request to the next. */
export async function answer(page, path) {
  const response = await page.request.get(path, { headers: { Accept: 'text/html' } });
  const text = (await response.text()).replace(/<code data-copy>[^<]*<\/code>/g, '').replace(/打印时间 [0-9: -]+/g, '');
  return { status: response.status(), text };
}

/** The deeds that the open record offers to whoever is signed in, by key. */
export function offers(page) {
  return page.locator('.actions a[data-dialog]').evaluateAll(links => links.map(link => link.getAttribute('href').split('/').pop()));
}

/** What the open record says under a label. */
export function fact(page, label) {
  const named = page.locator('dt', { hasText: new RegExp(`^${label}$`) });
  return page.locator('dl.facts div').filter({ has: named }).locator('dd').innerText();
}

/** The words of the chip beside the title: where the record stands. */
export function state(page) {
  return page.locator('.title-marks .chip').first().innerText();
}

/** The address of the first record of a list whose row holds the words. */
export async function find(page, path, words) {
  await page.goto(path);
  return page.locator('tbody tr', { hasText: words }).first().locator('.row-link').getAttribute('href');
}

/** Asks the API as whoever is signed in. */
export async function ask(page, path) {
  const answer = await page.request.get(`/api/v1${path}`);
  if (!answer.ok()) throw new Error(`GET ${path} answers ${answer.status()}`);
  return answer.json();
}

/** Does a deed through the API as whoever is signed in; answers the record as it stands afterwards. */
export async function tell(page, path, body = {}) {
  const token = await page.locator('meta[name="csrf-token"]').getAttribute('content');
  const headers = { 'X-CSRF': token, 'Idempotency-Key': randomUUID() };
  const answer = await page.request.post(`/api/v1${path}`, { data: body, headers });
  if (!answer.ok()) throw new Error(`POST ${path} answers ${answer.status()}: ${await answer.text()}`);
  return answer.json();
}

/** Whoever speaks for an organisation, as those who grant posts know it; the city has one password. */
export async function speakerOf(page, organisation) {
  const known = personOf('system_administrator');
  await signIn(page, known);
  const { items } = await ask(page, `/posts?f.role=organisation_liaison&f.organisation=${organisation.id}`);
  if (!items.length) throw new Error(`nobody speaks for ${organisation.label}`);
  return { login: items[0].account.label, password: known.password };
}

/** A unit that only lacks its feedback meeting: report, hearing and decision are entered where they were not. */
export async function unitToTell(page) {
  for (const stage of ['decided', 'heard', 'reported', 'left']) {
    const { items } = await ask(page, `/inspection_units?f.state=${stage}&size=50`);
    for (const unit of items) {
      const ofUnit = `f.organisation=${unit.organisation.id}`;
      const [found, held] = [await ask(page, `/problems?f.state=found&${ofUnit}`), await ask(page, `/feedbacks?${ofUnit}&f.inspection=${unit.inspection.id}`)];
      if (!found.total || held.total) continue;
      await page.goto(`/inspection_units/${unit.id}`);
      for (const key of ['report', 'hear', 'decide']) if ((await offers(page)).includes(key)) await deed(page, key);
      const { items: options } = await ask(page, `/inspection_units/options?q=${encodeURIComponent(unit.organisation.label)}`);
      return { ...unit, title: options.find(option => option.id === unit.id).title, problems: found.items };
    }
  }
  throw new Error('no unit waits for its feedback');
}

/** Today on the office's calendar, which stands still in a demonstration. */
export async function today(page) {
  const words = await page.locator('.standing b').first().innerText();
  const [, year, month, day] = words.match(/(\d+)年(\d+)月(\d+)日/);
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
