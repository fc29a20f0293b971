export const name = 'a leader of the committee opens one page before the meeting, and prints it';
export const role = 'committee_leader';

export async function run({ page, expect, signIn, visit }) {
  await signIn();
  await visit('/annual-review?year=2023&as_of=2023-12-31');
  const charts = page.locator('[data-chart]');
  expect(await charts.count() > 3, 'the review has no charts');
  await page.waitForFunction(() => Array.from(document.querySelectorAll('[data-chart]')).every(chart => chart.querySelector('canvas, svg') || chart.classList.contains('is-failed')));
  expect.equal(await page.locator('.chart.is-failed').count(), 0, 'a chart could not be drawn');
  await page.emulateMedia({ media: 'print' });
  expect(!(await page.locator('nav#nav').isVisible()), 'the navigation is printed');
  expect(await page.locator('.print-head').isVisible(), 'the print has no head');
}
