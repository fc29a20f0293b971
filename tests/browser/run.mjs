// Walks every journey, each in a browser profile of its own, and prints one line for each. Starts no server.
//
// A journey is a file in journeys/ that exports
//   name    what it shows, a sentence
//   role    whose journey it is, or a list of them; '*' for one journey per role; null for nobody signed in
//   allow   optional: patterns of complaints that it provokes on purpose
//   run     async ({ page, role, base, expect, signIn, visit, audit, elsewhere }); signIn() is the journey's role, signIn(other)
//           somebody else; elsewhere(address, viewport) is a page on another site of the program, looked at by audit() too

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import * as stage from './stage.mjs';
import { watch } from './watch.mjs';

const filter = process.argv[2] ?? '';
const browser = await stage.launch();
let passed = 0;
let failed = 0;
for (const journey of await journeys()) {
  for (const role of journey.role === '*' ? stage.roles : [journey.role].flat()) {
    const title = role ? `${journey.name} (${role})` : journey.name;
    const faults = await walk(journey, role);
    faults.length ? failed++ : passed++;
    console.log(`${faults.length ? 'FAIL' : 'ok  '} ${title}`);
    for (const fault of faults) console.log(`     ${fault}`);
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

async function journeys() {
  const folder = new URL('journeys/', import.meta.url);
  const files = (await readdir(folder)).filter(file => file.endsWith('.mjs')).sort();
  const all = await Promise.all(files.map(async file => ({ file, ...(await import(new URL(file, folder))) })));
  for (const { file, name, role, run } of all) {
    if (!name || role === undefined || !run) throw new Error(`${file} does not export name, role and run`);
  }
  return all.filter(({ file, name }) => file.includes(filter) || name.includes(filter));
}

/** Walks one journey; answers all that went wrong. */
async function walk(journey, role) {
  const contexts = [];
  const open = async (home, viewport) => {
    const context = await stage.freshContext(browser, viewport, home);
    contexts.push(context);
    context.setDefaultTimeout(15_000);
    const watched = await watch(context, journey.allow, home);
    return { ...watched, page: await context.newPage() };
  };
  const { page, faults, audit } = await open(stage.base);
  const others = [];
  const elsewhere = async (address, viewport) => {
    const other = await open(address, viewport);
    others.push(other);
    return other.page;
  };
  const auditAll = async () => {
    await audit(page);
    for (const other of others) await other.audit(other.page);
  };
  try {
    await journey.run({
      page, role, base: stage.base, expect: assert,
      signIn: (other = role) => stage.signIn(page, other),
      visit: path => visit(page, path, audit),
      audit: auditAll,
      elsewhere,
    });
    await auditAll();
  } catch (error) {
    faults.add(`journey: ${error.message} (at ${page.url()})`);
  } finally {
    await Promise.all(contexts.map(context => context.close()));
  }
  return [...faults, ...others.flatMap(other => [...other.faults])];
}

/** Opens a page that must be there, and looks at it. */
async function visit(page, path, audit) {
  const response = await page.goto(path);
  assert.equal(response.status(), 200, `${path} answers ${response.status()}`);
  await audit(page);
  return response;
}
