// Attempts of one applicant at one operation, through the whole proxy: what counts, what is given back, what is refused.
import assert from 'node:assert/strict';
import test from 'node:test';
import { upstreamError } from '../../../web/proxy/errors.js';
import { createProxyHandler } from '../../../web/proxy/handler.js';
import { createMemoryStore, DEFAULT_ATTEMPTS, mintToken, StoreError } from '../../../web/proxy/index.js';
import { createRedisStore } from '../../../web/proxy/state/redis.js';
import { deadPort } from '../../fixtures/server.mjs';
import {
  errorOf,
  FACE,
  FILE,
  formBody,
  HEAD,
  LIVENESS,
  multipartBody,
  OPEN,
  openSocket,
  post,
  routeOf,
  startProxy,
  startUpstream,
  TOKEN_SECRET,
} from '../helpers.mjs';
import { startRedis } from '../state/redis-server.mjs';

const ORIGIN = 'https://www.example.com';
const CLOSED = {
  allowAnonymous: false,
  tokenSecret: TOKEN_SECRET,
  allowedOrigins: [ORIGIN],
  allowSameOrigin: false,
};
const CARD = routeOf('api/faceliu.do');
const VIDEO = routeOf('verapi/verLivenessVideo.do');
const OPERATIONS = ['compareFaces', 'checkLiveness', 'checkVideoLiveness', 'matchIdCard'];
const { max } = DEFAULT_ATTEMPTS;

const mint = (applicantId, more) =>
  mintToken({ secret: TOKEN_SECRET, operations: OPERATIONS, origin: ORIGIN, applicantId, ...more });

async function start(t, options) {
  const upstream = await startUpstream(t);
  return { upstream, proxy: await startProxy(t, { upstream: upstream.url, ...CLOSED, ...options }) };
}

const send = (proxy, route, token) =>
  post(proxy, route, route === FILE ? multipartBody(route) : formBody(route), {
    origin: ORIGIN,
    ...(token && { authorization: `Bearer ${token}` }),
  });

/** '' when the service answered, else the code. */
async function codeOf(proxy, route, token) {
  const reply = await send(proxy, route, token);
  if (reply.status !== 200) return (await errorOf(reply)).code;
  await reply.text();
  return '';
}

const repeat = async (count, call) => {
  const codes = [];
  for (let i = 0; i < count; ++i) codes.push(await call(i));
  return codes;
};
const passed = (codes) => codes.filter((code) => code === '').length;

test('by default: five in three minutes, then none for half an hour', () => {
  assert.deepEqual(DEFAULT_ATTEMPTS, { max: 5, perMs: 180_000, blockMs: 1_800_000 });
});

test('an applicant with a fresh token for each call has as many attempts at each operation, and is told when to come again', async (t) => {
  const { upstream, proxy } = await start(t);
  for (const route of [FACE, LIVENESS, VIDEO, CARD]) {
    const codes = await repeat(max + 2, async () => codeOf(proxy, route, await mint('planted-anna')));
    assert.deepEqual(codes, ['', '', '', '', '', 'ATTEMPTS_EXHAUSTED', 'ATTEMPTS_EXHAUSTED'], route.path);
  }
  // Both encodings of an ID card are one operation.
  assert.equal(await codeOf(proxy, FILE, await mint('planted-anna')), 'ATTEMPTS_EXHAUSTED');
  assert.equal(upstream.records.length, 4 * max);
  assert.equal(await codeOf(proxy, FACE, await mint('planted-bert')), '');

  const reply = await send(proxy, FACE, await mint('planted-anna'));
  assert.equal(reply.status, 429);
  const { error } = await reply.clone().json();
  assert.deepEqual(Object.keys(error), ['code', 'message', 'requestId', 'retryAfterMs']);
  assert.ok(Number.isInteger(error.retryAfterMs));
  assert.ok(error.retryAfterMs > 1_000_000 && error.retryAfterMs <= 1_800_000, String(error.retryAfterMs));
  assert.equal(reply.headers.get('retry-after'), String(Math.ceil(error.retryAfterMs / 1000)));
  assert.equal((await errorOf(reply)).code, 'ATTEMPTS_EXHAUSTED');
});

test('without an applicant the token stands for one', async (t) => {
  const { upstream, proxy } = await start(t);
  const token = await mint(undefined, { uses: { compareFaces: 100 } });
  assert.equal(passed(await repeat(max + 1, () => codeOf(proxy, FACE, token))), max);
  assert.equal(await codeOf(proxy, FACE, await mint()), '');
  assert.equal(upstream.records.length, max + 1);
});

