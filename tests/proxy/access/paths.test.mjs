// Each path is reached by its one exact spelling: escapes, doubled slashes, dots, backslashes, parameters, another case and
// trailing characters reach nothing, through every adapter.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import test from 'node:test';
import express from 'express';
import fastify from 'fastify';
import { checkPath, pathOf } from '../../../web/proxy/access/paths.js';
import { createEdgeProxy } from '../../../web/proxy/edge.js';
import { createMintHandler, createProxyHandler } from '../../../web/proxy/index.js';
import { createMiddleware, createServer, fastifyProxy } from '../../../web/proxy/node/index.js';
import {
  FACE,
  FORM,
  formBody,
  KEY,
  LIVENESS,
  OPEN,
  SECRET,
  startProxy,
  startUpstream,
  TOKEN_SECRET,
} from '../helpers.mjs';

const MINT_SECRET = 'planted-mint-secret-of-32-bytes-00';
const escapeOf = (letter) => `%${letter.charCodeAt(0).toString(16)}`;
const at = (path, i, text) => path.slice(0, i) + text + path.slice(i + 1);
const indexesOf = (path, pattern) => [...path.matchAll(pattern)].map(({ index }) => index);

/** Other spellings of a path, each of which some server takes for it. */
function spellings(path) {
  const slashes = indexesOf(path, /\//g);
  return {
    escaped: [
      ...indexesOf(path, /./g).map((i) => at(path, i, escapeOf(path[i]))),
      ...indexesOf(path, /./g).map((i) => at(path, i, escapeOf(path[i]).toUpperCase())),
      at(path, 1, escapeOf(path[1]).replace('%', '%25')),
      ...['%20', '%00', '%2f', '%23', '%3f', '%', '%zz', '%c0%af'].map((end) => path + end),
      [...path].map((letter) => (letter === '/' ? '/' : escapeOf(letter))).join(''),
    ],
    climbing: [
      ...['/./', '/x/../', '/x/%2e%2e/', '/%2e/', '/..;/', '/.;/'].map((start) => start + path.slice(1)),
      `${path}/.`,
      `${path}/x/..`,
    ],
    slashes: slashes.flatMap((i) => [at(path, i, '//'), at(path, i, '\\'), at(path, i, '/\\')]),
    parameters: [`${path};`, `${path};a=b`, ...slashes.slice(1).map((i) => at(path, i, ';a=b/'))],
    otherCase: indexesOf(path, /[a-z]/gi).map((i) => {
      const upper = path[i].toUpperCase();
      return at(path, i, path[i] === upper ? path[i].toLowerCase() : upper);
    }),
    trailing: ['/', '//', '.', '..', '~', '+', ',', ':', '@', '*', '"'].map((end) => path + end),
  };
}
/** Those that a URL keeps as they are: for handlers of Requests, whose URLs a runtime has already made. */
const keptSpellings = (path) =>
  Object.values(spellings(path))
    .flat()
    .filter(
      (it) => URL.canParse(`http://a.example${it}`) && new URL(`http://a.example${it}`).pathname === it,
    );

const FACE_PATH = `/netocr/${FACE.path}`;
const asks = (path) =>
  path === '/netocr/info'
    ? { method: 'GET', headers: {} }
    : {
        method: 'POST',
        headers: { 'content-type': FORM },
        body: formBody(path.endsWith(FACE.path) ? FACE : LIVENESS),
      };
const PATHS = [FACE_PATH, `/netocr/${LIVENESS.path}`, '/netocr/info'];

/** Sends the path as it stands. */
function send(port, path, { method, headers, body }) {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', agent: false, path, method, headers }, (reply) => {
      let text = '';
      reply.on('data', (data) => {
        text += data;
      });
      reply.once('end', () => resolve({ status: reply.statusCode, text }));
    });
    call.once('error', reject);
    call.end(body);
  });
}

async function checkServer(port, upstream, { isOwn = true } = {}) {
  const before = upstream.records.length;
  for (const path of PATHS)
    for (const [kind, list] of Object.entries(spellings(path)))
      for (const spelling of list) {
        const { status, text } = await send(port, spelling, asks(path));
        assert.ok(status === 404 || status === 400, `${kind}: ${spelling}: ${status} ${text}`);
        // Without a slash first it is no target, which Node's parser says itself.
        if (isOwn && spelling.startsWith('/'))
          assert.equal(JSON.parse(text).error.code, 'REQUEST_REFUSED', spelling);
      }
  assert.equal(upstream.records.length, before, 'nothing reached the service');
  for (const path of PATHS) assert.equal((await send(port, path, asks(path))).status, 200);
  assert.equal(upstream.records.length, before + 2);
}

test('the Node server', async (t) => {
  const upstream = await startUpstream(t);
  const server = await createServer({ key: KEY, secret: SECRET, ...OPEN, warn() {}, upstream: upstream.url });
  t.after(() => server.close({ graceMs: 50 }));
  await checkServer(server.port, upstream);
});

