// The demo's benchmark page: a comparison on a made photo and on the visitor's, cancelling, files that cannot be compared,
// languages, keyboard, small screens; and that nothing leaves the browser.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { benchmarkTexts } from '../../web/demo/benchmark/texts.js';
import { texts } from '../../web/demo/text/texts.js';
import { until } from '../fixtures/until.mjs';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { contrastOfTexts } from './contrast.mjs';
import { kDemoPath, openDemo, originOf, seen } from './demo-page.mjs';
import { drawPhoto, withExif } from './photos.mjs';

const kPath = `${kDemoPath}benchmark/`;
const kPhone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

let browser;
let server;
/** Sideways and to be reduced. */
let large;
/** Quick to be compared. */
let photo;

before(async () => {
  browser = await launchBrowser();
  server = await serve({ port: 0, env: {} });
  const canvas = await openWatchedPage(browser);
  const buffer = withExif(await drawPhoto(canvas.page, { seed: 8, width: 1800, height: 1350 }), 6);
  large = { name: 'me <b>.jpg', mimeType: 'image/jpeg', buffer };
  const small = await drawPhoto(canvas.page, { seed: 9, width: 640, height: 480 });
  photo = { name: 'small.jpg', mimeType: 'image/jpeg', buffer: small };
  await canvas.verify();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens the page watched, lets the test use it, checks what it did: nothing but reading files of its own server. */
async function withPage({ query = '', init = () => {}, ...options }, use) {
  const watched = await openWatchedPage(browser, options);
  const { page } = watched;
  const requests = [];
  page.on('request', (request) => requests.push(request));
  await page.addInitScript(init);
  await page.goto(`${originOf(server)}${kPath}${query}`);
  await page.locator('html[data-started]').waitFor();
  await use(page);
  for (const request of requests) {
    assert.equal(request.method(), 'GET', request.url());
    assert.equal(request.postData(), null);
  }
  await watched.verify();
}

const stateOf = (page) => page.locator('#result').getAttribute('data-state');
const finish = (page) => page.locator('#result:is([data-state="done"], [data-state="problem"])').waitFor();

/** Fewer rounds than the page offers: the tests are about the page, not about times. */
const chooseRounds = (page, rounds) =>
  page.locator('#rounds').evaluate((select, value) => {
    select.append(new Option(value));
    select.value = value;
  }, String(rounds));

async function compare(page, { file = photo, rounds = 1 } = {}) {
  if (file) await page.locator('#file').setInputFiles(file);
  await chooseRounds(page, rounds);
  await page.locator('#run').click();
  await finish(page);
}

/** The rows of the result, as numbers. */
async function readRows(page) {
  const rows = await page.locator('.ways tbody tr').evaluateAll((nodes) =>
    nodes.map((node) => {
      const text = (name) => node.querySelector(`.${name} b`).textContent;
      const facts = node.querySelector('.time .fact').textContent;
      const shares = [...node.querySelectorAll('.fill')].map((fill) =>
        Number.parseFloat(fill.style.inlineSize),
      );
      const size = node.querySelector('.file .fact').textContent;
      return {
        way: node.dataset.way,
        time: text('time'),
        file: text('file'),
        ssim: text('likeness'),
        facts,
        shares,
        size,
      };
    }),
  );
  const ms = (text) => Number.parseFloat(text) * (text.endsWith(' ms') ? 1 : 1000);
  return rows.map((row) => ({
    ...row,
    ms: ms(row.time),
    kilobytes: Number.parseFloat(row.file),
    ssim: Number(row.ssim),
  }));
}

describe('a comparison', () => {
  test('of the made photo: every way, within the budget, near to the original', () =>
    withPage({}, async (page) => {
      assert.equal(await stateOf(page), 'empty');
      await compare(page, { file: null, rounds: 2 });
      assert.equal(await stateOf(page), 'done');
      const rows = await readRows(page);
      assert.deepEqual(
        rows.filter(({ way }) => way !== 'best').map(({ way }) => way),
        ['ours', 'decoder', 'canvas'],
      );
      const longest = Math.max(...rows.map(({ ms }) => ms));
      const base = rows.find(({ way }) => way === 'decoder').ms;
      for (const { way, ms, kilobytes, ssim, shares, size, file, facts } of rows) {
        assert.match(file, / KB$/);
        assert.equal(size, '1600 × 1200', way);
        assert.ok(kilobytes > 60 && kilobytes <= 200, `${way}: ${file}`);
        assert.ok(ssim > 0.7 && ssim < 1, `${way}: ${ssim}`);
        assert.ok(Math.abs(shares[0] - (100 * ms) / longest) < 2, `${way}: a bar of ${shares[0]} %`);
        if (way === 'decoder') continue;
        const ratio = Number(/^([\d.]+) × ImageDecoder/.exec(facts)[1]);
        assert.ok(Math.abs(ratio - ms / base) < 0.05 * ratio + 0.02, `${way}: ${facts}`);
      }
      assert.match(
        await page.locator('#announce').textContent(),
        /^Done\. netocr-wasm took [\d.]+ m?s, ImageDecoder/,
      );
      assert.equal(await page.evaluate(() => document.activeElement.id), 'run');
    }));

  test("of the visitor's, sideways; again; in the other language; then the made one is offered", () =>
    withPage({}, async (page) => {
      await compare(page, { file: large });
      assert.match(await seen(page.locator('#file-name')), /^me <b>\.jpg · /);
      const rows = await readRows(page);
      for (const { size, way } of rows) assert.equal(size, '1200 × 1600', way);
      assert.equal(await seen(page.locator('#run')), 'Compare again');
      await page.getByRole('button', { name: '中文' }).click();
      assert.match(await seen(page.locator('.ways thead')), /做法\s+用时\s+文件\s+SSIM/);
      assert.equal((await readRows(page))[0].ssim, rows[0].ssim);
      await page.locator('#use-made').click();
      assert.equal(await stateOf(page), 'empty');
      assert.equal(await seen(page.locator('#file-name')), benchmarkTexts.zh['bench.made']);
      assert.equal(await page.locator('#use-made').isVisible(), false);
    }));

  test('where there is no ImageDecoder the canvas is the yardstick, and the page says so', () =>
    withPage({ init: () => delete globalThis.ImageDecoder }, async (page) => {
      await compare(page);
      const rows = await readRows(page);
      assert.deepEqual(
        rows.filter(({ way }) => way !== 'best').map(({ way }) => way),
        ['ours', 'canvas'],
      );
      assert.match(rows[0].facts, /^[\d.]+ × Canvas, toBlob/);
      assert.match(await seen(page.locator('#result')), /no ImageDecoder/);
    }));

  test('without a mouse', () =>
    withPage({}, async (page) => {
      await chooseRounds(page, 1);
      const choosing = page.waitForEvent('filechooser');
      await page.locator('#choose').focus();
      await page.keyboard.press('Enter');
      await (await choosing).setFiles(photo);
      for (const id of ['use-made', 'rounds', 'run']) {
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.id), id);
      }
      await page.keyboard.press('Enter');
      await page.locator('#cancel:focus').waitFor();
      await finish(page);
      assert.equal(await stateOf(page), 'done');
    }));

  test('dropped and pasted photos are taken', () =>
    withPage({}, async (page) => {
      for (const [type, name] of [
        ['drop', 'dropped.jpg'],
        ['paste', 'pasted.jpg'],
      ]) {
        await page.evaluate(
          ([type, name]) => {
            const data = new DataTransfer();
            data.items.add(new File(['x'], name, { type: 'image/jpeg' }));
            const options = { bubbles: true, cancelable: true };
            const event =
              type === 'paste'
                ? new ClipboardEvent(type, { ...options, clipboardData: data })
                : new DragEvent(type, { ...options, dataTransfer: data });
            document.body.dispatchEvent(event);
          },
          [type, name],
        );
        assert.match(await seen(page.locator('#file-name')), new RegExp(`^${name} · 1 B$`));
      }
    }));
});

