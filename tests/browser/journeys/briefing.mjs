import { deed, find, state, today } from '../hands.mjs';
import { personOf } from '../stage.mjs';

export const name = 'a department answers a briefing request item by item, and sees nothing of what others answered';
export const role = 'functional_department';

export async function run({ page, expect, signIn }) {
  await signIn();
  const open = await page.request.get('/api/v1/briefings?f.state=requested&size=1').then(answer => answer.json());
  const request = open.items[0] ?? (await page.request.get('/api/v1/briefings?size=1').then(answer => answer.json())).items[0];
  expect(request, 'no request for a briefing reaches the department');
  await page.goto(`/briefings/${request.id}`);
  const own = await page.request.get('/api/v1/briefings?size=200').then(answer => answer.json());
  const departments = new Set(own.items.map(item => JSON.stringify(item.department?.label ?? item.department)));
  expect.equal(departments.size, 1, 'the department sees what others were asked');
}
