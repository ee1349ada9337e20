// Tokens, their uses and the rates, through the whole proxy.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createMemoryStore, mintToken, StoreError } from '../../../web/proxy/index.js';
import { deadPort } from '../../fixtures/server.mjs';
import { until } from '../../fixtures/until.mjs';
import {
  deferred,
  errorOf,
  FACE,
  FILE,
  formBody,
  LIVENESS,
  multipartBody,
  post,
  startProxy,
  startUpstream,
  TOKEN_SECRET,
} from '../helpers.mjs';

const ORIGIN = 'https://www.example.com';
const CLOSED = {
  allowAnonymous: false,
  tokenSecret: TOKEN_SECRET,
  allowedOrigins: [ORIGIN],
  allowSameOrigin: false,
};
const mint = (more) =>
  mintToken({ secret: TOKEN_SECRET, operations: 'compareFaces', origin: ORIGIN, ...more });

async function start(t, options) {
  const upstream = await startUpstream(t);
  return { upstream, proxy: await startProxy(t, { upstream: upstream.url, ...CLOSED, ...options }) };
}
/** Posts with a token; {status, code} of the reply, code '' when it is the service's. */
async function call(proxy, route, token, headers = {}) {
  const body = route === FILE ? multipartBody(route) : formBody(route);
  const reply = await post(proxy, route, body, {
    origin: ORIGIN,
    ...(token && { authorization: `Bearer ${token}` }),
    ...headers,
  });
  if (reply.status === 200) return { status: 200, code: '', text: await reply.text() };
  return { ...(await errorOf(reply)), headers: reply.headers };
}

test('a token is wanted, and only a good one lets a call through', async (t) => {
  const { upstream, proxy } = await start(t);
  const token = await mint();
  for (const [authorization, code] of [
    [undefined, 'TOKEN_MISSING'],
    ['Bearer', 'TOKEN_INVALID'],
    [`Basic ${token}`, 'TOKEN_INVALID'],
    [`Bearer ${token}x`, 'TOKEN_INVALID'],
    [`Bearer ${token} x`, 'TOKEN_INVALID'],
  ]) {
    const reply = await post(proxy, FACE, formBody(FACE), {
      origin: ORIGIN,
      ...(authorization && { authorization }),
    });
    assert.equal(reply.headers.get('www-authenticate'), 'Bearer');
    assert.equal(reply.headers.get('access-control-allow-origin'), ORIGIN);
    const error = await errorOf(reply);
    assert.deepEqual([error.status, error.code], [401, code], authorization);
  }
  assert.equal((await call(proxy, LIVENESS, token)).code, 'TOKEN_INVALID');
  assert.equal((await call(proxy, FACE, token, { origin: 'https://evil.example' })).code, 'REQUEST_REFUSED');
  assert.equal(upstream.records.length, 0);
  assert.equal((await call(proxy, FACE, token)).status, 200);
  assert.equal(upstream.records.length, 1);
  // The token itself stays here.
  assert.equal(upstream.records[0].headers.authorization, undefined);
});

test('the proxy’s own host is no allowed origin unless it is listed', async (t) => {
  const { proxy } = await start(t);
  const own = 'http://proxy.example';
  const request = new Request(`${own}/netocr/${FACE.path}`, {
    method: 'POST',
    body: formBody(FACE),
    headers: { 'content-type': FACE.contentType, origin: own, authorization: `Bearer ${await mint()}` },
  });
  assert.equal((await errorOf(await proxy.handler(request))).code, 'REQUEST_REFUSED');
});

test('a call without Origin is not the page that the token was minted for', async (t) => {
  const { proxy } = await start(t);
  const reply = await post(proxy, FACE, formBody(FACE), { authorization: `Bearer ${await mint()}` });
  assert.equal((await errorOf(reply)).code, 'TOKEN_INVALID');
});

test('uses: each operation has its own, both encodings of an ID card share theirs, liveness has one', async (t) => {
  const { upstream, proxy } = await start(t);
  const token = await mint({
    operations: ['compareFaces', 'checkLiveness', 'matchIdCard'],
    uses: { compareFaces: 2, matchIdCard: 1 },
  });
  const codes = [];
  for (const route of [FACE, FACE, FACE, LIVENESS, LIVENESS, FILE, FILE]) {
    codes.push((await call(proxy, route, token)).code);
  }
  assert.deepEqual(codes, ['', '', 'TOKEN_USED_UP', '', 'TOKEN_USED_UP', '', 'TOKEN_USED_UP']);
  assert.equal(upstream.records.length, 4);
});

test('of many calls at once with a single-use token one reaches the service', async (t) => {
  const { upstream, proxy } = await start(t);
  const token = await mint({ operations: 'checkLiveness' });
  const replies = await Promise.all(Array.from({ length: 25 }, () => call(proxy, LIVENESS, token)));
  assert.equal(replies.filter(({ status }) => status === 200).length, 1);
  assert.equal(replies.filter(({ code }) => code === 'TOKEN_USED_UP').length, 24);
  assert.equal(upstream.records.length, 1);
});