test('a call that is blocked counts nothing and takes no use of its token; one without a use takes no attempt', async (t) => {
  const store = createMemoryStore();
  const [blocked, free] = [await start(t, { store }), await start(t, { store, attempts: null })];
  await repeat(max, async () => codeOf(blocked.proxy, LIVENESS, await mint('planted-anna')));
  const single = await mint('planted-anna');
  assert.equal(await codeOf(blocked.proxy, LIVENESS, single), 'ATTEMPTS_EXHAUSTED');
  assert.equal(await codeOf(free.proxy, LIVENESS, single), '');
  // Its token is used up now, which comes first and costs no attempt.
  const other = await mint('planted-bert');
  assert.deepEqual(await repeat(9, () => codeOf(blocked.proxy, LIVENESS, other)), [
    '',
    ...Array(8).fill('TOKEN_USED_UP'),
  ]);
  const codes = await repeat(max, async () => codeOf(blocked.proxy, LIVENESS, await mint('planted-bert')));
  assert.equal(passed(codes), max - 1);
});

test('what reached the service counts, whatever came of it; what did not is given back', async (t) => {
  const store = createMemoryStore();
  const { proxy } = await start(t, { store, breaker: null });
  const down = await startProxy(t, {
    upstream: `http://127.0.0.1:${await deadPort()}`,
    ...CLOSED,
    store,
    breaker: null,
  });
  const failing = await startUpstream(t, { reply: (_request, response) => response.destroy() });
  const broken = await startProxy(t, { upstream: failing.url, ...CLOSED, store, breaker: null });
  const unsent = await repeat(2 * max, async () => codeOf(down, LIVENESS, await mint('planted-anna')));
  assert.deepEqual(new Set(unsent), new Set(['UPSTREAM_UNREACHABLE']));
  const refused = await repeat(2 * max, async () => {
    const headers = { origin: ORIGIN, authorization: `Bearer ${await mint('planted-anna')}` };
    return (await errorOf(await post(proxy, LIVENESS, formBody(LIVENESS).replace('3035', '21'), headers)))
      .code;
  });
  assert.deepEqual(new Set(refused), new Set(['REQUEST_REFUSED']));
  const codes = await repeat(max - 1, async () => codeOf(broken, LIVENESS, await mint('planted-anna')));
  assert.deepEqual(new Set(codes), new Set(['UPSTREAM_ERROR']));
  const last = await repeat(2, async () => codeOf(proxy, LIVENESS, await mint('planted-anna')));
  assert.deepEqual(last, ['', 'ATTEMPTS_EXHAUSTED']);
});

/** Resolves when the call's signal has fired, as every transport ends then. */
const stopped = ({ signal }) =>
  new Promise((_resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });

/** How a call may end in the service's stage. The client has gone when `leave` was called. */
const ENDS = {
  'the client leaves': { code: 'ABORTED', end: (call, leave) => leave() || stopped(call) },
  'no reply in time': { code: 'UPSTREAM_TIMEOUT', end: stopped, limits: { replyMs: 1 } },
  'the connection breaks': {
    code: 'UPSTREAM_ERROR',
    end: () => Promise.reject(upstreamError('planted failure')),
  },
  'the transport fails': { code: 'INTERNAL', end: () => Promise.reject(new Error('planted failure')) },
  'the service refuses': {
    code: 'UPSTREAM_ERROR',
    end: async () => new Response('', { status: 500 }),
  },
};
for (const [name, { code, end, limits }] of Object.entries(ENDS)) {
  for (const asks of [false, true]) {
    test(`${name}: ${asks ? 'spent, for bytes were asked for' : 'given back, for no byte was asked for'}`, async () => {
      const calls = [];
      const lines = [];
      const store = createMemoryStore();
      const handlerWith = (transport, more) =>
        createProxyHandler({
          key: 'k',
          secret: 's',
          ...CLOSED,
          store,
          attempts: { max: 1 },
          breaker: null,
          log: (line) => lines.push(line),
          ...more,
          transport: (call) => calls.push(call) && transport(call),
        });
      const client = new AbortController();
      const failing = handlerWith(
        async (call) => {
          if (asks) await call.source.read();
          return end(call, () => client.abort());
        },
        { limits },
      );
      const sound = handlerWith(async ({ source }) => {
        while ((await source.read()) !== null);
        return new Response('{}');
      });
      const token = await mint('planted-anna');
      const send = (handler, signal) => {
        const body = formBody(LIVENESS);
        const headers = {
          'content-type': LIVENESS.contentType,
          'content-length': String(body.length),
          origin: ORIGIN,
          authorization: `Bearer ${token}`,
        };
        const url = `http://localhost/netocr/${LIVENESS.path}`;
        return handler(new Request(url, { method: 'POST', body, headers, signal }));
      };
      await (await send(failing, client.signal)).text();
      assert.deepEqual([lines[0].code, lines[0].stage], [code, 'service']);
      const next = await send(sound);
      const expected = asks ? [401, 'TOKEN_USED_UP'] : [200, ''];
      assert.deepEqual([next.status, asks ? (await errorOf(next)).code : ''], expected);
      assert.equal(calls.length, asks ? 1 : 2);
      if (asks) return;
      // The first call's source stays shut: what was given back cannot be sent after all.
      const late = await calls[0].source.read().catch(() => null);
      assert.equal(late, null);
    });
  }
}

