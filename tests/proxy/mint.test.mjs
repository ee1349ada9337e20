// POST /tokens, for backends that cannot call mintToken().
import assert from 'node:assert/strict';
import test from 'node:test';
import { errorOf, FACE, formBody, post, startProxy, startUpstream, TOKEN_SECRET } from './helpers.mjs';

const ORIGIN = 'https://www.example.com';
const MINT_SECRET = 'planted-mint-secret-of-32-bytes-00';
const CLOSED = {
  allowAnonymous: false,
  tokenSecret: TOKEN_SECRET,
  allowedOrigins: [ORIGIN],
  allowSameOrigin: false,
};
const GOOD = { operations: ['compareFaces'], origin: ORIGIN };

const ask = (proxy, body, headers = {}) =>
  fetch(`${proxy.url}/tokens`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { authorization: `Bearer ${MINT_SECRET}`, 'content-type': 'application/json', ...headers },
  });

test('a backend with the mint secret gets a token that works', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url, ...CLOSED, mintSecret: MINT_SECRET });
  const reply = await ask(proxy, {
    ...GOOD,
    expiresIn: 60,
    uses: { compareFaces: 1 },
    applicantId: 'planted-applicant-1',
  });
  assert.equal(reply.status, 201);
  assert.equal(reply.headers.get('cache-control'), 'no-store');
  const { token, ...rest } = await reply.json();
  assert.deepEqual(rest, { expiresIn: 60 });
  const headers = { origin: ORIGIN, authorization: `Bearer ${token}` };
  assert.equal((await post(proxy, FACE, formBody(FACE), headers)).status, 200);
  assert.equal((await errorOf(await post(proxy, FACE, formBody(FACE), headers))).code, 'TOKEN_USED_UP');
  assert.deepEqual(
    proxy.lines.map(({ path }) => path),
    ['/tokens', `/${FACE.path}`, `/${FACE.path}`],
  );
});

test('nobody else does, and nothing but what is documented is taken', async (t) => {
  const proxy = await startProxy(t, { ...CLOSED, mintSecret: MINT_SECRET });
  const table = [
    [GOOD, { authorization: '' }, 401, 'UNAUTHORIZED'],
    [GOOD, { authorization: `Bearer ${MINT_SECRET}x` }, 401, 'UNAUTHORIZED'],
    [GOOD, { authorization: `Bearer ${MINT_SECRET.slice(1)}` }, 401, 'UNAUTHORIZED'],
    [GOOD, { authorization: `Bearer ${TOKEN_SECRET}` }, 401, 'UNAUTHORIZED'],
    [GOOD, { authorization: `Basic ${MINT_SECRET}` }, 401, 'UNAUTHORIZED'],
    [GOOD, { origin: ORIGIN }, 403, 'REQUEST_REFUSED'],
    [GOOD, { origin: 'https://evil.example' }, 403, 'REQUEST_REFUSED'],
    [GOOD, { 'content-type': 'text/plain' }, 415, 'REQUEST_REFUSED'],
    ['', {}, 400, 'REQUEST_REFUSED'],
    ['{', {}, 400, 'REQUEST_REFUSED'],
    ['null', {}, 400, 'REQUEST_REFUSED'],
    ['[]', {}, 400, 'REQUEST_REFUSED'],
    [`"${'x'.repeat(5000)}"`, {}, 413, 'REQUEST_TOO_LARGE'],
    [{ ...GOOD, secret: 'mine' }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, origin: 'https://evil.example' }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, origin: undefined }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, withoutOrigin: true }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, origin: undefined, withoutOrigin: false }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, origin: undefined, withoutOrigin: 1 }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, operations: ['all'] }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, operations: { length: 1 } }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, expiresIn: '60' }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, expiresIn: null }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, uses: [1] }, {}, 400, 'REQUEST_REFUSED'],
    [{ ...GOOD, applicantId: 7 }, {}, 400, 'REQUEST_REFUSED'],
  ];
  for (const [body, headers, status, code] of table) {
    const error = await errorOf(await ask(proxy, body, headers));
    assert.deepEqual([error.status, error.code], [status, code], JSON.stringify([body, headers]));
    assert.ok(!error.message.includes(MINT_SECRET));
  }
  const get = await fetch(`${proxy.url}/tokens`);
  assert.equal(get.status, 404);
});

test('the operator hears once that a token names no applicant', async (t) => {
  const warnings = [];
  const warn = (message) => warnings.push(message);
  const proxy = await startProxy(t, { ...CLOSED, mintSecret: MINT_SECRET, warn });
  assert.equal((await ask(proxy, { ...GOOD, applicantId: 'planted-1' })).status, 201);
  assert.deepEqual(warnings, []);
  for (let i = 0; i < 3; ++i) assert.equal((await ask(proxy, GOOD)).status, 201);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /^a token was minted without applicantId: attempts are counted for each token/);
});

test('a mini-program’s backend gets a token that needs no Origin, and only that lets such a call in', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url, ...CLOSED, mintSecret: MINT_SECRET });
  const tokenFor = async (body) => (await (await ask(proxy, body)).json()).token;
  const own = await tokenFor({ operations: ['compareFaces'], withoutOrigin: true });
  const page = await tokenFor(GOOD);
  const call = async (token, headers = {}) => {
    const reply = await post(proxy, FACE, formBody(FACE), { authorization: `Bearer ${token}`, ...headers });
    return reply.status === 200 ? '' : (await errorOf(reply)).code;
  };
  assert.equal(await call(own), '');
  assert.equal(await call(own, { origin: ORIGIN }), 'TOKEN_INVALID');
  assert.equal(await call(page), 'TOKEN_INVALID');
  assert.equal(await call(page, { origin: ORIGIN }), '');
  assert.equal(upstream.records.length, 2);
});

test('without a mint secret there is no such path', async (t) => {
  const proxy = await startProxy(t, CLOSED);
  assert.deepEqual((await errorOf(await ask(proxy, GOOD))).status, 404);
});
