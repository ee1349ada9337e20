// The installed package in headless Chromium under a strict Content-Security-Policy: built by Vite and served statically,
// and as it is without a bundler. Real Files, real workers, the real proxy with the sandbox behind it.
import assert from 'node:assert/strict';
import { copyFile, cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'vite';
import { createNodeProxyHandler, startServer as serve } from '../../web/proxy/node/index.js';
import { startSandbox } from '../../web/sandbox/node.js';
import { kHangMs, launchBrowser } from '../browser/browser.mjs';
import { makeMp4 } from '../browser/videos.mjs';
import { makeJpeg, photoPixels, withOrientation } from '../fixtures/make-images.mjs';
import { deadPort } from '../fixtures/server.mjs';
import { sized } from '../fixtures/size.mjs';
import { makeFlatWsq } from '../formats/flat-wsq.mjs';
import { convert, pictureOf } from '../formats/pictures.mjs';
import { installPackages } from './installed.mjs';

const CSP = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'connect-src': "'self'",
};
const MIME = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};
const HTML = (script) =>
  `<!doctype html><title>test</title><input type="file" multiple><script type="module" src="${script}"></script>`;
const MAIN = (from, heic) => `import * as netocr from '${from}';
${heic}
globalThis.netocr = netocr;
globalThis.heicDecoderUrl = heicDecoderUrl;
globalThis.files = () => [...document.querySelector('input').files];
globalThis.settled = (promise) => promise.then(
  (value) => ({ value: JSON.parse(JSON.stringify(value)) }),
  (error) => ({ code: error.code, name: error.name, index: error.index, detail: error.detail, requestId: error.requestId }),
);`;

let app;
let browser;
let sandbox;
let files;

before(async () => {
  app = await installPackages(['netocr-wasm']);
  await writeFile(join(app.folder, 'index.html'), HTML('/main.js'));
  const libheif = 'node_modules/libheif-js';
  await cp(new URL(`../../${libheif}`, import.meta.url), join(app.folder, libheif), { recursive: true });
  const bundled = "import heicDecoderUrl from 'libheif-js/libheif-wasm/libheif-bundle.js?url';";
  await writeFile(join(app.folder, 'main.js'), MAIN('netocr-wasm', bundled));
  await build({
    root: app.folder,
    configFile: false,
    logLevel: 'error',
    build: { outDir: 'built', assetsInlineLimit: 0 },
  });
  await mkdir(join(app.folder, 'plain'));
  await writeFile(join(app.folder, 'plain/index.html'), HTML('/main.js'));
  const served = `const heicDecoderUrl = '/${libheif}/libheif-wasm/libheif-bundle.mjs';`;
  await writeFile(
    join(app.folder, 'plain/main.js'),
    MAIN('./node_modules/netocr-wasm/dist/index.js', served),
  );
  await rename(join(app.folder, 'node_modules'), join(app.folder, 'plain/node_modules'));

  files = { a: join(app.folder, 'a.jpg'), b: join(app.folder, 'b.jpg'), video: join(app.folder, 'v.mp4') };
  await writeFile(files.a, withOrientation(makeJpeg(photoPixels(4032, 3024, 31), { quality: 94 }), 6));
  await writeFile(files.b, makeJpeg(photoPixels(4032, 3024, 32), { quality: 94, progressive: true }));
  await writeFile(files.video, makeMp4({ durationMs: 3500, bytes: 400_000 }));
  for (const format of ['gif', 'avif', 'heic', 'tiff', 'jp2', 'webp']) {
    files[format] = join(app.folder, `photo.${format}`);
    await writeFile(files[format], convert(pictureOf('rgb'), `${format}:-`));
  }
  files.wsq = join(app.folder, 'photo.wsq');
  await writeFile(files.wsq, makeFlatWsq(150, 97, 180));
  sandbox = await startSandbox();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await sandbox?.close({ graceMs: 0 });
  await app?.remove();
});

