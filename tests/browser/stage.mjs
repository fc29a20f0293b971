// Chromium, the served city and its people, as xtask names them by environment.

import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import * as product from './product.mjs';

const flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--no-first-run',
];

export const base = new URL(required('BASE_URL')).origin;
const city = JSON.parse(await readFile(required('ACCOUNTS'), 'utf8'));
export const { accounts } = city;
/** The unit that is inspected now, and the people around it by their part: deputy, second, third, unit. */
export const onSite = city.on_site;
/** Every role that someone in the city has, in the city's order. */
export const roles = [...new Set(accounts.map(account => account.role))];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
}

/** A browser profile of its own, as on a clerk's desk. */
export function freshContext(browser, viewport = { width: 1366, height: 768 }, home = base) {
  return browser.newContext({ baseURL: home, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport });
}

/** Someone of the role; the first account whose role it is. */
export function personOf(role) {
  const account = accounts.find(candidate => candidate.role === role);
  if (!account) throw new Error(`nobody in the city has the role ${role}`);
  return account;
}

/** Fills in the sign-in form and waits for the page behind it. */
export async function fillSignIn(page, login, password) {
  await page.goto(product.signInPath);
  await page.locator(product.loginField).fill(login);
  await page.locator(product.passwordField).fill(password);
  // answered either way with a page: the one behind the form, or the form with what was wrong
  await Promise.all([page.waitForEvent('load'), page.locator(product.submitButton).first().click()]);
}

const cookies = new Map();

/**
 * Signs a role or an account in: through the form, then with the cookies of that time for as long as a journey has not
 * signed them out. Hashing passwords is meant to be slow.
 */
export async function signIn(page, who) {
  const { login, password } = typeof who === 'string' ? personOf(who) : who;
  await page.context().clearCookies();
  if (!(await resume(page, login))) await fillSignIn(page, login, password);
  if (isSignInPage(page)) throw new Error(`${login} could not sign in`);
  cookies.set(login, await page.context().cookies());
}

/** Goes on with the session that the login has had before; answers whether there is one. */
async function resume(page, login) {
  if (!cookies.has(login)) return false;
  await page.context().addCookies(cookies.get(login));
  await page.goto('/');
  return !isSignInPage(page);
}

export function isSignInPage(page) {
  return new URL(page.url()).pathname === product.signInPath;
}

/** Runs the program once with `--json`; answers what it prints. */
export async function program(...words) {
  const { stdout } = await promisify(execFile)(required('PROGRAM'), [...words, '--json']);
  return JSON.parse(stdout);
}

/** Starts a second site of the program; answers where it listens, and how to stop it. */
export async function start(...words) {
  const child = spawn(required('PROGRAM'), words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise(resolve => child.once('exit', resolve));
  const stop = () => {
    child.kill();
    return gone;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const [address] = line.match(/http:\/\/[0-9.]+:[0-9]+/) ?? [];
    if (address) return { address, stop };
  }
  throw new Error(`${words.join(' ')} ended before it listened`);
}

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run this with cargo xtask`);
  return value;
}