test('without its store the proxy lets nobody through, and takes no use', async (t) => {
  const memory = createMemoryStore();
  const fail = () => Promise.reject(new StoreError('planted failure'));
  const { upstream, proxy } = await start(t, { store: { ...memory, takeAttempt: fail } });
  const { proxy: sound } = await start(t, { store: memory });
  const token = await mint('planted-anna');
  const reply = await send(proxy, LIVENESS, token);
  assert.equal(reply.headers.get('retry-after'), '1');
  const { status, code } = await errorOf(reply);
  assert.deepEqual([status, code, upstream.records.length], [503, 'UNAVAILABLE', 0]);
  assert.equal(await codeOf(sound, LIVENESS, token), '');
});

test('what cannot be given back costs the caller, not the proxy', async (t) => {
  const fail = () => Promise.reject(new StoreError('planted failure'));
  const store = { ...createMemoryStore(), giveBack: fail, giveBackAttempt: fail };
  const upstream = `http://127.0.0.1:${await deadPort()}`;
  const down = await startProxy(t, { upstream, ...CLOSED, store, breaker: null });
  const codes = await repeat(max + 1, async () => codeOf(down, LIVENESS, await mint('planted-anna')));
  assert.deepEqual(codes, [...Array(max).fill('UPSTREAM_UNREACHABLE'), 'ATTEMPTS_EXHAUSTED']);
});

test('the store learns the name of no applicant and of no address', async (t) => {
  const keys = [];
  const memory = createMemoryStore();
  const spied =
    (name) =>
    (key, ...more) => {
      keys.push([name, key, ...more.map(String)]);
      return memory[name](key, ...more);
    };
  const store = Object.fromEntries(Object.keys(memory).map((name) => [name, spied(name)]));
  const { proxy } = await start(t, { store, allowAnonymous: true, attempts: { max: 1 } });
  for (const token of [
    await mint('planted-anna'),
    await mint('planted-anna'),
    await mint('planted-bert'),
    null,
  ])
    await codeOf(proxy, FACE, token);
  const taken = keys.filter(([name]) => name === 'takeAttempt').map(([, key]) => key);
  assert.equal(taken.length, 4);
  for (const key of taken) assert.match(key, /^[\da-f]{32}$/);
  assert.equal(new Set(taken).size, 3);
  assert.ok(!JSON.stringify(keys).includes('planted'));
});

test('calls without a token count by address where attempts are set or others can call; else not at all', async (t) => {
  const open = { ...OPEN, allowAnonymous: true };
  const { upstream, proxy } = await start(t, open);
  const origin = proxy.origin;
  const call = (at, address) =>
    post(at, LIVENESS, formBody(LIVENESS), { origin: at.origin, 'x-forwarded-for': address }).then(
      async (reply) => (reply.status === 200 ? '' : (await errorOf(reply)).code),
    );
  assert.equal(passed(await repeat(3 * max, () => call(proxy, '192.0.2.1'))), 3 * max, origin);
  assert.equal(upstream.records.length, 3 * max);
  const { proxy: counting } = await start(t, { ...open, trustProxy: 1, attempts: { max: 2 } });
  const codes = await repeat(6, (i) => call(counting, i % 2 ? '192.0.2.1' : '192.0.2.2'));
  assert.deepEqual(codes, ['', '', '', '', 'ATTEMPTS_EXHAUSTED', 'ATTEMPTS_EXHAUSTED']);
  // Where anybody may call, a caller without a token has no more attempts than one with a token.
  const onNetwork = { ...open, allowAnonymousOnNetwork: true, trustProxy: 1 };
  const { upstream: service, proxy: reachable } = await start(t, onNetwork);
  for (const address of ['192.0.2.1', '192.0.2.2'])
    assert.deepEqual(await repeat(max + 1, () => call(reachable, address)), [
      ...Array(max).fill(''),
      'ATTEMPTS_EXHAUSTED',
    ]);
  assert.equal(service.records.length, 2 * max);
  const { proxy: uncounted } = await start(t, { ...onNetwork, attempts: null });
  assert.equal(passed(await repeat(3 * max, () => call(uncounted, '192.0.2.1'))), 3 * max);
});

