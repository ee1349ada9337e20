// Tokens for backends that cannot call mintToken(): the handler, and where the server has it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createMintHandler, createProxyHandler } from '../../../web/proxy/index.js';
import { createServer, startServer } from '../../../web/proxy/node/index.js';
import {
  checkLog,
  errorOf,
  FACE,
  formBody,
  KEY,
  openSocket,
  post,
  SECRET,
  startProxy,
  startUpstream,
  TOKEN_SECRET,
} from '../helpers.mjs';

const ORIGIN = 'https://www.example.com';
const MINT_SECRET = 'planted-mint-secret-of-32-bytes-00';
const SECRETS = { tokenSecret: TOKEN_SECRET, mintSecret: MINT_SECRET, allowedOrigins: [ORIGIN] };
const GOOD = { operations: ['compareFaces'], origin: ORIGIN };

const requestOf = (body, headers = {}) => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { authorization: `Bearer ${MINT_SECRET}`, 'content-type': 'application/json', ...headers },
});

/** The handler on a port of its own. */
async function startMint(t, options = {}) {
  const lines = [];
  const mint = createMintHandler({ ...SECRETS, warn() {}, observe: (line) => lines.push(line), ...options });
  const server = await startServer(mint);
  t.after(async () => {
    await server.close({ graceMs: 50 });
    checkLog(JSON.stringify(lines));
  });
  const url = `${server.url}/anywhere/tokens`;
  return {
    lines,
    server,
    port: server.port,
    ask: (body, headers) => fetch(url, requestOf(body, headers)),
    url,
  };
}

test('a backend with the mint secret gets a token that works, on the internal port alone', async (t) => {
  const upstream = await startUpstream(t);
  const lines = [];
  const options = { key: KEY, secret: SECRET, upstream: upstream.url, observe: (line) => lines.push(line) };
  const server = await createServer({ ...options, ...SECRETS, internalPort: 0 });
  t.after(() => server.close({ graceMs: 50 }));
  const internal = `http://127.0.0.1:${server.internalPort}`;
  const body = { ...GOOD, expiresIn: 60, uses: { compareFaces: 1 }, applicantId: 'planted-applicant-1' };
  const reply = await fetch(`${internal}/tokens`, requestOf(body));
  assert.equal(reply.status, 201);
  assert.equal(reply.headers.get('cache-control'), 'no-store');
  assert.match(reply.headers.get('x-request-id'), /^[0-9a-f-]{36}$/);
  const { token, ...rest } = await reply.json();
  assert.deepEqual(rest, { expiresIn: 60 });
  const proxy = { url: `${server.url}/netocr` };
  const headers = { origin: ORIGIN, authorization: `Bearer ${token}` };
  assert.equal((await post(proxy, FACE, formBody(FACE), headers)).status, 200);
  assert.equal((await errorOf(await post(proxy, FACE, formBody(FACE), headers))).code, 'TOKEN_USED_UP');
  for (const url of [`${proxy.url}/tokens`, `${server.url}/tokens`, `${internal}/netocr/tokens`])
    assert.equal((await errorOf(await fetch(url, requestOf(body)))).status, 404, url);
  assert.deepEqual(
    lines.map(({ path, code, stage }) => `${path} ${code} ${stage}`),
    [
      '/tokens OK done',
      `/${FACE.path} OK done`,
      `/${FACE.path} TOKEN_USED_UP queue`,
      '(other) REQUEST_REFUSED head',
      '(other) REQUEST_REFUSED head',
    ],
  );
  checkLog(JSON.stringify(lines));
  const metrics = await (await fetch(`${internal}/metrics`)).text();
  assert.match(metrics, /^netocr_proxy_requests_total\{path="\/tokens",code="OK",stage="done"\} 1$/m);
});

test('without a mint secret there is no such path', async (t) => {
  const options = { key: KEY, secret: SECRET, tokenSecret: TOKEN_SECRET, allowedOrigins: [ORIGIN] };
  const server = await createServer({ ...options, internalPort: 0 });
  t.after(() => server.close({ graceMs: 50 }));
  const reply = await fetch(`http://127.0.0.1:${server.internalPort}/tokens`, requestOf(GOOD));
  assert.equal((await errorOf(reply)).status, 404);
});

test('where pages call, the mint secret is no option', async () => {
  const options = { key: KEY, secret: SECRET, ...SECRETS };
  assert.throws(
    () => createProxyHandler(options),
    ({ message }) => /^mintSecret is no option .* createMintHandler .* mintToken/.test(message),
  );
  await assert.rejects(createServer(options), {
    message: 'mintSecret needs internalPort: /tokens is served there and nowhere else',
  });
});

