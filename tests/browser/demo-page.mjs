// The demo page as a person uses it: choose files, press the button, read what is shown.
import { openWatchedPage } from './browser.mjs';

/** Where the demo is below the static server's root. */
export const kDemoPath = '/web/demo/';

/**
 * The text as a person sees it, line breaks and all.
 * @param {import('playwright-core').Locator} locator
 */
export const seen = (locator) => locator.innerText();

/** Without the name `localhost`, which may be two addresses. @param {{port: number}} server */
export const originOf = ({ port }) => `http://127.0.0.1:${port}`;

/**
 * @param {import('playwright-core').Page} page
 * @param {string} origin
 * @param {{query?: string, hash?: string}} [options]
 */
export async function openDemo(page, origin, { query = '', hash = '' } = {}) {
  await page.goto(`${origin}${kDemoPath}${query}${hash}`);
  await page.locator('html[data-started]').waitFor();
}

/**
 * Opens the demo in a watched page, lets the test use it, then checks what the page did.
 * @param {import('playwright-core').Browser} browser
 * @param {{origin: string, query?: string, hash?: string} & Parameters<typeof openWatchedPage>[1]} options
 * @param {(page: import('playwright-core').Page, watched: Awaited<ReturnType<typeof openWatchedPage>>) => unknown} use
 */
export async function visitDemo(browser, { origin, query, hash, ...options }, use) {
  const watched = await openWatchedPage(browser, options);
  await openDemo(watched.page, origin, { query, hash });
  await use(watched.page, watched);
  await watched.verify();
}

/**
 * One operation of the opened page.
 * @param {import('playwright-core').Page} page
 * @param {string} name  e.g. compareFaces
 */
export function operation(page, name) {
  const panel = page.locator(`#panel-${name}`);
  const slot = (index) => panel.locator('.slot').nth(index);
  const result = panel.locator('.result');

  return {
    panel,
    result,
    slot,
    open: () => page.locator(`#tab-${name}`).click(),

    /**
     * Chooses a file and waits until it is prepared or refused.
     * @param {number} index
     * @param {{name: string, mimeType: string, buffer: Buffer} | string} file
     * @returns {Promise<string>}  `ready` or `failed`
     */
    async give(index, file) {
      await slot(index).locator('[data-part="file"]').setInputFiles(file);
      const settled = panel.locator(
        `.slot >> nth=${index} >> xpath=self::*[@data-state="ready" or @data-state="failed"]`,
      );
      await settled.waitFor();
      return slot(index).getAttribute('data-state');
    },

    press: () => panel.locator('[data-part="run"]').click(),
    cancel: () => panel.locator('.run [data-part="cancel"]').click(),

    /** Presses the button and waits for what comes of it. @returns {Promise<string>} verdict, or `error` */
    async run() {
      await this.press();
      return this.settled();
    },

    async settled() {
      await panel.locator('.result[data-state="result"], .result[data-state="error"]').waitFor();
      return (await result.getAttribute('data-verdict')) ?? 'error';
    },

    /** The word and the sentence of the verdict, a line each. */
    headline: async () => (await seen(result.locator('.headline'))).replace(/\n+/g, '\n'),
    async record() {
      return JSON.parse(await result.locator('.raw pre').textContent());
    },
    /** Text beside a term of a definition list. @param {import('playwright-core').Locator} root @param {string} term */
    fact: (root, term) => seen(root.locator(`dt:text-is("${term}") + dd`)),
  };
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name  of the sandbox's scenario, '' for the usual reply
 */
export async function chooseScenario(page, name) {
  await page.locator('#sandbox:not([hidden])').waitFor();
  await page.locator('#scenario').selectOption(name);
}

/**
 * Keeps every value that a progress bar shows, with a count of the turns that the page's own thread made meanwhile.
 * @param {import('playwright-core').Locator} root  around the bar
 * @returns {Promise<() => Promise<{shown: string[], turns: number}>>}
 */
export async function watchProgress(root) {
  const handle = await root.evaluateHandle((node) => {
    const bar = node.querySelector('progress');
    const seen = { shown: [], turns: 0 };
    const note = () => {
      const text = `${node.querySelector('[data-part="stage"]').textContent} ${bar.getAttribute('value')}`;
      if (seen.shown.at(-1) !== text) seen.shown.push(text);
    };
    seen.observer = new MutationObserver(note);
    seen.observer.observe(node, { attributes: true, childList: true, subtree: true, characterData: true });
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      seen.turns += 1;
      if (!seen.stopped) setTimeout(() => channel.port2.postMessage(null));
    };
    channel.port2.postMessage(null);
    return seen;
  });
  return () =>
    handle.evaluate((seen) => {
      seen.stopped = true;
      seen.observer.disconnect();
      return { shown: seen.shown, turns: seen.turns };
    });
}
