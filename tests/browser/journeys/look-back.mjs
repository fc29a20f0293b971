import { answer, ask, create, deed, fact, speakerOf, state, today } from '../hands.mjs';

export const name = 'a look-back inherits what was found, and opens again the one problem that was put right on paper only';
export const role = 'office_director';

const task = '整改情况“回头看”';
const reason = '制度没有执行，同类问题继续发生。';

export async function run({ page, expect, signIn, visit }) {
  await signIn();
  const day = await today(page);
  const { items: [closed] } = await ask(page, '/problems?f.state=closed&size=1');
  const organisation = closed.organisation;
  const inspection = await create(page, '/inspections/new', {
    name: task, kind: '巡察“回头看”', term: '届', team: '市委第八巡察组', starts_on: day, parent: closed.inspection.label, level: '市级',
  });
  await create(page, '/inspection_units/new', { inspection: task, organisation: organisation.label, planned_on: day });
  await create(page, '/verifications/new', { inspection: task });
  const { items: checks } = await ask(page, `/verifications?f.inspection=${inspection.split('/').pop()}&size=200`);
  expect(checks.length > 0 && checks.every(check => check.organisation.id === organisation.id), 'it inherits what other units were told');
  const mine = `/verifications/${checks.find(check => check.number === closed.number).id}`;
  await visit(mine);
  expect.equal(await state(page), '待核查');
  await deed(page, 'fail', { text: '抽查三笔支出，两笔仍超过办法规定的时限，与所报不一致。' });
  expect.equal(await state(page), '整改不到位');
  await deed(page, 'reopen', { reason });
  expect.equal(await state(page), '已重开');
  expect.match(await fact(page, '本次巡察核查进度'), new RegExp(`共 ${checks.length} 个，已查 1 个，到位 0 个，重开 1 个`));

  await page.goto(`/problems/${closed.id}`);
  expect.equal(await state(page), '整改中');
  await signIn(await speakerOf(page, organisation));
  await visit(`/problems/${closed.id}`);
  expect.equal(await state(page), '整改中');
  expect((await page.locator('.history').innerText()).includes(reason), 'the organisation does not read why');
  expect.equal((await answer(page, mine)).status, 404, 'the organisation learns of the check');
}