describe('when it does not come to an end', () => {
  test('cancelling stops the workers; the next one runs', () =>
    withPage({}, async (page) => {
      await page.locator('#file').setInputFiles(photo);
      await chooseRounds(page, 200);
      await page.locator('#run').click();
      await page.locator('#stage:has-text("of 200")').waitFor();
      assert.equal(await page.locator('#run').isDisabled(), true);
      assert.ok(Number(await page.locator('#progress').getAttribute('value')) > 0);
      await page.locator('#cancel').click();
      await finish(page);
      assert.equal(await seen(page.locator('#result-body')), 'Cancelled.');
      assert.equal(await page.locator('#busy').isVisible(), false);
      await page.waitForFunction(() => document.activeElement.id === 'run');
      await until(() => page.workers().length === 0, 'the workers of the cancelled run are gone');
      await compare(page);
      assert.equal(await stateOf(page), 'done');
    }));

  test('a picture that the browser cannot show is told', () =>
    withPage({}, async (page) => {
      const buffer = Buffer.from('II*\0 no picture');
      await compare(page, { file: { name: 'scan.tif', mimeType: 'image/tiff', buffer } });
      assert.equal(await stateOf(page), 'problem');
      assert.match(await seen(page.locator('#result [role="alert"]')), /cannot show this picture/);
      await compare(page);
      assert.equal(await stateOf(page), 'done');
    }));
});

