import { answer, create, deed, state } from '../hands.mjs';
import { onSite } from '../stage.mjs';

export const name = 'what can be put right at once is ordered, reported by the unit and confirmed by the team';
export const role = 'organisation_liaison';

const { unit } = onSite.people;

export async function run({ page, expect, signIn }) {
  await signIn('team_member');
  const notice = await create(page, '/immediate_actions/new', {
    unit: onSite.unit, title: '办事窗口未公示收费标准', situation: '大厅窗口没有公示收费项目和标准。', demand: '三日内公示。', kind: undefined,
  });
  await signIn(unit);
  expect.equal((await answer(page, notice)).status, 404, 'the unit sees a notice that nobody has approved');
  await signIn('team_head');
  await page.goto(notice);
  await deed(page, 'approve');

  await signIn(unit);
  await page.goto('/');
  await page.locator('.row-link', { hasText: '办事窗口未公示收费标准' }).first().click();
  await page.waitForURL(new RegExp(notice));
  await deed(page, 'report', { report: '已在大厅和网站公示收费项目、标准和依据。' });
  await signIn('team_head');
  await page.goto(notice);
  await deed(page, 'confirm', { result: '立行立改：公示了收费标准。' });
  expect.equal(await state(page), '已确认完成');
}