test('wrong options throw, name the option and keep the value to themselves', () => {
  const table = [
    [{ mintSecret: 'planted' }, /^mintSecret must have at least 32 bytes$/],
    [{ mintSecret: undefined }, /^mintSecret must have at least 32 bytes$/],
    [{ tokenSecret: 'planted' }, /^tokenSecret must have at least 32 bytes$/],
    [{ tokenSecret: undefined }, /^tokenSecret must have at least 32 bytes$/],
    [{ mintSecret: TOKEN_SECRET }, /^mintSecret must differ from the token secrets$/],
    [{ previousTokenSecret: MINT_SECRET }, /^mintSecret must differ from the token secrets$/],
    [{ allowedOrigins: [] }, /^allowedOrigins must list/],
    [{ allowedOrigins: undefined }, /^allowedOrigins must list/],
    [{ allowedOrigins: ['planted'] }, /^allowedOrigins: entry 1 is no origin/],
  ];
  for (const [options, pattern] of table)
    assert.throws(
      () => createMintHandler({ ...SECRETS, ...options }),
      (error) =>
        error instanceof TypeError && pattern.test(error.message) && !error.message.includes('planted'),
      String(pattern),
    );
});

test('nobody else does, and nothing but what is documented is taken', async (t) => {
  const { ask, lines, url } = await startMint(t);
  const table = [
    [GOOD, { authorization: `Bearer ${MINT_SECRET}x` }, 401, 'UNAUTHORIZED'],
    [GOOD, { authorization: `Bearer ${MINT_SECRET.slice(1)}` }, 401, 'UNAUTHORIZED'],
    [GOOD, { authorization: `Bearer ${TOKEN_SECRET}` }, 401, 'UNAUTHORIZED'],
    [GOOD, { authorization: `Basic ${MINT_SECRET}` }, 401, 'UNAUTHORIZED'],
    [GOOD, { authorization: '' }, 401, 'UNAUTHORIZED'],
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
    const error = await errorOf(await ask(body, headers));
    assert.deepEqual([error.status, error.code], [status, code], JSON.stringify([body, headers]));
    assert.ok(!error.message.includes(MINT_SECRET));
  }
  for (const method of ['GET', 'PUT', 'OPTIONS', 'DELETE']) {
    const reply = await fetch(url, { method });
    assert.equal(reply.headers.get('allow'), 'POST');
    assert.equal((await errorOf(reply)).status, 405);
  }
  assert.equal(lines.length, table.length + 4);
  assert.ok(lines.every(({ path, code }) => path === '/tokens' && code !== 'OK' && code !== 'INTERNAL'));
});

test('the operator hears once that a token names no applicant', async (t) => {
  const warnings = [];
  const { ask } = await startMint(t, { warn: (message) => warnings.push(message) });
  assert.equal((await ask({ ...GOOD, applicantId: 'planted-1' })).status, 201);
  assert.deepEqual(warnings, []);
  for (let i = 0; i < 3; ++i) assert.equal((await ask(GOOD)).status, 201);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /^a token was minted without applicantId: attempts are counted for each token/);
});

