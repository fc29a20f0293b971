import * as stage from './stage.mjs';
const b = await stage.launch();
for (const [role, path] of JSON.parse(process.argv[2])) {
  const c = await stage.freshContext(b, { width: 390, height: 844 }); const p = await c.newPage();
  await stage.signIn(p, role); await p.goto(path);
  console.log(path, await p.evaluate(() => Array.from(document.querySelectorAll('main *')).filter(e => { const r = e.getBoundingClientRect(); if (r.right <= innerWidth + 1 || r.width === 0) return false; for (let a = e.parentElement; a && a.tagName !== 'MAIN'; a = a.parentElement) { const o = getComputedStyle(a).overflowX; if (o !== 'visible') return false; } return true; }).slice(0, 8).map(e => e.tagName + '.' + e.className + '#' + e.id + ' ' + Math.round(e.getBoundingClientRect().right))));
  await c.close();
}
await b.close();