describe('the look', () => {
  test('both languages have the same texts with the same gaps; nothing is without words', async () => {
    const { en, zh } = benchmarkTexts;
    assert.deepEqual(Object.keys(zh), Object.keys(en));
    const gaps = (text) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).toSorted();
    for (const [key, text] of Object.entries(en)) assert.deepEqual(gaps(zh[key]), gaps(text), key);
    await withPage({ query: '?lang=zh' }, async (page) => {
      assert.equal(await page.title(), zh.title);
      const keys = await page.$$eval('[data-i18n], [data-i18n-label]', (nodes) =>
        nodes.map((node) => node.dataset.i18n ?? node.dataset.i18nLabel),
      );
      for (const key of keys) assert.ok(key in en || key in texts.en, key);
      await compare(page);
      assert.doesNotMatch(await seen(page.locator('body')), /\b(bench|way|stage|slot)\.[a-z]/);
    });
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`a phone shows everything, ${colorScheme}: no scrolling sideways, large targets, readable text`, () =>
      withPage({ ...kPhone, colorScheme }, async (page) => {
        await compare(page, { file: { ...photo, name: `${'a_very_long_file_name_'.repeat(8)}.jpg` } });
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
        const small = await page
          .locator('button:visible, select:visible')
          .evaluateAll((nodes) =>
            nodes.filter((node) => node.getBoundingClientRect().height < 32).map((node) => node.outerHTML),
          );
        assert.deepEqual(small, []);
        const contrasts = await page.evaluate(contrastOfTexts);
        assert.ok(contrasts.length > 15);
        for (const { text, ratio } of contrasts) assert.ok(ratio >= 4.5, `"${text}" has ${ratio.toFixed(2)}`);
      }));
  }

  test('the demo leads to it, and it leads back', async () => {
    const { page, verify } = await openWatchedPage(browser);
    await openDemo(page, originOf(server));
    await page.getByRole('link', { name: 'How fast is it in this browser?' }).click();
    await page.waitForURL(`**${kPath}`);
    await page.locator('html[data-started]').waitFor();
    await page.getByRole('link', { name: 'Demo' }).click();
    await page.waitForURL(`**${kDemoPath}`);
    await verify();
  });
});
