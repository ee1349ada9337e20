// Runs a competitor, a page of Chromium or a process of Node, behind one interface.
import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { kFlags } from '../browser/browser.mjs';

/**
 * @typedef {object} Peer
 * @property {number} pid what its memory is counted from
 * @property {() => Promise<number>} load ms until it can run
 * @property {(photo: import('./photos.mjs').Photo) => Promise<void>} give
 * @property {(budget: object) => Promise<{ms: number, gap: number | null, bytes: number}>} run
 * @property {() => Promise<Buffer>} output of the last run
 * @property {() => Promise<void>} close
 */

/** @param {string} executablePath */
export async function launch(executablePath) {
  const server = await chromium.launchServer({ executablePath, args: kFlags });
  const browser = await chromium.connect(server.wsEndpoint());
  const context = await browser.newContext();
  context.setDefaultTimeout(300_000);
  return {
    pid: /** @type {number} */ (server.process().pid),
    version: browser.version(),
    context,
    close: () => server.close(),
  };
}

/** @typedef {Awaited<ReturnType<typeof launch>>} Browser */

/** A page that has the benchmark's functions as `bench`. @param {Browser} browser @param {string} origin */
export async function openPage({ context }, origin) {
  const page = await context.newPage();
  await page.goto(`${origin}/bench/index.html`);
  await page.waitForFunction('window.bench');
  return page;
}

/**
 * @param {import('./competitors.mjs').Competitor} competitor
 * @param {Browser} browser @param {string} origin
 * @returns {Promise<Peer>} close() ends the page alone
 */
export async function openPagePeer({ module, place }, browser, origin) {
  const page = await openPage(browser, origin);
  return {
    pid: browser.pid,
    load: () => page.evaluate((args) => bench.load(...args), [`/bench/peers/${module}`, place]),
    give: ({ name, type }) =>
      page.evaluate((args) => bench.fetchPhoto(...args), [`/photos/${encodeURIComponent(name)}`, type]),
    run: (budget) => page.evaluate((wanted) => bench.run(wanted), budget),
    output: async () => Buffer.from(await page.evaluate(() => bench.outputBase64()), 'base64'),
    close: () => page.close(),
  };
}

/** @param {string} scratch a file that outputs are written to @returns {Promise<Peer>} */
export async function openNodePeer(scratch) {
  const child = fork(fileURLToPath(new URL('./node-peer.mjs', import.meta.url)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const call = (message) =>
    new Promise((resolve, reject) => {
      // A signal to the terminal's group ends the child first.
      ended.then(() => reject(new Error('the process of the Node build ended')));
      child.once('message', ({ value, error }) => (error ? reject(new Error(error)) : resolve(value)));
      child.send(message, (error) => error && reject(error));
    });
  return {
    pid: /** @type {number} */ (child.pid),
    load: () => call({ action: 'load' }),
    give: ({ path }) => call({ action: 'photo', path }),
    run: (budget) => call({ action: 'run', budget, path: scratch }),
    output: () => readFile(scratch),
    async close() {
      child.kill();
      await ended;
    },
  };
}
