// The demo server: what a browser may read, its headers, and the choice between the service and the sandbox.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { serve } from '../../scripts/serve.mjs';
import { byName, fieldsOf, requestOf } from '../sandbox/helpers.mjs';
import { listen, openSocket } from './helpers.mjs';

const SERVE = fileURLToPath(new URL('../../scripts/serve.mjs', import.meta.url));

/** A checkout with the files that matter, and some that must stay private. */
async function makeCheckout(t) {
  const root = await mkdtemp(join(tmpdir(), 'netocr-serve-'));
  t.after(() => rm(root, { recursive: true }));
  const files = {
    'web/demo/index.html': '<!doctype html>demo',
    'web/demo/demo.js': 'demo',
    'web/demo/.env': 'planted',
    'web/demo/notes.md': 'planted',
    'web/client/worker/entry.js': 'worker',
    'web/proxy/index.js': 'planted',
    'web/client/dist/core.mjs': 'core',
    'web/client/dist/core.wasm': '\0asm',
    'node_modules/libheif-js/libheif-wasm/libheif-bundle.js': 'heic',
    'node_modules/libheif-js/package.json': '{"planted":1}',
    'node_modules/libheif-js/libheif/libheif.js': 'planted',
    'node_modules/other/index.js': 'planted',
    'web/client-old/core.mjs': 'planted',
    'package.json': '{"planted":1}',
    'secret.json': '{"planted":1}',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  await symlink(join(root, 'secret.json'), join(root, 'web/demo/link.json'));
  await symlink(root, join(root, 'web/demo/up'));
  return root;
}

async function start(t, options = {}) {
  const site = await serve({ port: 0, env: {}, ...options });
  t.after(() => site.close({ graceMs: 50 }));
  return site;
}

test('serves the demo, the sources and the module with types and a strict policy', async (t) => {
  const site = await start(t, { root: await makeCheckout(t) });
  const table = [
    ['web/demo/', 'text/html; charset=utf-8', '<!doctype html>demo'],
    ['web/demo/demo.js?x=1', 'text/javascript; charset=utf-8', 'demo'],
    ['web/client/worker/entry.js', 'text/javascript; charset=utf-8', 'worker'],
    ['web/client/dist/core.mjs', 'text/javascript; charset=utf-8', 'core'],
    ['web/client/dist/core.wasm', 'application/wasm', '\0asm'],
    ['node_modules/libheif-js/libheif-wasm/libheif-bundle.js', 'text/javascript; charset=utf-8', 'heic'],
    ['', 'text/html; charset=utf-8', '<!doctype html>demo'],
  ];
  for (const [path, type, text] of table) {
    const reply = await fetch(site.url + path);
    assert.equal(reply.status, 200, path);
    assert.equal(await reply.text(), text);
    assert.equal(reply.headers.get('content-type'), type);
    assert.equal(reply.headers.get('x-content-type-options'), 'nosniff');
    const policy = reply.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
    assert.ok(!/'unsafe-(eval|inline)'/.test(policy));
  }
  const redirect = await fetch(site.url, { redirect: 'manual' });
  assert.equal(redirect.headers.get('location'), '/web/demo/');
  const head = await fetch(`${site.url}web/client/dist/core.wasm`, { method: 'HEAD' });
  assert.equal(head.headers.get('content-length'), '4');
  const again = await fetch(`${site.url}web/client/dist/core.wasm`, {
    headers: { 'if-none-match': head.headers.get('etag') },
  });
  assert.equal(again.status, 304);
  assert.equal((await fetch(`${site.url}web/demo/`, { method: 'POST' })).status, 405);
});

test('nothing else of the checkout can be read', async (t) => {
  const site = await start(t, { root: await makeCheckout(t) });
  const paths = [
    '/package.json',
    '/secret.json',
    '/web/proxy/index.js',
    '/web/demo/../../package.json',
    '/web/demo/%2e%2e/%2e%2e/package.json',
    '/web/demo/..%2f..%2fpackage.json',
    '/web/demo/..%5c..%5cpackage.json',
    '/web/demo/....//package.json',
    '/web/demo//../package.json',
    '/web/demo/.env',
    '/web/demo/%2eenv',
    '/web/demo/notes.md',
    '/web/demo/link.json',
    '/web/demo/up/secret.json',
    '/web/demo/demo.js%00.html',
    '/web/demo/demo.js/',
    '/web/demo',
    '/web',
    '/web/client/dist',
    '/web/client-old/core.mjs',
    '/node_modules/libheif-js/package.json',
    '/node_modules/libheif-js/libheif/libheif.js',
    '/node_modules/libheif-js/libheif-wasm/../package.json',
    '/node_modules/other/index.js',
    '/distant',
    '/%',
    '//etc/passwd',
    '/etc/passwd',
  ];
  for (const path of paths) {
    // By hand: fetch would tidy the path up.
    const client = await openSocket(t, site.port, [
      `GET ${path} HTTP/1.1`,
      `Host: localhost:${site.port}`,
      'Connection: close',
    ]);
    await client.closed;
    assert.match(client.text(), /^HTTP\/1\.1 (404|400) /, path);
    assert.ok(!client.text().includes('planted'), path);
  }
});

test('without credentials the sandbox answers through the proxy and says so', async (t) => {
  const lines = [];
  const site = await start(t, { log: (line) => lines.push(line) });
  assert.equal(site.sandbox, true);
  assert.deepEqual(await (await fetch(`${site.url}netocr/info`)).json(), { sandbox: true });
  const scenarios = await (await fetch(`${site.url}netocr/sandbox/scenarios`)).json();
  assert.ok(scenarios.some(({ name }) => name === 'swapped-person'));
  for (const [name, scenario, status] of [
    ['compareFaces', undefined, 200],
    ['matchIdCardFile', 'pass', 200],
    ['checkVideoLiveness', 'http-500', 502],
  ]) {
    const operation = byName(name);
    const { key, secret, ...fields } = fieldsOf(operation);
    const made = requestOf(operation, fields);
    const reply = await fetch(`${site.url}netocr/${operation.path}`, {
      method: 'POST',
      body: Buffer.from(await new Response(made.body).arrayBuffer()),
      headers: {
        'content-type': made.headers.get('content-type'),
        origin: site.url.slice(0, -1),
        ...(scenario && { 'x-sandbox-scenario': scenario }),
      },
    });
    assert.equal(reply.status, status);
    assert.equal(reply.headers.get('x-netocr-sandbox'), '1');
    const text = await reply.text();
    if (status === 200) assert.match(text, /判定结果.*是/);
  }
  assert.deepEqual(
    lines.map(({ code }) => code),
    ['OK', 'OK', 'OK', 'OK', 'UPSTREAM_ERROR'],
  );
});

test('with credentials it is not the sandbox; with one of the two it does not start', async (t) => {
  const site = await start(t, { env: { NETOCR_KEY: 'k', NETOCR_SECRET: 's' } });
  assert.equal(site.sandbox, false);
  assert.deepEqual(await (await fetch(`${site.url}netocr/info`)).json(), { sandbox: false });
  assert.equal((await fetch(`${site.url}netocr/sandbox/scenarios`)).status, 404);
  for (const [env, pattern] of [
    [{ NETOCR_KEY: 'planted' }, /^NETOCR_KEY is set but NETOCR_SECRET is not/],
    [{ NETOCR_SECRET: 'planted' }, /^NETOCR_SECRET is set but NETOCR_KEY is not/],
    [{ PORT: 'planted' }, /^PORT must be a number/],
    [{ PORT: '65536' }, /^PORT must be a number/],
    [{ NETOCR_REVEAL: 'all' }, /^NETOCR_REVEAL: "all" is not one of verdict/],
    [{ NETOCR_REVEAL: '' }, /^NETOCR_REVEAL is empty/],
  ]) {
    await assert.rejects(
      serve({ env }),
      (error) => pattern.test(error.message) && !error.message.includes('planted'),
    );
  }
});

test('a taken port is told with what to do', async (t) => {
  const taken = createServer();
  await listen(t, taken);
  const { port } = taken.address();
  const message = new RegExp(`^port ${port} is in use: .*PORT=${port + 1} npm start`);
  await assert.rejects(serve({ env: { PORT: String(port) } }), { message });
});

test('foreign host names are refused (DNS rebinding)', async (t) => {
  const site = await start(t);
  for (const [host, status] of [
    ['localhost', 200],
    ['127.0.0.1', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
  ]) {
    const client = await openSocket(t, site.port, [
      'GET /netocr/info HTTP/1.1',
      `Host: ${host}:${site.port}`,
      'Connection: close',
    ]);
    await client.closed;
    assert.match(client.text(), new RegExp(`^HTTP/1\\.1 ${status} `), host);
  }
});

test('run as a program it says what it serves and ends on a signal', async (t) => {
  for (const [env, pattern, signal] of [
    [{}, /^SANDBOX: .*\ndemo: http:\/\/localhost:\d+\/\n$/, 'SIGINT'],
    [
      { NETOCR_KEY: 'planted', NETOCR_SECRET: 'planted' },
      /^calls go to https:\/\/netocr\.com .*\ndemo: /,
      'SIGTERM',
    ],
  ]) {
    const child = spawn(process.execPath, [SERVE], { env: { PATH: process.env.PATH, PORT: '0', ...env } });
    t.after(() => child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    const exit = once(child, 'close');
    while (!output.includes('demo: ')) await once(child.stdout, 'data');
    child.kill(signal);
    assert.deepEqual(await exit, [0, null]);
    assert.match(output, pattern);
    assert.ok(!output.includes('planted'));
  }
});