const proxyHandler = (more) =>
  createNodeProxyHandler({
    key: 'sandbox-key',
    secret: 'sandbox-secret',
    upstream: sandbox.url,
    allowAnonymous: true,
    allowSameOrigin: true,
    rates: null,
    // One failure after the other is what these scenarios are.
    breaker: null,
    sandbox: true,
    ...more,
  });

/** Serves a folder with a policy, and the proxy at /netocr. */
async function startSite(t, { folder = 'built', csp = {}, mime = {}, hold } = {}) {
  const policy = Object.entries({ ...CSP, ...csp })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
  const proxy = proxyHandler();
  const server = await serve(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/slow/')) return new Promise(() => {});
    if (pathname.startsWith('/netocr')) return proxy(request);
    await hold?.(pathname);
    const name = pathname === '/' ? '/index.html' : pathname;
    try {
      const bytes = await readFile(join(app.folder, folder, decodeURIComponent(name)));
      const type = { ...MIME, ...mime }[extname(name)] ?? 'application/octet-stream';
      return new Response(bytes, { headers: { 'Content-Type': type, 'Content-Security-Policy': policy } });
    } catch {
      return new Response('', { status: 404 });
    }
  });
  t.after(() => server.close({ graceMs: 0 }));
  return server;
}

/** Opens the page with files chosen; `seen` collects what should not happen. */
async function openPage(t, site, chosen = []) {
  const context = await browser.newContext();
  context.setDefaultTimeout(kHangMs);
  t.after(() => context.close());
  const page = await context.newPage();
  const seen = { errors: [], urls: [], violations: [] };
  page.on('console', (message) => message.type() === 'error' && seen.errors.push(message.text()));
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('request', (request) => seen.urls.push(request.url()));
  await page.exposeFunction('violated', (directive) => seen.violations.push(directive));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => globalThis.violated(event.violatedDirective));
  });
  await page.goto(site.url);
  await page.waitForFunction(() => globalThis.netocr);
  await page.locator('input').setInputFiles(chosen);
  return { page, seen };
}

for (const folder of ['built', 'plain']) {
  test(`${folder}: two 12-megapixel photos, two workers, a verdict, nothing else`, async (t) => {
    const site = await startSite(t, { folder });
    const { page, seen } = await openPage(t, site, [files.a, files.b]);
    const early = seen.urls.filter((url) => /\.wasm$|core[^/]*\.m?js$|entry[^/]*\.js$|host\.js$/.test(url));
    assert.deepEqual(early, [], 'the engine is not loaded before it is needed');
    const outcome = await page.evaluate(async () => {
      const native = globalThis.XMLHttpRequest;
      const [a, b] = globalThis.files();
      const client = globalThis.netocr.createClient({ endpoint: '/netocr', workers: 2 });
      const reports = [];
      const started = performance.now();
      const result = await client.compareFaces(a, b, { onProgress: (progress) => reports.push(progress) });
      return {
        result,
        reports,
        ms: performance.now() - started,
        untouched: native === globalThis.XMLHttpRequest,
      };
    });
    assert.equal(page.workers().length, 2);
    assert.equal(outcome.result.verdict, 'fail', 'two different pictures');
    assert.equal(outcome.result.sandbox, true);
    assert.notEqual(outcome.result.requestId, '');
    assert.equal(outcome.untouched, true);
    const [a, b] = outcome.result.prepared;
    assert.deepEqual([a.width, a.height, b.width, b.height], [1200, 1600, 1600, 1200]);
    for (const { bytes, source } of [a, b]) assert.ok(bytes <= 204_800 && source.bytes > 1_000_000);
    const fractions = outcome.reports.map(({ fraction }) => fraction);
    assert.deepEqual(
      fractions,
      [...fractions].sort((x, y) => x - y),
    );
    assert.deepEqual([fractions[0], fractions.at(-1)], [0, 1]);
    const stages = new Set(outcome.reports.map(({ stage }) => stage));
    assert.deepEqual([...stages].sort(), ['done', 'download', 'load', 'prepare', 'read', 'upload', 'wait']);
    assert.deepEqual(seen.violations, []);
    assert.deepEqual(
      seen.errors.filter((text) => !/favicon/.test(text) && !/404/.test(text)),
      [],
    );
    assert.deepEqual(
      seen.urls.filter((url) => !url.startsWith(site.url)),
      [],
    );
    const modules = seen.urls.filter((url) => url.endsWith('.wasm'));
    assert.equal(modules.length, 1, 'the module is fetched once for both workers');
    t.diagnostic(`two photos prepared and compared in ${Math.round(outcome.ms)} ms`);
  });
}

