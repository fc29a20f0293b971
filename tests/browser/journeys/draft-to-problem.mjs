import { answer, deed, fill, open, pastePictures, send, state, tell, today, typed } from '../hands.mjs';
import { onSite } from '../stage.mjs';

export const name = 'ten drafts are signed by two officers, reviewer and head, and become ten problems that the unit does not see';
export const role = 'team_member';

const matter = '专项资金拨付不及时';
const { second, deputy, unit } = onSite.people;

export async function run({ page, expect, signIn }) {
  await signIn();
  const found_on = await today(page);
  // the first one goes through every page
  await page.goto('/drafts/new');
  await fill(page.locator('form#dialog-form'), {
    unit: onSite.unit, title: `${matter}之一`, found_on, source: undefined,
    learnt: '查阅账目并与经办人谈话了解。', overview: '三笔专项资金在账上滞留一年以上。', facts: '第一笔资金到账后十四个月才拨付，见佐证材料1。',
    period_from: '2022-03-01', effect: '项目延期。', exchange: '已与单位主要负责人交换意见，对方认可。',
    phenomenon: '专项资金滞留。', qualification: '违反专项资金管理办法。', responsibility: '单位负主体责任。',
    'bases.0.rule': '专项资金管理办法', 'bases.0.article': '第九条', 'bodies.0.kind': undefined, 'bodies.0.name': onSite.unit,
    frameworks: '', officers: new RegExp(second.name),
  });
  const words = await typed(page);
  await send(page);
  const draft = new URL(page.url()).pathname;
  // evidence of two screenshots at once
  await page.goto(`/evidence/new?draft=${idOf(draft)}`);
  await fill(page.locator('form#dialog-form'), proof());
  await pastePictures(page, 2);
  expect.equal(await page.locator('[data-drop-list] li').count(), 2);
  await send(page);
  await page.locator('.tabs a', { hasText: '佐证材料' }).click();
  await page.locator('a.row-link[href^="/evidence/"]').click();
  await page.locator('h1').waitFor();
  const pictures = page.locator('main a').filter({ hasText: /^截图\d{4}/ });
  expect.equal(await pictures.count(), 2, 'both pictures are kept');
  await pictures.first().click();
  await page.locator('img.file-picture').waitFor();
  await page.goto(draft);
  await deed(page, 'submit');
  for (const [person, key] of [[second, 'co_sign'], [deputy, 'review'], ['team_head', 'approve']]) {
    await signIn(person);
    await open(page, draft);
    await deed(page, key);
  }
  expect.equal(await state(page), '已审批');
  await signIn();
  await page.goto(`${draft}/make_problem`);
  await fill(page.locator('form#dialog-form'), { nature: undefined });
  const problem = await typed(page);
  await send(page);
  const first = new URL(page.url()).pathname;

  // nine more take the same way through the interface that imports and other programs use
  const drafts = [];
  for (const count of '二三四五六七八九十') {
    const { id } = await tell(page, '/drafts', { ...words, title: `${matter}之${count}` });
    await tell(page, '/evidence', { draft: id, ...proof() });
    await tell(page, `/drafts/${id}/submit`);
    drafts.push(id);
  }
  for (const [person, key] of [[second, 'co_sign'], [deputy, 'review'], ['team_head', 'approve']]) {
    await signIn(person);
    for (const id of drafts) await tell(page, `/drafts/${id}/${key}`);
  }
  await signIn();
  for (const id of drafts) {
    const { record } = await tell(page, `/drafts/${id}/make_problem`, { ...problem, title: `${matter}之${drafts.indexOf(id) + 2}` });
    expect.equal(record.state.label, '已发现');
  }
  await page.goto(`/problems?q=${encodeURIComponent(matter)}`);
  expect.equal(await page.locator('.pager-total b').innerText(), '10');
  expect.equal(await page.locator('tbody tr').count(), 10);

  await signIn(unit);
  expect.equal((await answer(page, first)).status, 404, 'the unit learns of a problem before feedback');
  await page.goto(`/problems?q=${encodeURIComponent(matter)}`);
  expect.equal(await page.locator('tbody tr').count(), 0, 'the unit finds problems before feedback');

  function proof() {
    return {
      title: '拨款凭证', kind: 'account', form: 'copy', method: 'copied', obtained_on: found_on,
      obtained_by: '两名承办人', provider: '财务科', holder: '承办人', pages: '3',
    };
  }
}

function idOf(path) {
  return path.split('/').pop();
}