test('a refused body costs no use, a service that was not reached gives it back, a sent call does not', async (t) => {
  const store = createMemoryStore();
  const { proxy } = await start(t, { store });
  const liveness = () => mint({ operations: 'checkLiveness' });
  const kept = await liveness();
  const refused = await post(proxy, LIVENESS, formBody(LIVENESS).replace('3035', '21'), {
    origin: ORIGIN,
    authorization: `Bearer ${kept}`,
  });
  assert.equal((await errorOf(refused)).code, 'REQUEST_REFUSED');
  const down = await startProxy(t, { upstream: `http://127.0.0.1:${await deadPort()}`, ...CLOSED, store });
  assert.equal((await call(down, LIVENESS, kept)).code, 'UPSTREAM_UNREACHABLE');
  const failing = await startUpstream(t, { reply: (_request, response) => response.destroy() });
  const broken = await startProxy(t, { upstream: failing.url, ...CLOSED, store });
  assert.equal((await call(broken, LIVENESS, kept)).code, 'UPSTREAM_ERROR');
  assert.equal((await call(proxy, LIVENESS, kept)).code, 'TOKEN_USED_UP');
});

test('a token that expires while the body is on its way is of no use', async (t) => {
  const { upstream, proxy } = await start(t);
  const token = await mint({ expiresIn: 1 });
  const body = Buffer.from(formBody(FACE));
  const rest = deferred();
  const stream = new ReadableStream({
    async pull(controller) {
      await rest.promise;
      controller.enqueue(body);
      controller.close();
    },
  });
  const reply = fetch(`${proxy.url}/${FACE.path}`, {
    method: 'POST',
    body: stream,
    duplex: 'half',
    headers: {
      'content-type': FACE.contentType,
      'content-length': String(body.length),
      origin: ORIGIN,
      authorization: `Bearer ${token}`,
    },
  });
  const { exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  await until(() => Date.now() > exp * 1000, 'the token has expired');
  rest.resolve();
  assert.equal((await errorOf(await reply)).code, 'TOKEN_EXPIRED');
  assert.equal(upstream.records.length, 0);
});

test('rates: each of the three refuses with the seconds to wait', async (t) => {
  const hour = 3_600_000;
  for (const kind of ['address', 'token', 'global']) {
    const rates = { address: null, token: null, global: null, [kind]: { events: 2, perMs: hour } };
    const { upstream, proxy } = await start(t, { rates });
    const token = await mint({ uses: 9 });
    for (let i = 0; i < 2; ++i) assert.equal((await call(proxy, FACE, token)).status, 200, kind);
    const { status, code, headers } = await call(proxy, FACE, token);
    assert.deepEqual([status, code], [429, 'RATE_LIMITED'], kind);
    const seconds = Number(headers.get('retry-after'));
    assert.ok(seconds > 1790 && seconds <= 1800, `${kind}: ${seconds}`);
    // Another token has a rate of its own; the address and the whole are the same.
    assert.equal((await call(proxy, FACE, await mint())).code, kind === 'token' ? '' : 'RATE_LIMITED');
    assert.equal(upstream.records.length, kind === 'token' ? 3 : 2);
  }
});

test('addresses: behind a trusted reverse proxy each caller has a rate, and cannot choose it', async (t) => {
  const rates = { token: null, global: null, address: { events: 1, perMs: 3_600_000 } };
  const warnings = [];
  const { proxy } = await start(t, { rates, trustProxy: 1 });
  const token = await mint({ uses: 9 });
  const from = (list) => call(proxy, FACE, token, { 'x-forwarded-for': list });
  assert.equal((await from('192.0.2.1')).code, '');
  assert.equal((await from('192.0.2.2')).code, '');
  assert.equal((await from('198.51.100.1, 192.0.2.1')).code, 'RATE_LIMITED');
  const { proxy: untrusting } = await start(t, { rates, warn: (message) => warnings.push(message) });
  // Minted anew: the memory of this proxy began after the other token.
  const another = await mint();
  const direct = (list) => call(untrusting, FACE, another, { 'x-forwarded-for': list });
  assert.equal((await direct('192.0.2.1')).code, '');
  assert.equal((await direct('192.0.2.2')).code, 'RATE_LIMITED');
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /X-Forwarded-For but no reverse proxy is trusted/);
});