test('a mini-program’s backend gets a token that needs no Origin, and only that lets such a call in', async (t) => {
  const upstream = await startUpstream(t);
  const { ask } = await startMint(t);
  const proxy = await startProxy(t, {
    upstream: upstream.url,
    allowAnonymous: false,
    allowSameOrigin: false,
    tokenSecret: TOKEN_SECRET,
    allowedOrigins: [ORIGIN],
  });
  const tokenFor = async (body) => (await (await ask(body)).json()).token;
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

test('a body that is not whole mints nothing', async (t) => {
  const { lines, server, port } = await startMint(t);
  const body = JSON.stringify(GOOD);
  const head = (...framing) => [
    'POST /tokens HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${MINT_SECRET}`,
    'Content-Type: application/json',
    ...framing,
  ];
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;
  const kinds = {
    'short of its length': [head(`Content-Length: ${body.length + 1}`), body],
    'chunks without the last one': [head('Transfer-Encoding: chunked'), chunk],
    'half of the last chunk': [head('Transfer-Encoding: chunked'), `${chunk}0\r\n`],
    'a chunk that is cut off': [head('Transfer-Encoding: chunked'), chunk.slice(0, -4)],
    'a broken chunk behind a whole one': [head('Transfer-Encoding: chunked'), `${chunk}zz\r\n`],
  };
  for (const [name, [head, text]] of Object.entries(kinds))
    for (const end of ['end', 'resetAndDestroy']) {
      const client = await openSocket(t, port, head);
      client.socket.write(text, () => client.socket[end]());
      await client.closed;
      assert.doesNotMatch(client.text(), / 201 /, `${name}, ${end}`);
    }
  // The two ways that such a body may end are whole ones after all.
  for (const [framing, text] of [
    [`Content-Length: ${body.length}`, body],
    ['Transfer-Encoding: chunked', `${chunk}0\r\n\r\n`],
  ]) {
    const client = await openSocket(t, port, head(framing));
    client.socket.write(text);
    await client.until(/ 201 .*"token"/s);
  }
  await server.close(); // after that nothing is still under way
  assert.equal(lines.filter(({ code }) => code === 'OK').length, 2);
  assert.ok(lines.every(({ code }) => ['OK', 'ABORTED', 'REQUEST_REFUSED'].includes(code)));
});

/** Calls the handler itself, as a host does that knows the caller's address. */
function direct(options) {
  const mint = createMintHandler({ ...SECRETS, warn() {}, ...options });
  const ask = (address, secret, init = requestOf(GOOD, { authorization: `Bearer ${secret}` })) =>
    mint(new Request('https://internal.example/tokens', init), { address });
  return async (...args) => (await ask(...args)).status;
}

test('wrong secrets are limited by address, and then the right one is not looked at either', async () => {
  const ask = direct();
  for (let i = 0; i < 10; i += 1) assert.equal(await ask('203.0.113.1', `wrong-${i}`), 401);
  assert.equal(await ask('203.0.113.1', 'wrong'), 429);
  assert.equal(await ask('203.0.113.1', MINT_SECRET), 429);
  assert.equal(await ask('::ffff:203.0.113.1', MINT_SECRET), 429);
  assert.equal(await ask('203.0.113.2', MINT_SECRET), 201, 'the backend is elsewhere');
  for (let i = 0; i < 10; i += 1) assert.equal(await ask(`2001:db8::${i}`, `wrong-${i}`), 401);
  assert.equal(await ask('2001:db8::ffff', MINT_SECRET), 429, 'one network');
  assert.equal(await ask('2001:db8:0:1::1', MINT_SECRET), 201);
  assert.equal(await ask(undefined, MINT_SECRET), 201);
});

test('a wrong secret again and again is one guess, and keeps nobody out', async () => {
  const ask = direct();
  for (let i = 0; i < 50; i += 1) {
    assert.equal(await ask('203.0.113.1', 'an old secret'), 401);
    assert.equal(await ask('203.0.113.1', MINT_SECRET), 201);
  }
  for (let i = 0; i < 9; i += 1) assert.equal(await ask('203.0.113.1', `wrong-${i}`), 401);
  assert.equal(await ask('203.0.113.1', 'one more'), 429);
  assert.equal(await ask('203.0.113.1', 'an old secret'), 401, 'it tells nothing new');
  assert.equal(await ask('203.0.113.2', 'an old secret'), 401);
  const other = direct();
  for (let i = 0; i < 10; i += 1) await other('203.0.113.1', `wrong-${i}`);
  assert.equal(await other('203.0.113.2', 'wrong-0'), 401, 'each address has its own');
});

test('requests without a secret, and good ones, are no guesses', async () => {
  const ask = direct();
  const { authorization, ...headers } = requestOf(GOOD).headers;
  for (let i = 0; i < 30; i += 1) {
    assert.equal(await ask('203.0.113.1', null, { ...requestOf(GOOD), headers }), 401);
    assert.equal(await ask('203.0.113.1', MINT_SECRET), 201);
    assert.equal(await ask('203.0.113.1', MINT_SECRET, requestOf('{')), 400);
  }
});

test('guesses that come at once are counted one by one', async () => {
  const ask = direct();
  const statuses = await Promise.all(Array.from({ length: 100 }, (_, i) => ask('203.0.113.1', `wrong-${i}`)));
  assert.equal(statuses.filter((status) => status === 401).length, 10);
  assert.equal(statuses.filter((status) => status === 429).length, 90);
});

test('the refusal says when to try again', async (t) => {
  const { ask } = await startMint(t, { guesses: { waitMs: () => 1001, count() {} } });
  const reply = await ask(GOOD);
  assert.equal(reply.headers.get('retry-after'), '2');
  const { status, code, message } = await errorOf(reply);
  assert.deepEqual([status, code], [429, 'RATE_LIMITED']);
  assert.match(message, /too many wrong mint secrets/);
});

test('the log has good requests one by one, and a flood of others in sum', async () => {
  const lines = [];
  const mint = createMintHandler({ ...SECRETS, warn() {}, log: (line) => lines.push(line) });
  const send = (secret) =>
    mint(new Request('https://a.example/', requestOf(GOOD, { authorization: `Bearer ${secret}` })), {
      address: '203.0.113.1',
    });
  for (let i = 0; i < 3; i += 1) await send(MINT_SECRET);
  for (let i = 0; i < 30; i += 1) await send(`wrong-${i}`);
  mint.close();
  checkLog(JSON.stringify(lines));
  const counts = {};
  for (const { code, count = 1 } of lines) counts[code] = (counts[code] ?? 0) + count;
  assert.deepEqual(counts, { OK: 3, UNAUTHORIZED: 10, RATE_LIMITED: 20 });
  assert.ok(lines.length < 20, `${lines.length} lines`);
  const reasons = Object.fromEntries(lines.map(({ code, reason }) => [code, reason]));
  assert.deepEqual(reasons, {
    OK: undefined,
    UNAUTHORIZED: 'the mint secret is missing or wrong',
    RATE_LIMITED: 'too many wrong mint secrets; the secret was not looked at',
  });
});