test('plain: the page and its worker are a request each', async (t) => {
  const site = await startSite(t, { folder: 'plain' });
  const { page, seen } = await openPage(t, site, [files.a]);
  assert.equal((await page.evaluate(inspectFirst)).value.width, 4032);
  const loaded = seen.urls.filter((url) => url.includes('/netocr-wasm/'));
  assert.deepEqual(loaded.map((url) => url.split('/netocr-wasm/')[1]).toSorted(), [
    'dist/core.wasm',
    'dist/index.js',
    'dist/worker.js',
  ]);
});

// Chromium 156 leaves some reads of Blob streams unanswered when they are into buffers of the reader's own.
test('hundreds of files, many at once in two workers: every one is read to its end', async (t) => {
  const site = await startSite(t);
  const sizes = [60, 20_000, 40_000, 60_000, 80_000, 100_000, 2_500_000];
  const paths = sizes.map((size) => join(app.folder, `${size}.bin`));
  await Promise.all(paths.map((path, i) => writeFile(path, Buffer.alloc(sizes[i], 'no picture '))));
  const { page } = await openPage(t, site, paths);
  const rounds = sized(30, 150);
  const evaluate = async ([hangMs, rounds]) => {
    const client = globalThis.netocr.createClient({ endpoint: '/netocr', workers: 2 });
    const all = globalThis.files();
    const outcomes = {};
    for (let round = 0; round < rounds; round += 1) {
      const read = all.map((file) => globalThis.settled(client.prepareImage(file)));
      const late = new Promise((resolve) => setTimeout(resolve, hangMs, []));
      const settled = await Promise.race([Promise.all(read), late]);
      if (settled.length === 0) return { round, ...outcomes };
      for (const { code } of settled) outcomes[code] = (outcomes[code] ?? 0) + 1;
    }
    return outcomes;
  };
  const outcomes = await page.evaluate(evaluate, [kHangMs, rounds]);
  assert.deepEqual(outcomes, { UNRECOGNIZED_FORMAT: rounds * sizes.length });
});

const FORMATS = ['tiff', 'jp2', 'wsq', 'webp', 'gif', 'avif', 'heic'];
for (const folder of ['built', 'plain']) {
  test(`${folder}: ${FORMATS.join(', ')}: the second module, the browser, libheif-js`, async (t) => {
    const site = await startSite(t, { folder });
    const { page, seen } = await openPage(
      t,
      site,
      FORMATS.map((format) => files[format]),
    );
    const outcomes = await page.evaluate(() => {
      const client = globalThis.netocr.createClient({
        endpoint: '/netocr',
        heicDecoderUrl: globalThis.heicDecoderUrl,
      });
      return Promise.all(globalThis.files().map((file) => globalThis.settled(client.prepareImage(file))));
    });
    for (const [index, { value, code, detail }] of outcomes.entries()) {
      assert.equal(code, undefined, `${FORMATS[index]}: ${detail}`);
      assert.deepEqual([value.source.format, value.width, value.height], [FORMATS[index], 150, 97]);
    }
    assert.deepEqual(seen.violations, []);
    const modules = seen.urls.filter((url) => url.endsWith('.wasm'));
    assert.equal(modules.length, 2, 'each module is fetched once');
  });

  test(`${folder}: without libheif-js, HEIC is UNSUPPORTED_FORMAT`, async (t) => {
    const site = await startSite(t, { folder });
    const { page } = await openPage(t, site, [files.heic]);
    const outcome = await page.evaluate(() =>
      globalThis.settled(globalThis.netocr.prepareImage(globalThis.files()[0])),
    );
    assert.equal(outcome.code, 'UNSUPPORTED_FORMAT');
    assert.match(outcome.detail, /heicDecoderUrl/);
  });
}

