// Two proxy processes on one Redis: no accepted single-use token is ever used twice, whatever dies meanwhile, and callers
// see errors only after which they may try again.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { CODES } from '../../web/client/shared/messages.js';
import { mintToken } from '../../web/proxy/index.js';
import { until } from '../fixtures/until.mjs';
import { formBody, LIVENESS, OK_REPLY, startUpstream, TOKEN_SECRET } from './helpers.mjs';
import { startCommand } from './process.mjs';
import { startRedis } from './state/redis-server.mjs';

const ORIGIN = 'https://www.example.com';

const startProcess = (t, env) =>
  startCommand(t, {
    NETOCR_ALLOW_ANONYMOUS: '0',
    NETOCR_ALLOWED_ORIGINS: ORIGIN,
    NETOCR_TOKEN_SECRET: TOKEN_SECRET,
    NETOCR_RATE_TOKEN: 'off',
    ...env,
  });

/** A Redis, an upstream that takes its time, and two proxies before it. */
async function start(t, { replyMs = 0, env } = {}) {
  const redis = await startRedis(t);
  const upstream = await startUpstream(t, {
    reply: (_request, response) => void setTimeout(() => response.end(OK_REPLY), replyMs),
  });
  const all = { NETOCR_UPSTREAM: upstream.url, REDIS_URL: redis.url, ...env };
  const proxies = await Promise.all([startProcess(t, all), startProcess(t, all)]);
  return { redis, upstream, proxies };
}

let tickets = 0;
/** A single-use token and the body that goes with it: the upstream's record tells which token a call had. */
async function ticket() {
  tickets += 1;
  const mark = `AAAA${String(tickets).padStart(8, '0')}`;
  const token = await mintToken({ secret: TOKEN_SECRET, operations: 'checkLiveness', origin: ORIGIN });
  return { mark, token, body: formBody(LIVENESS, mark) };
}