test('calls without a good token have a rate of their own, and keep nobody out', async (t) => {
  const { upstream, proxy } = await start(t, {
    rates: { failed: { events: 5, perMs: 3_600_000 }, address: { events: 3, perMs: 3_600_000 } },
    trustProxy: 1,
  });
  const from = (address) => ({ 'x-forwarded-for': address });
  const bad = [
    undefined,
    'a.b.c',
    await mint({ origin: 'https://other.example' }),
    await mint({ operations: 'checkLiveness' }),
    await mint({ secret: 'another-secret-of-at-least-32-byt' }),
  ];
  for (const token of bad) assert.equal((await call(proxy, FACE, token, from('192.0.2.1'))).status, 401);
  for (let i = 0; i < 100; i += 1) {
    const { status, code, headers } = await call(proxy, FACE, bad[i % bad.length], from('192.0.2.1'));
    assert.deepEqual([status, code], [429, 'RATE_LIMITED']);
    assert.ok(Number(headers.get('retry-after')) > 600);
  }
  assert.equal(
    (await call(proxy, FACE, undefined, from('192.0.2.2'))).status,
    401,
    'another address has its own',
  );
  const good = await mint({ uses: 9 });
  for (let i = 0; i < 3; i += 1) assert.equal((await call(proxy, FACE, good, from('192.0.2.1'))).code, '');
  assert.equal((await call(proxy, FACE, good, from('192.0.2.1'))).code, 'RATE_LIMITED');
  assert.equal(upstream.records.length, 3);
});

test('a token that is over its rate takes nothing from others of its address', async (t) => {
  const hour = 3_600_000;
  const rates = { token: { events: 2, perMs: hour }, address: { events: 4, perMs: hour } };
  const { proxy } = await start(t, { rates });
  const token = await mint({ uses: 100 });
  const codes = [];
  for (let i = 0; i < 50; i += 1) codes.push((await call(proxy, FACE, token)).code);
  assert.deepEqual(codes.slice(0, 3), ['', '', 'RATE_LIMITED']);
  for (let i = 0; i < 2; i += 1) assert.equal((await call(proxy, FACE, await mint())).code, '');
});

test('unknown paths, methods and origins have a rate of their own, and keep nobody out', async (t) => {
  const { proxy } = await start(t, {
    rates: { refused: { events: 6, perMs: 3_600_000 }, address: { events: 3, perMs: 3_600_000 } },
    trustProxy: 1,
  });
  const ask = async (address, path, init = {}) => {
    const headers = { ...init.headers, 'x-forwarded-for': address };
    const reply = await fetch(`${proxy.url}${path}`, { ...init, headers });
    await reply.arrayBuffer();
    return reply;
  };
  const evil = { headers: { origin: 'https://evil.example' } };
  const kinds = [
    ['/nothing', {}, 404],
    [`/${FACE.path}`, { method: 'PUT' }, 405],
    [`/${FACE.path}`, { ...evil, method: 'OPTIONS' }, 403],
  ];
  const rounds = async (address) => {
    const statuses = [];
    for (let i = 0; i < 3; i += 1)
      for (const [path, init] of kinds) statuses.push((await ask(address, path, init)).status);
    return statuses;
  };
  assert.deepEqual(await rounds('192.0.2.1'), [404, 405, 403, 404, 405, 403, 429, 429, 429]);
  assert.match((await ask('192.0.2.1', '/nothing')).headers.get('retry-after'), /^\d+$/);
  assert.deepEqual((await rounds('192.0.2.2')).slice(0, 3), [404, 405, 403]);
  const good = await mint({ uses: 9 });
  for (let i = 0; i < 3; i += 1)
    assert.equal((await call(proxy, FACE, good, { 'x-forwarded-for': '192.0.2.1' })).code, '');
});

/** A store of which some functions fail. */
function broken(...names) {
  const store = createMemoryStore();
  for (const name of names) store[name] = () => Promise.reject(new StoreError('planted failure'));
  return store;
}

test('without its store the proxy lets no token through; rates by choice', async (t) => {
  const rates = undefined;
  for (const [options, expected] of [
    [{ store: broken('spend') }, 'UNAVAILABLE'],
    [{ store: broken('spend', 'takeTurn'), rates, ratesOnStoreFailure: 'open' }, 'UNAVAILABLE'],
    [{ store: broken('takeTurn'), rates }, 'UNAVAILABLE'],
    [{ store: broken('takeTurn'), rates, ratesOnStoreFailure: 'closed' }, 'UNAVAILABLE'],
    [{ store: broken('takeTurn'), rates, ratesOnStoreFailure: 'open' }, ''],
    [{ store: broken('giveBack') }, ''],
  ]) {
    const { upstream, proxy } = await start(t, options);
    const { status, code, headers } = await call(proxy, FACE, await mint());
    assert.equal(code, expected);
    assert.equal(upstream.records.length, expected === '' ? 1 : 0);
    if (expected === '') continue;
    assert.equal(status, 503);
    assert.equal(headers.get('retry-after'), '1');
    assert.equal(proxy.lines.at(-1).code, 'UNAVAILABLE');
  }
});

test('the flag for development is said aloud, and a token that comes all the same is checked', async (t) => {
  const warnings = [];
  const { proxy } = await start(t, { allowAnonymous: true, warn: (message) => warnings.push(message) });
  assert.match(warnings.join(), /^calls without a token are let in/);
  assert.equal((await call(proxy, FACE)).code, '');
  assert.equal((await call(proxy, FACE, 'a.b.c')).code, 'TOKEN_INVALID');
});