test('all operations, and every kind of input', async (t) => {
  const site = await startSite(t);
  const { page } = await openPage(t, site, [files.a, files.video]);
  const verdicts = await page.evaluate(async () => {
    const [photo, video] = globalThis.files();
    const client = globalThis.netocr.createClient({ endpoint: '/netocr' });
    const { bytes } = await client.prepareImage(photo, { maxEdge: 320 });
    const dataUrl = `data:image/jpeg;base64,${btoa(String.fromCharCode(...bytes))}`;
    const results = [
      await client.checkLiveness(photo.slice()),
      await client.checkVideoLiveness(video),
      await client.matchIdCard(bytes, bytes.buffer),
      await client.matchIdCard(dataUrl, bytes, { transfer: 'file' }),
      await client.compareFaces(dataUrl, bytes),
    ];
    return results.map(({ operation, verdict }) => [operation, verdict]);
  });
  assert.deepEqual(
    verdicts.map(([operation]) => operation),
    ['checkLiveness', 'checkVideoLiveness', 'matchIdCard', 'matchIdCard', 'compareFaces'],
  );
  for (const [operation, verdict] of verdicts) assert.ok(['pass', 'fail'].includes(verdict), operation);
  assert.equal(verdicts.at(-1)[1], 'pass', 'the same picture');
});

const inspectFirst = () =>
  globalThis.settled(
    globalThis.netocr.createClient({ endpoint: '/netocr' }).inspectImage(globalThis.files()[0]),
  );

test('a server that does not know .wasm: the module is compiled all the same', async (t) => {
  const site = await startSite(t, { mime: { '.wasm': 'application/octet-stream' } });
  const { page, seen } = await openPage(t, site, [files.a]);
  assert.equal((await page.evaluate(inspectFirst)).value.width, 4032);
  assert.deepEqual(seen.violations, []);
});

for (const folder of ['built', 'plain']) {
  test(`${folder}: a policy without workers: the page’s own thread does it`, async (t) => {
    const site = await startSite(t, { folder, csp: { 'worker-src': "'none'" } });
    const { page, seen } = await openPage(t, site, [files.a, files.tiff, files.video]);
    const outcomes = await page.evaluate(() => {
      const client = globalThis.netocr.createClient({ endpoint: '/netocr' });
      const [photo, tiff, noPhoto] = globalThis.files();
      return Promise.all(
        [client.checkLiveness(photo), client.prepareImage(tiff), client.prepareImage(noPhoto)].map(
          globalThis.settled,
        ),
      );
    });
    const [liveness, prepared, refused] = outcomes;
    assert.ok(['pass', 'fail'].includes(liveness.value?.verdict), JSON.stringify(outcomes));
    assert.equal(prepared.value.source.format, 'tiff');
    assert.deepEqual([refused.name, refused.code], ['NetocrError', 'UNRECOGNIZED_FORMAT']);
    assert.equal(page.workers().length, 0);
    assert.ok(seen.violations.includes('worker-src'));
  });
}