/** The client's error code of a call, '' when it went well. */
async function call({ url }, { token, body }) {
  let reply;
  try {
    reply = await fetch(`${url}/${LIVENESS.path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': LIVENESS.contentType, origin: ORIGIN, authorization: `Bearer ${token}` },
    });
    const text = await reply.text();
    return reply.status === 200 ? '' : JSON.parse(text).error.code;
  } catch {
    return 'NETWORK_ERROR';
  }
}

/** How often each mark came to the service, in a request of any completeness. */
function usesOf(upstream) {
  const uses = new Map();
  for (const record of upstream.records) {
    const [mark] = /AAAA\d{8}/.exec(record.body().toString()) ?? ['(cut off)'];
    uses.set(mark, (uses.get(mark) ?? 0) + 1);
  }
  return uses;
}

function assertUsedOnce(upstream) {
  for (const [mark, count] of usesOf(upstream)) assert.equal(count, 1, mark);
}

function assertRetryable(codes) {
  for (const code of codes) assert.ok(code === '' || CODES[code].retryable, code);
}

test('every token is used once, at whichever proxy it comes first', async (t) => {
  const { upstream, proxies } = await start(t);
  // In small groups: a machine that is busy with hundreds of calls at once may leave Redis too late for one of them.
  for (let group = 0; group < 12; ++group) {
    const ring = await Promise.all(Array.from({ length: 5 }, ticket));
    const codes = await Promise.all(
      ring.map((one) => Promise.all([...proxies, ...proxies].map((proxy) => call(proxy, one)))),
    );
    for (const four of codes)
      assert.deepEqual(four.sort(), ['', 'TOKEN_USED_UP', 'TOKEN_USED_UP', 'TOKEN_USED_UP']);
  }
  assert.equal(upstream.records.length, 60);
  assertUsedOnce(upstream);
});

test('Redis dies under load and comes back empty: no token passes meanwhile, none passes twice', async (t) => {
  const { redis, upstream, proxies } = await start(t, { replyMs: 5 });
  const codes = [];
  const used = [];
  let phase = 'before';
  const seen = { before: new Set(), down: new Set(), after: new Set() };
  const back = new Set();
  async function caller(proxy) {
    while (phase !== 'end') {
      const one = await ticket();
      const during = phase;
      const code = await call(proxy, one);
      codes.push(code);
      if (code === '') used.push(one);
      // A call on either side of the change belongs to neither.
      if (during === phase && during in seen) seen[during].add(code);
      if (during === 'after' && code === '') back.add(proxy);
    }
  }
  const callers = [...proxies, ...proxies].map(caller);
  await until(() => seen.before.has(''), 'a call goes well');
  phase = 'between';
  await redis.kill();
  phase = 'down';
  await until(() => seen.down.has('UNAVAILABLE'), 'a call is refused without Redis');
  phase = 'between';
  await redis.start();
  phase = 'after';
  // At both: each finds Redis again in its own time.
  await until(() => back.size === proxies.length, 'both proxies serve again');
  phase = 'end';
  await Promise.all(callers);
  assert.ok(!seen.down.has(''), 'a call went through without Redis');
  assertRetryable(codes);
  // What was used before and after, once more, at both; in small groups, as above.
  assert.ok(used.length > 2);
  for (let at = 0; at < used.length; at += 5) {
    const group = used.slice(at, at + 5);
    const again = await Promise.all(group.flatMap((one) => proxies.map((proxy) => call(proxy, one))));
    assert.deepEqual(new Set(again), new Set(['TOKEN_USED_UP']));
  }
  assertUsedOnce(upstream);
});

test('one of two proxies is killed under load: those who were cut off try the other one in vain or for the first time', async (t) => {
  const { upstream, proxies } = await start(t, { replyMs: 100 });
  const [doomed, other] = proxies;
  const codes = [];
  const second = [];
  const atDoomed = new Set();
  let running = true;
  async function caller(first) {
    while (running) {
      const one = await ticket();
      if (first === doomed) atDoomed.add(one.mark);
      const code = await call(first, one);
      atDoomed.delete(one.mark);
      codes.push(code);
      if (code !== 'NETWORK_ERROR') continue;
      const retried = await call(other, one);
      codes.push(retried);
      second.push(retried);
      if (second.length > 40) return;
    }
  }
  const callers = Array.from({ length: 8 }, (_, i) => caller(i % 2 ? doomed : other));
  for (;;) {
    const [record] = await once(upstream.server, 'recorded');
    await record.outcome;
    // At this moment the service works on a call of the one that dies.
    if (codes.length > 60 && [...atDoomed].some((mark) => record.body().includes(mark))) break;
  }
  const end = once(doomed.child, 'exit');
  doomed.child.kill('SIGKILL');
  await end;
  const goal = codes.length + 60;
  while (codes.length < goal) await once(upstream.server, 'recorded');
  running = false;
  await Promise.all(callers);
  assertRetryable(codes);
  assertUsedOnce(upstream);
  // Both ways were gone: calls cut off after their use was spent, and calls that never reached the dead proxy.
  assert.ok(second.includes('TOKEN_USED_UP') && second.includes(''), String(second));
});

test('rates hold for both together, and without Redis as the operator chose', async (t) => {
  const { redis, proxies } = await start(t, {
    env: { NETOCR_RATE_GLOBAL: '10/3600', NETOCR_ALLOW_ANONYMOUS: '1', NETOCR_RATE_ON_STORE_FAILURE: 'open' },
  });
  const anonymous = (proxy) =>
    fetch(`${proxy.url}/${LIVENESS.path}`, {
      method: 'POST',
      body: formBody(LIVENESS),
      headers: { 'content-type': LIVENESS.contentType, origin: ORIGIN },
    }).then(async (reply) => {
      await reply.text();
      return reply.status;
    });
  const statuses = await Promise.all(Array.from({ length: 30 }, (_, i) => anonymous(proxies[i % 2])));
  assert.deepEqual(
    [statuses.filter((it) => it === 200).length, statuses.filter((it) => it === 429).length],
    [10, 20],
  );
  await redis.kill();
  assert.deepEqual(await Promise.all(proxies.map(anonymous)), [200, 200]);
  // A token's use cannot be counted, whatever was chosen for the rates.
  assert.equal(await call(proxies[0], await ticket()), 'UNAVAILABLE');
});
