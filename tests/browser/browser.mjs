// Chromium for the tests, and pages that are watched: whatever a page should never do fails the test that opened it.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

// Chromium's own background traffic is switched off: only the page's requests are left.
export const kFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** When what is waited for never comes. Playwright's own 30 s are over too soon on a machine that has other things to do. */
export const kHangMs = 240_000;

const kLoopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function launchBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: kFlags });
}

/**
 * A page in a context of its own. `verify()` closes it and fails when it logged an error, broke the content security
 * policy or asked anything of a host that is not this machine.
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions & {expectedErrors?: RegExp[],
 *   allowedErrors?: RegExp[]}} [options]  what Chromium itself logs for a request that the test makes fail: each expected
 *   one has to occur; allowed ones are of requests in workers, which Chromium may log elsewhere
 */
export async function openWatchedPage(
  browser,
  { expectedErrors = [], allowedErrors = [], ...contextOptions } = {},
) {
  const context = await browser.newContext({ locale: 'en-US', ...contextOptions });
  context.setDefaultTimeout(kHangMs);
  const page = await context.newPage();
  const errors = [];
  const urls = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => urls.push(request.url()));
  await page.exposeFunction('reportViolation', (text) => errors.push(text));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      globalThis.reportViolation(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });

  async function verify() {
    await context.close();
    const unexpected = errors.filter(
      (text) => ![...expectedErrors, ...allowedErrors].some((pattern) => pattern.test(text)),
    );
    assert.deepEqual(unexpected, [], 'errors in the console');
    for (const pattern of expectedErrors)
      assert.ok(
        errors.some((text) => pattern.test(text)),
        `${pattern} was not logged`,
      );
    const elsewhere = urls.filter(
      (url) => /^(https?|wss?):/.test(url) && !kLoopback.has(new URL(url).hostname),
    );
    assert.deepEqual(elsewhere, [], 'requests to other hosts');
  }

  return { page, context, urls, verify };
}
