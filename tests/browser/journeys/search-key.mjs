import { clerkRole, searchBox } from '../product.mjs';

export const name = 'the keys / and Ctrl+K lead to the search box and type nothing into it';
export const role = clerkRole;

export async function run({ page, expect, signIn }) {
  await signIn();
  const box = page.locator(searchBox).first();
  const focused = () => box.evaluate(element => element === document.activeElement);
  for (const key of ['/', 'Control+k']) {
    await box.blur();
    expect(!(await focused()), 'the search box cannot be left');
    await page.keyboard.press(key);
    expect(await focused(), `${key} does not lead to the search box`);
    expect.equal(await box.inputValue(), '', `${key} was typed into the search box`);
  }
}