test('callers whose address nobody knows count as one', async () => {
  const answer = async ({ source }) => {
    while ((await source.read()) !== null);
    return new Response('{}');
  };
  const handler = createProxyHandler({
    key: 'k',
    secret: 's',
    ...OPEN,
    transport: answer,
    attempts: { max: 2 },
  });
  const body = formBody(LIVENESS);
  const statuses = await repeat(4, async () => {
    const headers = { 'content-type': LIVENESS.contentType, 'content-length': String(body.length) };
    const url = `http://localhost/netocr/${LIVENESS.path}`;
    return (await handler(new Request(url, { method: 'POST', body, headers }))).status;
  });
  assert.deepEqual(statuses, [200, 200, 429, 429]);
});

test('each operation may have a limit of its own, or none', async (t) => {
  const attempts = { max: 3, perMs: 900_000, blockMs: 900_000, checkLiveness: { max: 1 }, matchIdCard: null };
  const { proxy } = await start(t, { attempts });
  for (const [route, expected] of [
    [FACE, 3],
    [LIVENESS, 1],
    [VIDEO, 3],
    [FILE, 9],
  ]) {
    const codes = await repeat(9, async () => codeOf(proxy, route, await mint('planted-anna')));
    assert.equal(passed(codes), expected, route.path);
  }
  const { proxy: free } = await start(t, { attempts: null });
  assert.equal(passed(await repeat(9, async () => codeOf(free, FACE, await mint('planted-anna')))), 9);
});

/** Stores of two proxies that share one memory. */
const SHARED = {
  memory: async () => {
    const store = createMemoryStore();
    return [store, store];
  },
  Redis: async (t) => {
    const redis = await startRedis(t);
    const stores = [await createRedisStore({ url: redis.url }), await createRedisStore({ url: redis.url })];
    t.after(() => Promise.all(stores.map((store) => store.close())));
    return stores;
  },
};
for (const [name, open] of Object.entries(SHARED)) {
  test(`two proxies on one store (${name}), many calls at once: never more attempts than the limit reach the service`, async (t) => {
    const stores = await open(t);
    const upstream = await startUpstream(t);
    const proxies = await Promise.all(
      stores.map((store) => startProxy(t, { upstream: upstream.url, ...CLOSED, store })),
    );
    for (const applicant of ['planted-a', 'planted-b', 'planted-c']) {
      const before = upstream.records.length;
      // Every third call shares a token with one use: both limits are fought for at once.
      const single = await mint(applicant);
      const tokens = await Promise.all(
        Array.from({ length: 30 }, (_, i) => (i % 3 ? mint(applicant) : single)),
      );
      const codes = await Promise.all(tokens.map((token, i) => codeOf(proxies[i % 2], LIVENESS, token)));
      assert.equal(passed(codes), max, String(codes));
      assert.equal(upstream.records.length - before, max);
      for (const code of codes) assert.match(code, /^(|ATTEMPTS_EXHAUSTED|TOKEN_USED_UP)$/);
    }
  });
}

test('a request that never became whole costs neither a use nor an attempt', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url, ...CLOSED, attempts: { max: 1 } });
  const token = await mint('planted-anna');
  const headers = { origin: ORIGIN, authorization: `Bearer ${token}` };
  const broken = `${formBody(LIVENESS, 'A'.repeat(400_000))}!`;
  for (let i = 0; i < 3; i += 1)
    assert.equal((await errorOf(await post(proxy, LIVENESS, broken, headers))).code, 'REQUEST_REFUSED');
  for (let i = 0; i < 3; i += 1) {
    const logged = proxy.logged();
    const recorded = upstream.next();
    const lines = [`Origin: ${ORIGIN}`, `Authorization: Bearer ${token}`];
    const client = await openSocket(t, proxy.port, HEAD(proxy, LIVENESS, broken.length, ...lines));
    client.socket.write(broken.slice(0, 200_000));
    await recorded;
    client.socket.resetAndDestroy();
    assert.equal((await logged).code, 'ABORTED');
  }
  const reply = await post(proxy, LIVENESS, formBody(LIVENESS), headers);
  assert.equal(reply.status, 200);
  assert.deepEqual(await Promise.all(upstream.records.map(({ outcome }) => outcome)), [
    ...Array(6).fill('cut off'),
    'complete',
  ]);
});
