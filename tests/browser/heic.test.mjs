// HEIC in a browser that does not decode it: in the demo, and from servers that know no .mjs.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serve } from '../../scripts/serve.mjs';
import { codeHevc, irot, makeHeic } from '../fixtures/make-heic.mjs';
import { flatPixels } from '../fixtures/make-images.mjs';
import { startServer } from '../fixtures/server.mjs';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { operation, originOf, seen, visitDemo } from './demo-page.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LIBHEIF = '/node_modules/libheif-js/libheif-wasm';
const COLOR = [200, 40, 40];
const heic = makeHeic([{ coded: codeHevc(flatPixels(128, 96, COLOR)), properties: [irot(1)] }]);

let browser;
let demo;

before(async () => {
  browser = await launchBrowser();
  demo = await serve({ port: 0, env: {} });
});
after(async () => {
  await browser?.close();
  await demo?.close();
});

test('the demo prepares a HEIC and shows it', () =>
  visitDemo(browser, { origin: originOf(demo) }, async (page) => {
    const faces = operation(page, 'compareFaces');
    const file = { name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer: heic };
    for (const slot of [0, 1]) assert.equal(await faces.give(slot, file), 'ready');
    assert.match(await faces.fact(faces.slot(0), 'Original'), /^HEIC · 128 × 96/);
    assert.match(await faces.fact(faces.slot(0), 'To send'), /^JPEG · 96 × 128/);
    const thumbnail = faces.slot(0).locator('[data-part="thumbnail"]');
    assert.equal(await thumbnail.isVisible(), true);
    const { width, height, color } = await thumbnail.evaluate(async (image) => {
      await image.decode();
      const context = new OffscreenCanvas(1, 1).getContext('2d');
      context.drawImage(image, 0, 0, 1, 1);
      const color = [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
      return { width: image.naturalWidth, height: image.naturalHeight, color };
    });
    assert.deepEqual([width, height], [96, 128]);
    assert.ok(
      color.every((sample, c) => Math.abs(sample - COLOR[c]) <= 6),
      String(color),
    );
    assert.equal(await faces.run(), 'pass');
  }));

test('the demo says in both languages which photos it reads', () =>
  visitDemo(browser, { origin: originOf(demo) }, async (page) => {
    const hint = operation(page, 'compareFaces').slot(0).locator('[data-part="hint"]');
    assert.match(await seen(hint), /HEIC and other formats/);
    await page.locator('button[data-lang="zh"]').click();
    assert.match(await seen(hint), /支持 JPEG、PNG、HEIC 等格式/);
  }));

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="module">
  import * as netocr from '/web/client/index.js';
  globalThis.prepare = async (bytes, options) => {
    const client = netocr.createClient({ endpoint: '/netocr', ...options });
    globalThis.again = () => client.prepareImage(Uint8Array.from(bytes)).then(
      ({ width, height, source }) => ({ width, height, format: source.format }),
      ({ code, detail, retryable }) => ({ code, detail, retryable }),
    );
    return globalThis.again();
  };
</script>`;

/**
 * The checkout under a policy, as a server serves it that has the type of each ending from `types`; `answer` may deal with
 * a path itself.
 */
async function startSite(
  t,
  { types = {}, policy = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'", answer } = {},
) {
  const site = await startServer(t, async (response, { url }) => {
    const { pathname } = new URL(url, 'http://localhost');
    if (answer?.(response, pathname)) return;
    const headers = { 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff' };
    const own = pathname.startsWith(LIBHEIF) ? { ...TYPES, ...types } : TYPES;
    const type = pathname === '/' ? 'text/html' : own[extname(pathname)];
    const body = pathname === '/' ? PAGE : await readFile(ROOT + pathname).catch(() => null);
    response.writeHead(body === null ? 404 : 200, type ? { ...headers, 'Content-Type': type } : headers);
    response.end(body ?? '');
  });
  return site;
}

/** Opens the page of a site and has the HEIC prepared. */
async function prepareAt(t, site, options) {
  const watched = await openWatchedPage(browser, {
    allowedErrors: [/Failed to load (resource|module script)/],
  });
  t.after(() => watched.context.close());
  await watched.page.goto(site.url);
  await watched.page.waitForFunction(() => globalThis.prepare);
  const ask = ([bytes, given]) => globalThis.prepare(bytes, given);
  const outcome = await watched.page.evaluate(ask, [[...heic], options]);
  return { ...watched, outcome };
}

const READ = { width: 96, height: 128, format: 'heic' };

for (const workers of [0, 1]) {
  for (const [name, types] of Object.entries({
    'application/octet-stream': { '.mjs': 'application/octet-stream' },
    'text/plain': { '.mjs': 'text/plain; charset=utf-8' },
    'no type': { '.mjs': undefined },
  })) {
    test(`a server that sends .mjs as ${name}, workers: ${workers}: .js works, .mjs is refused by name`, async (t) => {
      const site = await startSite(t, { types });
      const script = await prepareAt(t, site, { workers, heicDecoderUrl: `${LIBHEIF}/libheif-bundle.js` });
      assert.deepEqual(script.outcome, READ);
      assert.deepEqual(await script.page.evaluate(() => globalThis.again()), READ, 'and once more');
      // What was lent to the script is taken back.
      assert.deepEqual(
        await script.page.evaluate(() => [typeof globalThis.module, typeof globalThis.exports]),
        ['undefined', 'undefined'],
      );

      const module = await prepareAt(t, site, { workers, heicDecoderUrl: `${LIBHEIF}/libheif-bundle.mjs` });
      assert.deepEqual([module.outcome.code, module.outcome.retryable], ['ENGINE_LOAD_FAILED', true]);
      const said = name === 'no type' ? 'no content type' : types['.mjs'];
      assert.equal(
        module.outcome.detail,
        `heicDecoderUrl: ${site.url}${LIBHEIF}/libheif-bundle.mjs comes as ${said}, but a browser imports a module only as text/javascript: have the server send that, or give the file a name that ends in .js`,
      );
    });
  }
}

test('a server that sends .mjs as JavaScript', async (t) => {
  const site = await startSite(t);
  for (const workers of [0, 1]) {
    const { outcome } = await prepareAt(t, site, {
      workers,
      heicDecoderUrl: `${LIBHEIF}/libheif-bundle.mjs`,
    });
    assert.deepEqual(outcome, READ);
  }
});

test('an address that is not there is named with its status, without its query', async (t) => {
  const site = await startSite(t);
  const { outcome } = await prepareAt(t, site, { heicDecoderUrl: '/missing.js?key=secret' });
  assert.equal(outcome.code, 'ENGINE_LOAD_FAILED');
  assert.equal(outcome.detail, `heicDecoderUrl: ${site.url}/missing.js is answered with HTTP status 404`);
});

test('a decoder that could not be loaded is tried again for the next file', async (t) => {
  let fails = true;
  const site = await startSite(t, {
    answer(response, pathname) {
      if (!fails || !pathname.startsWith(LIBHEIF)) return false;
      response.writeHead(503).end();
      return true;
    },
  });
  const { page, outcome } = await prepareAt(t, site, { heicDecoderUrl: `${LIBHEIF}/libheif-bundle.js` });
  assert.equal(outcome.code, 'ENGINE_LOAD_FAILED');
  assert.match(outcome.detail, /is answered with HTTP status 503$/);
  fails = false;
  assert.deepEqual(await page.evaluate(() => globalThis.again()), READ);
});