test('Express', async (t) => {
  const upstream = await startUpstream(t);
  const { handler } = await startProxy(t, { upstream: upstream.url });
  const app = express().use('/netocr', createMiddleware(handler));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  await checkServer(server.address().port, upstream, { isOwn: false });
});

test('Fastify', async (t) => {
  const upstream = await startUpstream(t);
  const { handler } = await startProxy(t, { upstream: upstream.url });
  const app = fastify();
  app.register(fastifyProxy, { handler });
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => app.close());
  await checkServer(app.server.address().port, upstream, { isOwn: false });
});

for (const [name, makeHandle] of [
  ['createProxyHandler', (options) => createProxyHandler({ key: KEY, secret: SECRET, ...OPEN, ...options })],
  [
    'the edge adapter',
    ({ upstream }) => {
      const proxy = createEdgeProxy({ ...OPEN, allowAnonymousOnNetwork: true });
      const bindings = {
        NETOCR_KEY: KEY,
        NETOCR_SECRET: SECRET,
        NETOCR_TOKEN_SECRET: TOKEN_SECRET,
        NETOCR_ALLOWED_ORIGINS: 'https://a.example',
        NETOCR_UPSTREAM: upstream,
      };
      return (request) => proxy.fetch(request, bindings);
    },
  ],
])
  test(name, async (t) => {
    const upstream = await startUpstream(t);
    const handle = makeHandle({ upstream: upstream.url });
    const ask = (path) => handle(new Request(`https://proxy.example${path}`, asks(path)));
    for (const path of PATHS) {
      const list = keptSpellings(path);
      assert.ok(list.length > 50, `${list.length}`);
      for (const spelling of list) {
        const reply = await handle(new Request(`https://proxy.example${spelling}`, asks(path)));
        assert.equal(reply.status, 404, spelling);
        assert.equal((await reply.json()).error.code, 'REQUEST_REFUSED');
      }
    }
    assert.equal(upstream.records.length, 0);
    assert.deepEqual(await (await ask('/netocr/info')).json(), { sandbox: false });
  });

const mintRequest = {
  method: 'POST',
  body: '{"operations":["compareFaces"],"origin":"https://a.example","applicantId":"a"}',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${MINT_SECRET}` },
};
const SECRETS = { tokenSecret: TOKEN_SECRET, mintSecret: MINT_SECRET, allowedOrigins: ['https://a.example'] };

test('the internal port, and no /tokens on the other one', async (t) => {
  const server = await createServer({
    key: KEY,
    secret: SECRET,
    ...SECRETS,
    rates: null,
    internalPort: 0,
    warn() {},
  });
  t.after(() => server.close({ graceMs: 50 }));
  const askOf = (path) => (path === '/tokens' ? mintRequest : { method: 'GET', headers: {} });
  for (const path of ['/tokens', '/metrics', '/healthz', '/readyz'])
    for (const spelling of Object.values(spellings(path)).flat()) {
      const { status, text } = await send(server.internalPort, spelling, askOf(path));
      assert.ok(status === 404 || status === 400, `${spelling}: ${status}`);
      if (spelling.startsWith('/')) assert.equal(JSON.parse(text).error.code, 'REQUEST_REFUSED', spelling);
    }
  for (const path of ['/tokens', '/metrics', '/healthz', '/readyz'])
    assert.equal((await send(server.internalPort, path, askOf(path))).status, path === '/tokens' ? 201 : 200);
  const front = ['/tokens', '/netocr/tokens', '/metrics', '/netocr/metrics'];
  for (const path of front)
    for (const spelling of [path, ...Object.values(spellings(path)).flat()]) {
      const { status } = await send(server.port, spelling, mintRequest);
      assert.ok(status === 404 || status === 400, `${spelling}: ${status}`);
    }
});

test('a mint handler behind a router that decodes, or that takes any case', async (t) => {
  const mint = createMintHandler({ ...SECRETS, path: '/internal/tokens' });
  const app = express().post('/internal/tokens', createMiddleware(mint));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address();
  for (const spelling of Object.values(spellings('/internal/tokens')).flat()) {
    const { status } = await send(port, spelling, mintRequest);
    assert.ok(status === 404 || status === 400, `${spelling}: ${status}`);
  }
  assert.equal((await send(port, '/internal/tokens', mintRequest)).status, 201);
});

test('what a path is', () => {
  for (const [url, path] of [
    ['http://a.example/x/y?z=/w#/v', '/x/y'],
    ['https://a.example:1/x#y', '/x'],
    ['http://[::1]:80/x', '/x'],
    ['http://a.example/', '/'],
    ['http://a.example?x/y', ''],
  ])
    assert.equal(pathOf(url), path);
  for (const path of ['/', '/a', '/a/b.do', '/a/.b/..c/...', '/~a/-_'])
    assert.equal(checkPath(`http://a.example${path}`), path);
  for (const path of ['', '//', '/a/', '/a//b', '/a/.', '/../a', '/a%', '/a;b', '/a\\b', '/ä', '/a b'])
    assert.throws(() => checkPath(`http://a.example${path}`), { code: 'REQUEST_REFUSED', status: 404 }, path);
});
