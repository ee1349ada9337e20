// Which pages may call, what they may send across origins, and what a page hears that may not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createEdgeProxy } from '../../../web/proxy/edge.js';
import { mintToken } from '../../../web/proxy/index.js';
import {
  errorOf,
  FACE,
  FORM,
  formBody,
  KEY,
  post,
  SECRET,
  startProxy,
  startUpstream,
  TOKEN_SECRET,
} from '../helpers.mjs';

const PAGE = 'https://www.example.com';
const APP = 'capacitor://localhost';
const CLOSED = { allowSameOrigin: false, allowedOrigins: [PAGE, APP, 'chrome-extension://abcdefghijklmnop'] };

const preflight = (proxy, origin) =>
  fetch(`${proxy.url}/${FACE.path}`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });
const names = (reply) => reply.headers.get('access-control-allow-headers').split(', ');

test('apps and extensions that are listed may call, others of their scheme may not', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url, ...CLOSED });
  for (const origin of CLOSED.allowedOrigins) {
    const reply = await post(proxy, FACE, formBody(FACE), { origin });
    assert.equal(reply.status, 200, origin);
    assert.equal(reply.headers.get('access-control-allow-origin'), origin);
    assert.equal((await preflight(proxy, origin)).headers.get('access-control-allow-origin'), origin);
  }
  for (const origin of [
    'capacitor://localhost2',
    'ionic://localhost',
    'chrome-extension://abc',
    'null',
    'capacitor://',
  ]) {
    const reply = await post(proxy, FACE, formBody(FACE), { origin });
    assert.equal(reply.status, 403, origin);
    assert.equal(reply.headers.get('access-control-allow-origin'), null);
  }
  assert.equal(upstream.records.length, 3);
});

test('a page that may not call is told its origin, and the log as well; nothing else is repeated', async (t) => {
  const proxy = await startProxy(t, CLOSED);
  const long = `https://${'a'.repeat(200)}.example`;
  for (const [origin, said] of [
    ['https://example.com', 'https://example.com'],
    ['http://www.example.com', 'http://www.example.com'],
    ['https://www.example.com:8443', 'https://www.example.com:8443'],
    ['ionic://localhost', 'ionic://localhost'],
    ['null', 'null'],
    ['<script>alert(1)</script>', null],
    ['https://a.example/hidden', null],
    ['https://a.example https://b.example', null],
    ['https://A.example', null],
    ['', null],
    [long, null],
  ]) {
    const { status, code, message } = await errorOf(await post(proxy, FACE, formBody(FACE), { origin }));
    assert.deepEqual([status, code], [403, 'REQUEST_REFUSED']);
    assert.equal(
      message,
      said
        ? `pages of the origin ${said} may not call the proxy: its allowed origins do not list it`
        : 'the Origin header does not hold an origin',
    );
  }
  await proxy.handler.close();
  const [first] = proxy.lines;
  assert.equal(first.origin, 'https://example.com');
  assert.equal(proxy.lines.at(-1).origin, 'not an origin');
  const log = JSON.stringify(proxy.lines);
  for (const hidden of ['script', 'hidden', 'aaaa']) assert.ok(!log.includes(hidden), hidden);
});

test('cookies and other headers across origins are allowed only where the operator says so', async (t) => {
  const upstream = await startUpstream(t);
  const plain = await startProxy(t, { upstream: upstream.url, ...CLOSED });
  const open = await startProxy(t, {
    upstream: upstream.url,
    ...CLOSED,
    allowCredentials: true,
    allowedHeaders: ['X-Tenant', 'x-trace'],
    sandbox: true,
  });
  const refusedBy = await preflight(plain, PAGE);
  assert.deepEqual(names(refusedBy), ['authorization', 'content-type']);
  assert.equal(refusedBy.headers.get('access-control-allow-credentials'), null);
  const allowed = await preflight(open, PAGE);
  assert.equal(allowed.status, 204);
  assert.deepEqual(names(allowed), [
    'authorization',
    'content-type',
    'x-sandbox-scenario',
    'x-tenant',
    'x-trace',
  ]);
  assert.equal(allowed.headers.get('access-control-allow-credentials'), 'true');
  assert.equal(allowed.headers.get('access-control-allow-origin'), PAGE);
  const headers = { origin: PAGE, 'x-tenant': 'planted-tenant', cookie: 'planted=1' };
  for (const reply of [
    await post(open, FACE, formBody(FACE), headers),
    await post(open, FACE, 'nothing=1', headers), // refusals can be read as well
  ]) {
    assert.equal(reply.headers.get('access-control-allow-credentials'), 'true');
    assert.equal(reply.headers.get('access-control-allow-origin'), PAGE);
  }
  for (const origin of ['https://evil.example', 'null']) {
    const reply = await preflight(open, origin);
    assert.equal(reply.status, 403);
    assert.equal(reply.headers.get('access-control-allow-credentials'), null);
  }
  assert.deepEqual(
    Object.keys(upstream.records[0].headers).filter((name) => /tenant|cookie|trace/.test(name)),
    [],
    'they stay here',
  );
});

test('edge: the address comes from the header that the operator names, and from no other', async (t) => {
  const upstream = await startUpstream(t);
  const env = {
    NETOCR_KEY: KEY,
    NETOCR_SECRET: SECRET,
    NETOCR_TOKEN_SECRET: TOKEN_SECRET,
    NETOCR_ALLOWED_ORIGINS: PAGE,
    NETOCR_UPSTREAM: upstream.url,
    NETOCR_RATE_ADDRESS: '1/3600',
    NETOCR_RATE_TOKEN: 'off',
  };
  const lines = [];
  const warnings = [];
  const silent = { log: (it) => lines.push(it), warn: (it) => warnings.push(it) };
  const named = createEdgeProxy(silent);
  const unnamed = createEdgeProxy(silent);
  const cloudflare = { ...env, NETOCR_ADDRESS_HEADER: 'cf-connecting-ip' };
  const statusOf = async (proxy, bindings, headers) => {
    const token = await mintToken({ secret: TOKEN_SECRET, operations: 'compareFaces', origin: PAGE });
    const request = new Request(`http://proxy.example/netocr/${FACE.path}`, {
      method: 'POST',
      body: formBody(FACE),
      headers: {
        'content-type': FORM,
        'content-length': String(formBody(FACE).length),
        origin: PAGE,
        authorization: `Bearer ${token}`,
        ...headers,
      },
    });
    const reply = await proxy.fetch(request, bindings);
    await reply.arrayBuffer();
    return reply.status;
  };
  // A first request makes each isolate's memory, which knows only tokens that are minted later.
  for (const [proxy, bindings] of [
    [named, cloudflare],
    [unnamed, env],
  ])
    await proxy.fetch(new Request('http://proxy.example/netocr/info'), bindings);
  const statuses = async (proxy, bindings, header) => {
    const all = [];
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.2'])
      all.push(await statusOf(proxy, bindings, { [header]: address }));
    return all;
  };
  assert.deepEqual(await statuses(named, cloudflare, 'cf-connecting-ip'), [200, 429, 200]);
  assert.deepEqual(await statuses(unnamed, env, 'cf-connecting-ip'), [200, 200, 200]);
  assert.match(warnings.join(), /no rate of their own: set addressHeader/);
});
