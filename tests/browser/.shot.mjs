// usage: node shot.mjs out role path [w h] [js]
import * as stage from '/work/journeys/tests/browser/stage.mjs';
const shots = JSON.parse(process.argv[2]);
const browser = await stage.launch();
for (const [out, role, path, w = 1440, h = 900, click, full] of shots) {
  const ctx = await stage.freshContext(browser, { width: w, height: h });
  const page = await ctx.newPage();
  const who = stage.onSite?.people?.[role] ?? role;
  if (role) await stage.signIn(page, who);
  await page.goto(path, { waitUntil: 'networkidle' });
  if (click) { const el = page.locator(click).first(); await el.click(); await page.waitForLoadState('networkidle'); await page.waitForTimeout(300); }
  await page.screenshot({ path: `/tmp/journeys/${out}.png`, fullPage: Boolean(full) });
  console.log(out, page.url(), await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth));
  await ctx.close();
}
await browser.close();