test('a policy that forbids WebAssembly, and a module that is missing: ENGINE_LOAD_FAILED, then it works again', async (t) => {
  const strict = await startSite(t, { csp: { 'script-src': "'self'" } });
  const first = await openPage(t, strict, [files.a]);
  assert.equal((await first.page.evaluate(inspectFirst)).code, 'ENGINE_LOAD_FAILED');

  let fails = true;
  const flaky = await startSite(t, {
    hold: (path) => {
      if (path.endsWith('.wasm') && fails) throw new Error('lost');
    },
  });
  const { page } = await openPage(t, flaky, [files.a]);
  await page.evaluate(() => {
    globalThis.client = globalThis.netocr.createClient({ endpoint: '/netocr' });
  });
  const inspect = () => globalThis.settled(globalThis.client.inspectImage(globalThis.files()[0]));
  assert.equal((await page.evaluate(inspect)).code, 'ENGINE_LOAD_FAILED');
  fails = false;
  assert.equal((await page.evaluate(inspect)).value.format, 'jpeg');
});

for (const workers of [0, 1]) {
  test(`abort, a slow server and a dead one, with ${workers} workers`, async (t) => {
    const site = await startSite(t);
    const { page } = await openPage(t, site, [files.a]);
    const outcomes = await page.evaluate(
      async ({ workers, port }) => {
        const [photo] = globalThis.files();
        const { createClient } = globalThis.netocr;
        const small = (await globalThis.netocr.prepareImage(photo, { maxEdge: 320 })).bytes;
        const client = (endpoint, more) => createClient({ endpoint, workers, ...more });
        const aborted = async (stage, endpoint) => {
          const controller = new AbortController();
          const onProgress = (progress) => progress.stage === stage && controller.abort();
          return (
            await globalThis.settled(
              client(endpoint).checkLiveness(photo, { signal: controller.signal, onProgress }),
            )
          ).name;
        };
        return {
          prepare: await aborted('prepare', '/netocr'),
          upload: await aborted('upload', '/netocr'),
          wait: await aborted('wait', '/slow/netocr'),
          slow: (await globalThis.settled(client('/slow/netocr', { timeoutMs: 200 }).checkLiveness(small)))
            .code,
          dead: (await globalThis.settled(client(`http://127.0.0.1:${port}/netocr`).checkLiveness(small)))
            .code,
          missing: (await globalThis.settled(client('/nowhere').checkLiveness(small))).code,
        };
      },
      { workers, port: await deadPort() },
    );
    assert.deepEqual(outcomes, {
      prepare: 'AbortError',
      upload: 'AbortError',
      wait: 'AbortError',
      slow: 'TIMEOUT',
      dead: 'NETWORK_ERROR',
      missing: 'HTTP_ERROR',
    });
  });
}

test('a proxy of another origin: allowed, its headers are seen; not allowed, NETWORK_ERROR', async (t) => {
  const site = await startSite(t, { csp: { 'connect-src': "'self' http://127.0.0.1:*" } });
  const other = await serve((request) => proxyHandler({ allowedOrigins: [site.url] })(request));
  const closed = await serve((request) => proxyHandler()(request));
  t.after(() => Promise.all([other.close({ graceMs: 0 }), closed.close({ graceMs: 0 })]));
  const { page } = await openPage(t, site, [files.a]);
  const call = (endpoint) =>
    page.evaluate(
      (url) =>
        globalThis.settled(
          globalThis.netocr.createClient({ endpoint: url, token: 'x' }).checkLiveness(globalThis.files()[0]),
        ),
      `${endpoint.url}/netocr`,
    );
  const { value } = await call(other);
  assert.equal(value.sandbox, true);
  assert.notEqual(value.requestId, '');
  assert.equal((await call(closed)).code, 'NETWORK_ERROR');
});

test('a file that changes after it was chosen is INPUT_UNREADABLE', async (t) => {
  const site = await startSite(t);
  const path = join(app.folder, 'changing.jpg');
  await copyFile(files.a, path);
  const { page } = await openPage(t, site, [path]);
  await writeFile(path, 'something else');
  const error = await page.evaluate(inspectFirst);
  assert.deepEqual([error.code, error.index, error.detail], ['INPUT_UNREADABLE', 0, 'NotReadableError']);
});
