// The READMEs: their snippets run, both say the same, and every public name, option, field, error code and scenario has
// its place in both.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as proxyExports from 'netocr-proxy';
import * as sandboxExports from 'netocr-proxy/sandbox';
import * as nodeExports from 'netocr-wasm';
import { build } from 'vite';
import { serve } from '../../scripts/serve.mjs';
import * as browserExports from '../../web/client/index.js';
import { CODES } from '../../web/client/shared/messages.js';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { originOf } from './demo-page.mjs';
import { drawPhoto } from './photos.mjs';

const kRoot = fileURLToPath(new URL('../..', import.meta.url));
// Inside the package, so that its own name leads to it.
const kWorkFolder = join(kRoot, 'build/readme');
const kTokenSecret = 'a-token-secret-of-at-least-32-bytes';
const readText = (path) => readFile(join(kRoot, path), 'utf8');
const english = await readText('README.md');
const chinese = await readText('README.zh-CN.md');
const kReadmes = [
  ['README.md', english],
  ['README.zh-CN.md', chinese],
];

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

/** Fenced blocks with the snippet's name, if they have one. */
function blocksOf(text) {
  const pattern = /(?:<!-- snippet: (\w+) -->\n)?```(\w*)\n([\s\S]*?)```/g;
  return [...text.matchAll(pattern)].map(([, name, language, code]) => ({ name, language, code }));
}

const snippets = Object.fromEntries(
  blocksOf(english)
    .filter(({ name }) => name)
    .map(({ name, code }) => [name, code]),
);

/** Writes a snippet down, with the test's own server in place of the README's. */
async function write(name, file) {
  const code = snippets[name].replaceAll('http://localhost:8080', originOf(server));
  const path = join(kWorkFolder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
  return path;
}

describe('snippets', () => {
  const kRunHere = ['page', 'client', 'proxy', 'mint', 'verify', 'vite', 'node', 'heic'];
  test('each block of code has a test below', () => {
    const names = blocksOf(english)
      .filter(({ language }) => language === 'js' || language === 'html')
      .map(({ name }) => name);
    assert.deepEqual(names.toSorted(), kRunHere.toSorted());
  });

  test('page: two photos, the verdict', async () => {
    const site = await startPageServer(snippets.page);
    const { page, verify } = await openWatchedPage(browser);
    await page.goto(site.origin);
    const file = { name: 'me.jpg', mimeType: 'image/jpeg', buffer: photo };
    await page.locator('#first').setInputFiles(file);
    await page.locator('#second').setInputFiles(file);
    await page.locator('#compare').click();
    await page.locator('#verdict:has-text("pass")').waitFor();
    await page.locator('#second').setInputFiles({ ...file, buffer: Buffer.from('no photo') });
    await page.locator('#compare').click();
    await page.locator('#verdict:has-text("not a photo")').waitFor();
    await verify();
    await site.close();
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
    const { scripts, bin } = JSON.parse(await readText('package.json'));
    const commands = blocksOf(english)
      .filter(({ language }) => language === 'sh')
      .map(({ code }) => code)
      .join('\n');
    for (const [, name] of commands.matchAll(/npm run (\w+)/g)) assert.ok(name in scripts, name);
    for (const name of ['start', 'test']) {
      assert.match(commands, new RegExp(`^npm ${name} `, 'm'));
      assert.ok(name in scripts);
    }
    for (const [, name] of commands.matchAll(/npx ([\w-]+)/g)) assert.ok(name in bin, name);
  });
});

/** A site whose only page is the snippet, with the package under node_modules and the proxy behind it. */
async function startPageServer(html) {
  const site = http.createServer((request, response) => {
    if (request.url === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    if (request.url === '/favicon.ico') return response.writeHead(204).end();
    const path = request.url.replace('/node_modules/netocr-wasm/', '/');
    const { host, ...headers } = request.headers;
    const onward = http.request(
      new URL(path, originOf(server)),
      { method: request.method, headers: { ...headers, host } },
      (reply) => {
        response.writeHead(reply.statusCode, reply.headers);
        reply.pipe(response);
      },
    );
    request.pipe(onward);
  });
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${site.address().port}`,
    close: () => new Promise((resolve) => site.close(resolve).closeAllConnections()),
  };
}

describe('both READMEs', () => {
  test('have the same code', () => {
    const codeOf = (text) => blocksOf(text).map(({ code }) => code.replace(/\s+#.*$/gm, ''));
    assert.deepEqual(codeOf(chinese), codeOf(english));
  });

  test('have the same parts and the same names in the same tables', () => {
    const levels = (text) =>
      [...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+(?= )/gm)].map(([marks]) => marks);
    assert.deepEqual(levels(chinese), levels(english));
    const rows = (text) => [...text.matchAll(/^\| (`[A-Za-z_.]+`)/gm)].map(([, name]) => name);
    assert.deepEqual(rows(chinese), rows(english));
  });

  for (const [file, text] of kReadmes) {
    test(`${file} has a row for every error code, and no other`, () => {
      const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| \S.*\|$/gm)]
        .map(([, code]) => code)
        .filter((code) => !code.startsWith('NETOCR_') && code !== 'PORT');
      assert.deepEqual(rows.toSorted(), Object.keys(CODES).toSorted());
    });

    test(`${file} names every public export`, () => {
      for (const exported of [browserExports, nodeExports, proxyExports, sandboxExports]) {
        for (const name of Object.keys(exported))
          assert.match(text, new RegExp(`\`[^\`]*\\b${name}\\b`), name);
      }
    });

    test(`${file} names every option and every field of a result`, async () => {
      const types = await readText('web/client/shared/types.js');
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

    test(`${file} names every scenario of the sandbox`, () => {
      for (const { name } of sandboxExports.SCENARIOS) assert.ok(text.includes(`\`${name}\``), name);
    });

    test(`${file} links to files that exist`, async () => {
      for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) await access(join(kRoot, target));
    });

    test(`${file} begins with one sentence and a snippet`, () => {
      const [title, sentence] = text.split('\n\n');
      assert.equal(title, '# netocr-wasm');
      assert.equal([...sentence.matchAll(/[.。](?:\s|$)/g)].length, 1);
      assert.ok(
        text.indexOf('```html') < text.indexOf('```sh') && text.indexOf('```sh') < text.indexOf('\n## '),
      );
    });
  }
});
