// The proxy inside Express, Fastify and workerd, behind nginx: the worked examples, as they are.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Miniflare } from 'miniflare';
import { build } from 'vite';
import { mintToken, verifyReceipt } from '../../web/proxy/index.js';
import { PASS } from '../fixtures/server.mjs';
import { until } from '../fixtures/until.mjs';
import {
  checkLog,
  errorOf,
  FACE,
  FILE,
  FORM,
  formBody,
  KEY,
  multipartBody,
  OK_REPLY,
  post,
  SECRET,
  startUpstream,
  TOKEN_SECRET,
} from './helpers.mjs';
import { freePort, startCommand } from './process.mjs';

const ORIGIN = 'https://a.example';
const fromRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const example = (name) => fromRoot(`examples/proxy/${name}`);
const bindings = (upstream) => ({
  NETOCR_KEY: KEY,
  NETOCR_SECRET: SECRET,
  NETOCR_TOKEN_SECRET: TOKEN_SECRET,
  NETOCR_ALLOWED_ORIGINS: ORIGIN,
  NETOCR_UPSTREAM: upstream,
});

const mint = (operation, uses = 1) =>
  mintToken({ secret: TOKEN_SECRET, operations: [operation], origin: ORIGIN, uses });

/** What every adapter must do: forward, refuse, stream, count the uses of a token. */
async function checkAdapter(proxy, upstream) {
  const token = await mint('compareFaces');
  const headers = { origin: ORIGIN, authorization: `Bearer ${token}` };
  const body = formBody(FACE, 'A'.repeat(300_000));
  const reply = await post(proxy, FACE, body, headers);
  assert.equal(await reply.text(), OK_REPLY);
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('access-control-allow-origin'), ORIGIN);
  assert.match(reply.headers.get('x-request-id'), /^[0-9a-f-]{36}$/);
  const record = upstream.records.at(-1);
  assert.equal(
    record.body().toString(),
    `key=${encodeURIComponent(KEY)}&secret=${encodeURIComponent(SECRET)}&${body}`,
  );
  assert.equal(record.headers['content-length'], String(record.body().length));
  // What is refused is small: a runtime may close the connection when it has answered before a large body's end, and the
  // client may take that connection for its next request.
  const small = formBody(FACE);
  assert.equal((await errorOf(await post(proxy, FACE, small, headers))).code, 'TOKEN_USED_UP');

  const files = { origin: ORIGIN, authorization: `Bearer ${await mint('matchIdCard')}` };
  const card = await post(proxy, FILE, multipartBody(FILE, Buffer.alloc(100_000, 0xd8)), files);
  assert.equal(card.status, 200);
  await card.text();

  const seen = upstream.records.length;
  const table = [
    [post(proxy, FACE, small, { origin: ORIGIN }), 401, 'TOKEN_MISSING'],
    [post(proxy, FACE, small, { ...headers, origin: 'https://b.example' }), 403, 'REQUEST_REFUSED'],
    [fetch(`${proxy.url}/${FACE.path}x`, { method: 'POST', body: 'x', headers }), 404, 'REQUEST_REFUSED'],
    [fetch(`${proxy.url}/${FACE.path}`, { headers }), 405, 'REQUEST_REFUSED'],
  ];
  for (const [pending, status, code] of table) {
    const { message, ...error } = await errorOf(await pending);
    assert.deepEqual(error, { status, code });
  }
  const fresh = { origin: ORIGIN, authorization: `Bearer ${await mint('compareFaces')}` };
  const own = await errorOf(await post(proxy, FACE, `key=planted&${formBody(FACE)}`, fresh));
  assert.equal(own.code, 'REQUEST_REFUSED');
  assert.equal(upstream.records.length, seen, 'nothing refused reached the service');
}

/** Starts an example of a Node server; resolves with where it listens. */
async function startExample(t, name, env) {
  const child = spawn(process.execPath, [example(name)], {
    env: { PATH: process.env.PATH, PORT: '0', ...env },
  });
  let text = '';
  let log = '';
  child.stderr.on('data', (data) => {
    text += data;
  });
  child.stdout.on('data', (data) => {
    log += data;
  });
  t.after(async () => {
    child.kill('SIGKILL');
    await closed;
    checkLog(log);
  });
  const closed = once(child, 'close');
  while (!/listens on/.test(text)) {
    await Promise.race([once(child.stderr, 'data'), closed.then(() => Promise.reject(new Error(text)))]);
  }
  return /listens on (http:\S+)\/netocr/.exec(text)[1];
}

