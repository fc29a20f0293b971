import { create, deed, find, open, state, today } from '../hands.mjs';
import { onSite, personOf } from '../stage.mjs';

export const name = 'a lead that cannot wait goes by head, office and leading group to the discipline side, which acknowledges what it got';
export const role = 'discipline';

export async function run({ page, expect, signIn }) {
  await signIn('team_member');
  const day = await today(page);
  const lead = await create(page, '/leads/new', {
    unit: onSite.unit, person: '某科长', post: '科长', content: '在采购中收受供应商所送现金，有转移账册的迹象。',
    urgency: '正在转移账册。', risk: '毁灭、转移证据', discipline: undefined, route: undefined, timing: '巡察期间（边巡边移）', accepted_on: day,
  });
  await open(page, lead);
  const number = await page.locator('.title-marks .number, h1').first().innerText();
  for (const [person, key] of [['team_head', 'sign'], ['office_director', 'review'], ['leading_group', 'approve']]) {
    await signIn(person);
    await open(page, lead);
    await deed(page, key);
  }
  await signIn('office_director');
  await open(page, lead);
  await deed(page, 'transfer', { mode: '单移交', recipient: '纪律检查委员会', transferred_on: day });
  const sent = await digest(page, number);

  await signIn();
  await open(page, await find(page, '/transfers?f.state=sent', number));
  await deed(page, 'receive', { received_on: day, received_by: personOf('discipline').name });
  expect.equal(await state(page), '已签收');
  expect.equal(await digest(page, number), sent, 'the receiver sees another digest than the sender');
  await deed(page, 'acknowledge', { digest: sent });
  expect.equal(await state(page), '已核对确认');

  await signIn('office_director');
  expect.equal(await digest(page, number), sent);
  expect.equal(await state(page), '已核对确认', 'the sender does not see that the receiver has confirmed');
}

/** Opens the passport of a lead, which bears the number of the transfer, and reads the digest of its content. */
async function digest(page, number) {
  await page.goto(`/transfers?q=${number}`);
  const transfer = await page.locator('tbody tr', { hasText: number }).first().locator('td.number, td').filter({ hasText: /^YJ|-\d{4}-/ }).first().innerText();
  await open(page, await find(page, '/passports', transfer.trim()));
  return page.locator('dl.facts div', { hasText: '内容摘要' }).first().locator('dd').innerText();
}
