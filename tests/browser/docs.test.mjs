// The documentation: its snippets run, and every public name, option, field, error code and scenario is documented.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as proxyExports from 'netocr-proxy';
import * as sandboxExports from 'netocr-proxy/sandbox';
import * as nodeExports from 'netocr-wasm';
import { build } from 'vite';
import { serve } from '../../scripts/serve.mjs';
import * as browserExports from '../../web/client/index.js';
import { CODES } from '../../web/client/shared/messages.js';
import { blocksOf, listPages, ROOT, readAllPages, readPage } from '../fixtures/pages.mjs';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { originOf } from './demo-page.mjs';
import { drawPhoto } from './photos.mjs';

// Inside the package, so that its own name leads to it.
const kWorkFolder = join(ROOT, 'build/docs');
const kTokenSecret = 'a-token-secret-of-at-least-32-bytes';
const english = (await Promise.all((await listPages()).map(({ en }) => readPage(en)))).join('\n');

let server;
let browser;
let photo;

before(async () => {
  await rm(kWorkFolder, { recursive: true, force: true });
  await mkdir(kWorkFolder, { recursive: true });
  server = await serve({ port: 0, env: {} });
  browser = await launchBrowser();
  const canvas = await openWatchedPage(browser);
  photo = await drawPhoto(canvas.page, { seed: 6, width: 1600, height: 1200 });
  await canvas.verify();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const snippets = Object.fromEntries(
  blocksOf(english)
    .filter(({ name }) => name)
    .map(({ name, code }) => [name, code]),
);

/** Writes a snippet down, with the test's own server in place of the page's. */
async function write(name, file) {
  const code = snippets[name].replaceAll('http://localhost:8080', originOf(server));
  const path = join(kWorkFolder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
  return path;
}

describe('snippets', () => {
  const kRunHere = ['readme', 'backend', 'page', 'client', 'proxy', 'mint', 'verify', 'vite', 'node', 'heic'];
  test('each block of code has a test below', () => {
    const names = blocksOf(english)
      .filter(({ language }) => language === 'js' || language === 'html')
      .map(({ name }) => name);
    assert.deepEqual(names.toSorted(), kRunHere.toSorted());
  });

  describe('getting started, copied as it is', () => {
    let site;
    before(async () => {
      site = await startPastedSite();
    });
    after(() => site?.close());

    test('the page shows the verdict, the backend decides', async () => {
      const other = await drawOther();
      const { page, verify } = await openWatchedPage(browser);
      await page.goto(site.origin);
      const shown = (text) => page.locator(`#verdict:has-text("${text}")`).waitFor();
      await choose(page, photo, photo);
      const sent = page.waitForRequest('**/decision');
      await page.locator('#compare').click();
      await shown('pass: accepted');
      const receipt = (await sent).postData();
      await choose(page, photo, other);
      await page.locator('#compare').click();
      await shown('fail: not accepted');
      await choose(page, photo, Buffer.from('no photo'));
      await page.locator('#compare').click();
      await shown('not a photo');
      await verify();
      assert.deepEqual(await decide(receipt), [200, 'not accepted'], 'the same receipt once more');
      assert.deepEqual(await decide('a.b.c'), [400, 'RECEIPT_INVALID']);
    });

    test('the code of the README works with this backend', async () => {
      const { page, verify } = await openWatchedPage(browser);
      await page.route('**/readme.html', (route) =>
        route.fulfill({ contentType: 'text/html', body: readmePage() }),
      );
      await page.goto(`${site.origin}/readme.html`);
      await choose(page, photo, photo);
      await page.locator('#compare').click();
      await page.locator('#verdict:has-text("pass: accepted")').waitFor();
      await verify();
    });

    /** @returns {Promise<[number, string]>} status and text of the backend's decision */
    async function decide(receipt) {
      const reply = await fetch(`${site.origin}/decision`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: receipt,
      });
      return [reply.status, await reply.text()];
    }
  });

  test('client: yes for a photo, no for anything else', async (context) => {
    context.mock.method(console, 'log', () => {});
    const warned = context.mock.method(console, 'warn', () => {});
    const { isLive, leave } = await import(pathToFileURL(await write('client', 'client.mjs')).href);
    assert.equal(await isLive(photo), true);
    assert.equal(await isLive(Buffer.from('no photo')), false);
    assert.deepEqual(warned.mock.calls.at(-1).arguments, [
      'no verdict:',
      'NetocrError',
      'UNRECOGNIZED_FORMAT',
    ]);
    leave();
    assert.equal(await isLive(photo), false);
  });

  test('node: prepares, checks and ends', async () => {
    const path = await write('node', 'node/snippet.mjs');
    await writeFile(join(dirname(path), 'photo.jpg'), photo);
    const { stdout } = await promisify(execFile)(process.execPath, [path], { cwd: dirname(path) });
    const [, bytes] = /^1600 x 1200, (\d+) bytes\npass 2000\n$/.exec(stdout) ?? assert.fail(stdout);
    assert.ok(Number(bytes) <= 100 * 1024);
    assert.equal((await readFile(join(dirname(path), 'prepared.jpg'))).length, Number(bytes));
  });

  test('proxy: a handler that answers', async () => {
    const path = await write('proxy', 'proxy.mjs');
    const script = `import handler from ${JSON.stringify(pathToFileURL(path).href)};
      const reply = await handler.fetch(new Request('http://localhost/netocr/info'));
      console.error(reply.status, await reply.text());`;
    const env = {
      ...process.env,
      NETOCR_KEY: 'a-key',
      NETOCR_SECRET: 'a-secret',
      NETOCR_TOKEN_SECRET: kTokenSecret,
    };
    const { stderr, stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', script],
      { env },
    );
    assert.equal(stderr.trim(), '200 {"sandbox":false}');
    assert.equal(JSON.parse(stdout).path, '/info');
    assert.doesNotMatch(stdout, /a-key|a-secret|a-token-secret/);
  });

  test('mint: a token with the claims that the text tells', async () => {
    const path = await write('mint', 'mint.mjs');
    const env = { ...process.env, NETOCR_TOKEN_SECRET: kTokenSecret };
    const { stdout } = await promisify(execFile)(process.execPath, [path], { env });
    const claims = JSON.parse(Buffer.from(stdout.split('.')[1], 'base64url'));
    assert.deepEqual(claims.aud, ['matchIdCard', 'checkVideoLiveness']);
    assert.deepEqual(claims.uses, { matchIdCard: 3, checkVideoLiveness: 1 });
    assert.deepEqual([claims.sub, claims.origin], ['case-4711', 'https://www.example.com']);
    assert.ok(Math.abs(claims.exp - claims.iat - 600) <= 1);
  });

  test('verify: no receipt, no account', async () => {
    const path = await write('verify', 'verify.mjs');
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    process.env.NETOCR_RECEIPT_PUBLIC_KEY = publicKey.export({ type: 'spki', format: 'pem' });
    const { mayOpenAccount } = await import(pathToFileURL(path).href);
    assert.equal(await mayOpenAccount('a.b.c', 'case-4711'), null);
    await assert.rejects(mayOpenAccount('a.b.c', ''), TypeError);
  });

  test('heic: Vite gives the decoder an address of its own', async () => {
    const input = await write('heic', 'heic.js');
    const built = await build({
      root: kWorkFolder,
      configFile: false,
      logLevel: 'error',
      build: { write: false, assetsInlineLimit: 0, rollupOptions: { input } },
    });
    const names = [built].flat().flatMap(({ output }) => output.map(({ fileName }) => fileName));
    const [, ending] = /libheif-bundle(\.m?js)\?url/.exec(await readFile(input, 'utf8'));
    assert.ok(
      names.some((name) => name.includes('libheif-bundle-') && name.endsWith(ending)),
      names.join(', '),
    );
  });

  test('vite: a configuration that leaves the package whole', async () => {
    const { default: config } = await import(pathToFileURL(await write('vite', 'vite.config.mjs')).href);
    assert.deepEqual(config.optimizeDeps.exclude, ['netocr-wasm']);
    assert.equal(config.worker.format, 'es');
  });

  test('commands: the scripts and the program exist', async () => {
    const { scripts } = JSON.parse(await readPage('package.json'));
    const { bin } = JSON.parse(await readPage('web/proxy/package.json'));
    const commands = blocksOf(english)
      .filter(({ language }) => language === 'sh')
      .map(({ code }) => code)
      .join('\n');
    for (const [, name] of commands.matchAll(/npm run (\w+)/g)) assert.ok(name in scripts, name);
    for (const name of ['start', 'test']) {
      assert.match(commands, new RegExp(`^npm ${name} `, 'm'));
      assert.ok(name in scripts);
    }
    // Without `--` npx takes the options for its own, without `--no` it downloads what is not installed.
    const calls = [
      ...`${english}\n${await readPage('web/proxy/README.md')}`.matchAll(/\bnpx ((?:--\S* )+)(\w[\w-]*)/g),
    ];
    assert.ok(calls.length >= 5);
    for (const [, options, name] of calls) {
      assert.equal(options, '--no -- ');
      assert.ok(name in bin, name);
    }
  });
});

/** Another picture than `photo`. */
async function drawOther() {
  const canvas = await openWatchedPage(browser);
  const other = await drawPhoto(canvas.page, { seed: 7, width: 800, height: 600 });
  await canvas.verify();
  return other;
}

/** Chooses two files in a page with the fields of the snippet. */
async function choose(page, first, second) {
  const fileOf = (buffer) => ({ name: 'me.jpg', mimeType: 'image/jpeg', buffer });
  await page.locator('#first').setInputFiles(fileOf(first));
  await page.locator('#second').setInputFiles(fileOf(second));
}

/** The README's snippet in a page; a map takes the place of the bundler. */
function readmePage() {
  return `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
    <input type="file" id="first"><input type="file" id="second">
    <button id="compare">Compare</button><output id="verdict"></output>
    <script type="importmap">{"imports": {"netocr-wasm": "/netocr-wasm/index.js"}}</script>
    <script type="module">
      ${snippets.readme}
      const byId = (id) => document.getElementById(id);
      byId('compare').onclick = async () => {
        const { verdict, decision } = await compare(byId('first').files[0], byId('second').files[0]);
        byId('verdict').value = verdict + ': ' + decision;
      };
    </script>`;
}

/** The files of the page "Getting started", run as that page says, on a free port. */
async function startPastedSite() {
  const folder = join(kWorkFolder, 'getting-started');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'server.mjs'), snippets.backend);
  await writeFile(join(folder, 'index.html'), snippets.page);
  const { NETOCR_KEY, NETOCR_SECRET, ...env } = process.env;
  const child = spawn(process.execPath, ['server.mjs'], {
    cwd: folder,
    env: { ...env, PORT: String(await findFreePort()) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => assert.fail(`the backend ended with ${code}`)),
  ]);
  const [, origin] = /^open (http:\S+)\n$/.exec(String(line)) ?? assert.fail(String(line));
  return {
    origin,
    async close() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

/** @returns {Promise<number>} a port on which nobody listens */
async function findFreePort() {
  const probe = createServer().listen(0, 'localhost');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe('what is documented', () => {
  for (const [lang, folder] of [
    ['en', 'docs'],
    ['zh', 'docs/zh-CN'],
  ]) {
    const client = `${folder}/client.md`;
    const sandbox = `${folder}/sandbox.md`;
    const errors = `${folder}/errors.md`;

    test(`${errors} has a row for every error code, and no other`, async () => {
      const text = await readPage(errors);
      const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| \S.*\|$/gm)].map(([, code]) => code);
      assert.deepEqual(rows.toSorted(), Object.keys(CODES).toSorted());
    });

    test(`the pages (${lang}) name every public export`, async () => {
      const text = await readAllPages(lang);
      for (const exported of [browserExports, nodeExports, proxyExports, sandboxExports]) {
        for (const name of Object.keys(exported))
          assert.match(text, new RegExp(`\`[^\`]*\\b${name}\\b`), name);
      }
    });

    test(`${client} names every option and every field of a result`, async () => {
      const text = await readPage(client);
      const types = await readPage('web/client/shared/types.js');
      const wanted = [
        'ClientOnlyOptions',
        'EngineOptions',
        'ImageOptions',
        'VideoOptions',
        'LimitOptions',
        'CallOptions',
        'Progress',
        'ResultDetails',
        'ClearVerdict',
        'UnclearVerdict',
        'WithheldVerdict',
        'Score',
        'VideoSignals',
        'IdCard',
        'PreparedImage',
        'ImageInfo',
        'VideoInfo',
        'Client',
      ];
      for (const type of wanted) {
        const [, body] =
          new RegExp(`@typedef \\{object\\} ${type}\\n([\\s\\S]*?)\\*/`).exec(types) ?? assert.fail(type);
        const names = [...body.matchAll(/^ \* @property \{.*\} \[?(\w+)\]?(?: |$)|^ \* {3}(\w+) does/gm)].map(
          ([, a, b]) => a ?? b,
        );
        assert.ok(names.length > 0, type);
        for (const name of names) assert.match(text, new RegExp(`\`[^\`]*\\b${name}\\b`), `${type}.${name}`);
      }
    });

    test(`${sandbox} names every scenario of the sandbox`, async () => {
      const text = await readPage(sandbox);
      for (const { name } of sandboxExports.SCENARIOS) assert.ok(text.includes(`\`${name}\``), name);
    });
  }
});