for (const name of ['express.mjs', 'fastify.mjs']) {
  test(`examples/proxy/${name}`, async (t) => {
    const upstream = await startUpstream(t);
    const origin = await startExample(t, name, bindings(upstream.url));
    await checkAdapter({ url: `${origin}/netocr` }, upstream);
    const echo = await fetch(`${origin}/echo`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    assert.deepEqual(await echo.json(), { a: 1 }, "the app's own parsers work as before");
  });
}

test('examples/proxy/express.mjs: tokens on a port of their own', async (t) => {
  const upstream = await startUpstream(t);
  const mintSecret = 'planted-mint-secret-of-32-bytes-00';
  const port = await freePort();
  const env = { NETOCR_MINT_SECRET: mintSecret, NETOCR_INTERNAL_PORT: String(port) };
  const origin = await startExample(t, 'express.mjs', { ...bindings(upstream.url), ...env });
  const ask = (url) =>
    fetch(url, {
      method: 'POST',
      body: JSON.stringify({ operations: ['compareFaces'], origin: ORIGIN, applicantId: 'a' }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${mintSecret}` },
    });
  const reply = await ask(`http://127.0.0.1:${port}/tokens`);
  assert.equal(reply.status, 201);
  const { token } = await reply.json();
  const headers = { origin: ORIGIN, authorization: `Bearer ${token}` };
  assert.equal((await post({ url: `${origin}/netocr` }, FACE, formBody(FACE), headers)).status, 200);
  assert.equal((await ask(`${origin}/netocr/tokens`)).status, 404);
  assert.equal((await ask(`http://127.0.0.1:${port}/%74okens`)).status, 404);
});

test('a body that a parser has read is an error that says what to do', async (t) => {
  const { default: express } = await import('express');
  const { createMiddleware } = await import('../../web/proxy/node/index.js');
  const app = express();
  app.use(express.urlencoded());
  app.use(
    '/netocr',
    createMiddleware(() => assert.fail('never called')),
  );
  app.use((error, _request, response, _next) => response.status(500).send(error.message));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const reply = await fetch(`http://127.0.0.1:${server.address().port}/netocr/${FACE.path}`, {
    method: 'POST',
    body: formBody(FACE),
    headers: { 'content-type': FORM },
  });
  assert.match(await reply.text(), /mount it before parsers/);
});

/** As deployment tools do: a .wasm file is a module of the worker, beside its script. */
const wasmBeside = {
  name: 'wasm-beside',
  enforce: 'pre',
  resolveId: (source) =>
    source === 'netocr-wasm/core.wasm' ? { id: './core.wasm', external: true } : undefined,
};

/** An edge example as one module, as a deployment tool makes it. */
async function bundleEdge(name) {
  const { output } = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [wasmBeside],
    build: {
      write: false,
      minify: false,
      ssr: example(name),
      rollupOptions: { output: { format: 'es' } },
    },
    ssr: { target: 'webworker', noExternal: true },
  });
  assert.equal(output.length, 1, 'nothing is loaded later');
  return output[0].code;
}

test('examples/proxy/edge.mjs in workerd', async (t) => {
  const code = await bundleEdge('edge.mjs');
  for (const absent of ['node:', 'pino', 'prom-client', '@redis/client', 'core.mjs']) {
    assert.ok(!new RegExp(`(from|import)\\s*\\(?\\s*['"][^'"]*${absent}`).test(code), absent);
  }
  const upstream = await startUpstream(t);
  const worker = new Miniflare({
    modules: true,
    script: code,
    compatibilityDate: '2026-01-01',
    bindings: bindings(upstream.url),
  });
  t.after(() => worker.dispose());
  const url = await worker.ready;
  // An isolate with a memory of its own takes no token that was minted before it began (times of tokens are seconds).
  const info = await fetch(`${url.origin}/netocr/info`);
  assert.deepEqual(await info.json(), { sandbox: false });
  const began = Math.floor(Date.now() / 1000);
  await until(() => Math.floor(Date.now() / 1000) > began, 'a token can be minted after the isolate began');
  await checkAdapter({ url: `${url.origin}/netocr` }, upstream);
});

/** The worker of edge-reveal.mjs, with its core as a module beside it. */
async function startRevealing(t, more) {
  const code = await bundleEdge('edge-reveal.mjs');
  assert.match(code, /from ['"]\.\/core\.wasm['"]/);
  const worker = new Miniflare({
    modules: [
      { type: 'ESModule', path: 'edge-reveal.mjs', contents: code },
      {
        type: 'CompiledWasm',
        path: 'core.wasm',
        contents: await readFile(fromRoot('web/client/dist/core.wasm')),
      },
    ],
    compatibilityDate: '2026-01-01',
    bindings: more,
  });
  t.after(() => worker.dispose());
  return `${(await worker.ready).origin}/netocr`;
}

test('examples/proxy/edge-reveal.mjs in workerd: the core writes the reply, receipts reach the webhook', async (t) => {
  // The first attempt fails: the second comes when the reply is long with the page.
  const statuses = [503];
  const hook = await startUpstream(t, {
    reply: (_request, response) => response.writeHead(statuses.shift() ?? 204).end(),
  });
  const upstream = await startUpstream(t, { reply: (_request, response) => response.end(PASS) });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const url = await startRevealing(t, {
    ...bindings(upstream.url),
    NETOCR_ALLOW_ANONYMOUS: '1',
    NETOCR_ALLOW_ANONYMOUS_ON_NETWORK: '1',
    NETOCR_REVEAL: 'score',
    NETOCR_RECEIPT_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    NETOCR_WEBHOOK_URL: hook.url,
  });
  // What one request made must not be of use to the next: workerd refuses that.
  assert.deepEqual(await (await fetch(`${url}/info`)).json(), { sandbox: false });
  const verify = (receipt) =>
    verifyReceipt(receipt, {
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
      applicantId: null,
    });
  const said = JSON.parse(PASS).infoList.flatMap(({ veritem }) => veritem);
  for (const [format, shown] of [
    [
      'json',
      '{"messageString":{"status":"2000","value":""},"infoList":[{"veritem":[{"desc":"判定值","content":"98.5"}]}]}',
    ],
    [
      'xml',
      '<data><messageString><status>2000</status><value></value></messageString><infoList>' +
        '<item desc="判定值">98.5</item></infoList></data>',
    ],
  ]) {
    const before = hook.records.length;
    const body = formBody(FACE).replace('format=json', `format=${format}`);
    const reply = await post({ url }, FACE, body, { origin: ORIGIN });
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get('x-netocr-withheld'), 'verdict, signals, idCard, items, message');
    assert.equal(await reply.text(), shown);
    const ofPage = await verify(reply.headers.get('x-netocr-receipt'));
    assert.deepEqual(
      [ofPage.verdict, ofPage.score.value, ofPage.withheld],
      ['indeterminate', 98.5, ['verdict']],
    );
    const expected = before + (format === 'json' ? 2 : 1);
    while (hook.records.length < expected) await once(hook.server, 'recorded');
    const record = hook.records.at(-1);
    assert.equal(await record.outcome, 'complete');
    const full = await verify(record.body().toString());
    assert.deepEqual([full.verdict, full.requestId, full.items], ['pass', ofPage.requestId, said]);
  }
});

const run = promisify(execFile);

test('examples/proxy/nginx.conf in front of the command', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startCommand(t, {
    ...bindings(upstream.url),
    NETOCR_ALLOW_ANONYMOUS: '0',
    NETOCR_TRUST_PROXY: '1',
  });
  const folder = await mkdtemp(join(tmpdir(), 'netocr-nginx-'));
  t.after(() => rm(folder, { recursive: true }));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'tmp'), { mode: 0o777 });
  const port = await freePort();
  const sample = await readFile(example('nginx.conf'), 'utf8');
  assert.ok(sample.includes('proxy_pass http://127.0.0.1:8787;'));
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (it) => `${it}_temp_path tmp/${it};`,
  );
  const user = process.getuid() === 0 ? 'user root;' : '';
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; ${user} worker_processes 1; error_log stderr; pid nginx.pid; events {}
     http { access_log off; ${paths.join(' ')} server { listen 127.0.0.1:${port};
     ${sample.replace('8787', String(proxy.port))} } }`,
  );
  const args = ['-p', folder, '-c', 'nginx.conf'];
  const { stderr } = await run('nginx', ['-t', ...args], { env: { PATH: `${process.env.PATH}:/usr/sbin` } });
  assert.match(stderr, /test is successful/);
  const child = spawn('nginx', args, { env: { PATH: `${process.env.PATH}:/usr/sbin` }, stdio: 'ignore' });
  t.after(async () => {
    child.kill('SIGTERM');
    await once(child, 'close');
  });
  const url = `http://127.0.0.1:${port}/netocr`;
  await until(() => fetch(`${url}/info`).catch(() => null), 'nginx answers');
  await checkAdapter({ url }, upstream);
});

