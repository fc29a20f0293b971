// What no page may do, whatever the journey is about: break its own policy, complain, call out,
// leave something in the browser, or shut people out.

import axe from 'axe-core';
import { base } from './stage.mjs';

const rules = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const grave = new Set(['serious', 'critical']);

/** Collects what goes wrong in a context; `allowed` are patterns of complaints that the journey provokes, `home` is where it is. */
export async function watch(context, allowed = [], home = base) {
  const faults = new Set();
  const audited = new Set();
  const report = fault => {
    if (!allowed.some(pattern => pattern.test(fault))) faults.add(fault);
  };
  await reportPolicyViolations(context, report);
  await refuseOtherOrigins(context, report, home);
  context.on('console', message => {
    if (message.type() === 'error') report(`console: ${message.text()} (${pathOf(message.location().url)})`);
  });
  context.on('weberror', error => report(`script: ${error.error().message}`));
  context.on('requestfailed', request => {
    const reason = request.failure()?.errorText;
    // a page that is left while it loads gives up its requests
    if (reason !== 'net::ERR_ABORTED') report(`request: ${pathOf(request.url())} failed: ${reason}`);
  });
  return { faults, audit: page => audit(page, audited, report, home) };
}

async function reportPolicyViolations(context, report) {
  await context.exposeBinding('reportPolicyViolation', (_source, text) => report(`policy: ${text}`));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', event => {
      window.reportPolicyViolation(`${event.effectiveDirective} forbids ${event.blockedURI} on ${location.pathname}`);
    });
  });
}

async function refuseOtherOrigins(context, report, home) {
  await context.route(url => isOutside(url, home), route => {
    report(`outside: ${route.request().url()}`);
    return route.abort('blockedbyclient');
  });
}

function isOutside(url, home) {
  return url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== home;
}

/** Looks at the page as it stands; a page already looked at in this journey is not looked at again. */
async function audit(page, audited, report, home) {
  const path = pathOf(page.url());
  if (!page.url().startsWith(home)) return;
  await reportLeftovers(page, path, report);
  if (audited.has(path)) return;
  audited.add(path);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(options => window.axe.run(document, options), rules);
  for (const violation of violations.filter(({ impact }) => grave.has(impact))) {
    const where = violation.nodes.slice(0, 3).map(node => node.target.join(' ')).join('; ');
    report(`axe: ${path}: ${violation.id} (${violation.impact}): ${violation.help}: ${where}`);
  }
}

async function reportLeftovers(page, path, report) {
  const leftovers = await page.evaluate(() => [
    ...Object.keys(localStorage).map(key => `localStorage ${key}`),
    ...Object.keys(sessionStorage).map(key => `sessionStorage ${key}`),
  ]);
  for (const leftover of leftovers) report(`leftover: ${leftover} on ${path}`);
}

function pathOf(url) {
  try {
    const { pathname, search } = new URL(url);
    return pathname + search;
  } catch {
    return url;
  }
}
