import { answer, create, deed, open, state, today } from '../hands.mjs';
import { onSite } from '../stage.mjs';

export const name = 'a letter that is none of the inspection is handed over, receipted and closed, out of the sight of the unit';
export const role = 'team_head';

export async function run({ page, expect, signIn }) {
  await signIn('team_member');
  const day = await today(page);
  const letter = await create(page, '/petitions/new', {
    unit: onSite.unit, channel: undefined, received_on: day, signed: '匿名', people: 1, category: undefined,
    subject: '小区物业', content: '反映小区物业收费不透明，与单位领导班子无关。',
  });
  await signIn();
  await open(page, letter);
  await deed(page, 'pass_on', { to: '信访部门', recipient_name: '市信访局', on: day, opinion: '请按信访程序办理。' });
  await signIn('team_member');
  await open(page, letter);
  await deed(page, 'receipt', { on: day, by: '市信访局接访科' });
  await deed(page, 'close', { result: '已解释答复', on: day, note: '信访局已受理并答复。' });
  expect.equal(await state(page), '已办结');
  for (const stranger of [onSite.people.unit, 'office_liaison', 'discipline']) {
    await signIn(stranger);
    expect.equal((await answer(page, letter)).status, 404, `${stranger.login ?? stranger} can open a letter of the team`);
  }
}