test('the systemd unit and the Dockerfile name what exists', async () => {
  const unit = await readFile(example('netocr-proxy.service'), 'utf8');
  const docker = await readFile(example('Dockerfile'), 'utf8');
  const nginx = await readFile(example('nginx.conf'), 'utf8');
  const { VARIABLES } = await import('../../web/proxy/environment.js');
  const { checkNames } = await import('../../web/proxy/environment/variable-names.js');
  const names = [...`${unit}${docker}${nginx}`.matchAll(/\b(NETOCR_[A-Z_]+\b|HOST(?==)|PORT(?==))/g)];
  assert.ok(names.length > 8);
  for (const [, name] of names) checkNames({ [name]: '' }, Object.keys(VARIABLES));
  // What is set by them alone (a comment sets nothing) must not be of no use, nor an error.
  const { checkNeeded } = await import('../../web/proxy/environment/needed-variables.js');
  const lines = `${unit}\n${docker}`.split('\n').filter((line) => /^(ENV |Environment=)/.test(line));
  const settings = lines.flatMap((line) => [...line.matchAll(/\b([A-Z_]+)=(?!NETOCR|HOST)(\S+)/g)]);
  assert.ok(settings.length >= 5);
  checkNeeded(Object.fromEntries(settings.map(([, name, value]) => [name, value])));
  const { version, bin } = JSON.parse(
    await readFile(new URL('../../web/proxy/package.json', import.meta.url), 'utf8'),
  );
  assert.ok(Object.hasOwn(bin, 'netocr-proxy'));
  assert.match(docker, new RegExp(`^ARG VERSION=${version}$`, 'm'));
  assert.match(docker, /^# .*has not been built or run/m);
});
