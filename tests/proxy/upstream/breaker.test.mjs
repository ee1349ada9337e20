// The circuit breaker on a clock of its own, and in the proxy: who is let through when, and what a call's end means.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { createPseudonym } from '../../../web/proxy/access/pseudonym.js';
import { createGathering } from '../../../web/proxy/body/gathering.js';
import {
  clientGone,
  ProxyError,
  refused,
  upstreamError,
  upstreamStatus,
  upstreamTimeout,
  upstreamUnreachable,
} from '../../../web/proxy/errors.js';
import { createMemoryStore } from '../../../web/proxy/state/memory.js';
import { createRedisStore } from '../../../web/proxy/state/redis.js';
import { StoreError } from '../../../web/proxy/state/store.js';
import { createBreaker, outcomeOf } from '../../../web/proxy/upstream/breaker.js';
import { until } from '../../fixtures/until.mjs';
import {
  errorOf,
  FACE,
  FORM,
  formBody,
  HEAD,
  OK_REPLY,
  openSocket,
  post,
  startProxy,
  startUpstream,
} from '../helpers.mjs';
import { startRedis } from '../state/redis-server.mjs';

const OPTIONS = { failures: 3, windowMs: 1000, openMs: 500 };

/** `beat()` is the moment at which probes that are under way renew their lease. */
function make({ store, shared } = {}) {
  const clock = shared?.clock ?? { ms: 1_000_000 };
  const now = () => clock.ms;
  const memory = store ?? shared?.memory ?? createMemoryStore({ now });
  const changes = [];
  const renewals = new Set();
  const breaker = createBreaker(memory, OPTIONS, {
    leaseMs: 100,
    now,
    repeat(renew) {
      renewals.add(renew);
      return () => renewals.delete(renew);
    },
    changed: (open) => changes.push(open),
  });
  const beat = () => {
    for (const renew of renewals) renew();
  };
  return { breaker, clock, memory, changes, beat };
}

const WHOLE = { isWhole: true };

async function call(breaker, outcome, ...marks) {
  const report = await breaker.enter({ ...WHOLE, marks });
  await report(outcome);
}

async function open({ breaker, clock }) {
  for (let i = 0; i < OPTIONS.failures; i += 1) await call(breaker, 'failed');
  clock.ms += OPTIONS.openMs + 1;
}

const isRefused = (seconds) => (error) => {
  assert.equal(error.code, 'UNAVAILABLE');
  assert.equal(error.status, 503);
  assert.equal(error.headers['retry-after'], String(seconds));
  return true;
};

test('opens after failures in a row, lets one probe through, and closes when that is answered', async () => {
  const { breaker, clock, changes } = make();
  await call(breaker, 'failed');
  await call(breaker, 'failed');
  await call(breaker, 'answered'); // the row ends
  await call(breaker, 'failed');
  await call(breaker, 'failed');
  await call(breaker, 'unknown'); // says nothing
  assert.equal(await breaker.isOpen(), false);
  await call(breaker, 'failed');
  assert.equal(await breaker.isOpen(), true);
  await assert.rejects(breaker.enter(WHOLE), isRefused(1));
  clock.ms += OPTIONS.openMs + 1;
  assert.equal(await breaker.isOpen(), false, 'a probe may come');
  const probe = await breaker.enter(WHOLE);
  await assert.rejects(breaker.enter(WHOLE), isRefused(1));
  await probe('answered');
  await call(breaker, 'failed');
  await call(breaker, 'failed');
  assert.equal(await breaker.isOpen(), false, 'the count began anew');
  assert.deepEqual(changes, [true, false]);
});

test('a probe that fails opens it again; one that says nothing leaves the place to the next', async () => {
  const made = make();
  const { breaker, clock } = made;
  await open(made);
  await call(breaker, 'failed');
  await assert.rejects(breaker.enter(WHOLE), isRefused(1));
  for (const outcome of ['unknown', 'rejected']) {
    clock.ms += OPTIONS.openMs + 1;
    await call(breaker, outcome);
  }
  await call(breaker, 'answered');
  assert.deepEqual(made.changes, [true, true, false]);
});

test('a probe keeps its place while it is under way, and loses it soon when its proxy is gone', async () => {
  const made = make();
  const other = make({ shared: made });
  await open(made);
  await made.breaker.enter(WHOLE);
  for (let i = 0; i < 10; i += 1) {
    made.clock.ms += 60;
    made.beat();
    await assert.rejects(other.breaker.enter(WHOLE), isRefused(1));
  }
  // From here on nothing renews it, as after SIGKILL.
  made.clock.ms += 101;
  await call(other.breaker, 'answered');
  assert.equal(await made.breaker.isOpen(), false);
});

test('a call whose body is not whole is no probe, and takes no place', async () => {
  const made = make();
  await open(made);
  assert.equal(await made.breaker.enter({ isWhole: false }), null);
  const probe = await made.breaker.enter(WHOLE);
  await assert.rejects(made.breaker.enter({ isWhole: false }), isRefused(1));
  await probe('answered');
  assert.equal(typeof (await made.breaker.enter({ isWhole: false })), 'function');
});

test('replies that may be about one picture count once a caller', async () => {
  const { breaker, clock } = make();
  const marks = (address, token) => [`address:${address}`, `token:${token}`];
  for (let i = 0; i < 20; i += 1) await call(breaker, 'rejected', ...marks('a', i)); // a token for each call
  for (let i = 0; i < 20; i += 1) await call(breaker, 'rejected', ...marks(i, 0)); // an address for each call
  assert.equal(await breaker.isOpen(), false);
  clock.ms += OPTIONS.windowMs + 1;
  for (let i = 0; i < OPTIONS.failures; i += 1) await call(breaker, 'rejected', ...marks(`x${i}`, `y${i}`));
  assert.equal(await breaker.isOpen(), true);
});

test('a row ends with any success, of whichever proxy', async () => {
  const first = make();
  const second = make({ shared: first });
  for (let i = 0; i < 10; i += 1) {
    await call(first.breaker, 'failed');
    await call(first.breaker, 'failed');
    await call(second.breaker, 'answered');
  }
  assert.equal(await first.breaker.isOpen(), false);
});

test('calls that were under way when it opened do not prolong its rest', async () => {
  const { breaker, clock, changes } = make();
  const late = await Promise.all(Array.from({ length: 6 }, () => breaker.enter(WHOLE)));
  for (let i = 0; i < OPTIONS.failures; i += 1) await call(breaker, 'failed');
  clock.ms += OPTIONS.openMs - 10;
  for (const report of late) await report('failed');
  clock.ms += 11;
  assert.equal(await breaker.isOpen(), false);
  assert.deepEqual(changes, [true]);
});

test('the store hears no address and no applicant', async () => {
  const memory = createMemoryStore();
  const keys = [];
  const store = {
    ...memory,
    setIfAbsent: (key, ...more) => keys.push(key) && memory.setIfAbsent(key, ...more),
  };
  const breaker = createBreaker(store, OPTIONS, { pseudonym: createPseudonym('planted') });
  await call(breaker, 'rejected', 'address:203.0.113.7', 'applicant:planted-name');
  await call(breaker, 'rejected', 'address:203.0.113.7');
  assert.match(keys.join(' '), /^(breaker:caller:[0-9a-f]{32} ?){3}$/);
  assert.equal(keys[0], keys[2]);
  assert.notEqual(keys[0], keys[1]);
  const code = createHmac('sha256', 'planted').update('address:203.0.113.7').digest('hex');
  assert.equal(keys[0], `breaker:caller:${code.slice(0, 32)}`);
});

test('failures far apart do not open it', async () => {
  const { breaker, clock } = make();
  for (let i = 0; i < 6; i += 1) {
    await call(breaker, 'failed');
    clock.ms += 600;
  }
  assert.equal(await breaker.isOpen(), false);
});

test('proxies with one store share it', async () => {
  const first = make();
  const second = make({ shared: first });
  await call(first.breaker, 'failed');
  await call(second.breaker, 'failed');
  await call(first.breaker, 'failed');
  await assert.rejects(second.breaker.enter(WHOLE), isRefused(1));
});

test('without its store it lets calls through; other failures of the store are not hidden', async () => {
  const dead = (error) => new Proxy({}, { get: () => () => Promise.reject(error) });
  const { breaker } = make({ store: dead(new StoreError('away')) });
  for (let i = 0; i < 5; i += 1) await call(breaker, 'failed');
  assert.equal(await breaker.isOpen(), false);
  await assert.rejects(make({ store: dead(new RangeError('bug')) }).breaker.enter(WHOLE), RangeError);
});

test('only what the service does wrong counts as its failure', () => {
  const table = [
    [upstreamUnreachable(), 'failed'],
    [upstreamError('x'), 'failed'],
    ...[502, 503, 504].map((status) => [upstreamStatus(status), 'failed']),
    ...[302, 400, 404, 500, 501, 505].map((status) => [upstreamStatus(status), 'rejected']),
    [upstreamTimeout(), 'failed'],
    [new ProxyError('RATE_LIMITED', 429, 'x'), 'answered'],
    [clientGone(), 'unknown'],
    [refused(400, 'x'), 'unknown'],
    [new RangeError('x'), 'unknown'],
  ];
  for (const [error, outcome] of table) assert.equal(outcomeOf(error), outcome, error.message);
});

test('what ends a request that is not whole may be its sender, but for a service that is not there', () => {
  const table = [
    [upstreamUnreachable(), 'failed'],
    [upstreamTimeout(), 'failed'],
    [upstreamError('x'), 'rejected'],
    [upstreamStatus(503), 'rejected'],
    [clientGone(), 'unknown'],
  ];
  for (const [error, outcome] of table) assert.equal(outcomeOf(error, false), outcome, error.message);
});

/** A proxy before a service that fails until `isWell` is set, with a breaker that two failures open. */
async function startFailing(t, openMs) {
  const service = { isWell: false };
  const upstream = await startUpstream(t, {
    reply: (_request, response) => (service.isWell ? response.end(OK_REPLY) : response.writeHead(503).end()),
  });
  const warnings = [];
  const proxy = await startProxy(t, {
    upstream: upstream.url,
    breaker: { failures: 2, openMs },
    warn: (message) => warnings.push(message),
  });
  const send = () => post(proxy, FACE, formBody(FACE));
  for (let i = 0; i < 2; i += 1) assert.equal((await errorOf(await send())).code, 'UPSTREAM_ERROR');
  return { service, upstream, proxy, send, warnings };
}

test('in the proxy: a dead service is asked no more', async (t) => {
  const { upstream, proxy, send } = await startFailing(t, 600_000);
  const reply = await send();
  assert.match(reply.headers.get('retry-after'), /^[1-9]\d*$/);
  assert.deepEqual((({ status, code }) => [status, code])(await errorOf(reply)), [503, 'UNAVAILABLE']);
  assert.equal(upstream.records.length, 2);
  assert.equal((await proxy.handler.state()).breakerOpen, true);
  assert.equal(proxy.lines.at(-1).stage, 'queue');
});

test('in the proxy: a service that is back is asked again', async (t) => {
  const { service, proxy, send, warnings } = await startFailing(t, 50);
  service.isWell = true;
  await tried(proxy);
  assert.equal((await send()).status, 200);
  assert.equal((await send()).status, 200);
  assert.deepEqual(
    warnings.filter((text) => /breaker/.test(text)).map((text) => /opens|closes/.exec(text)[0]),
    ['opens', 'closes'],
  );
});

/** Resolves once the breaker's pause is over, so that the service may be tried. */
const tried = ({ handler }) =>
  until(async () => !(await handler.state()).breakerOpen, "the breaker's pause is over");

test('in the proxy: slow uploads do not keep others from finding out that the service is back', async (t) => {
  const { service, upstream, proxy, send } = await startFailing(t, 50);
  service.isWell = true;
  await tried(proxy);
  const before = upstream.records.length;
  const body = formBody(FACE, 'A'.repeat(100_000));
  const slow = [];
  for (let i = 0; i < 3; i += 1) {
    const client = await openSocket(t, proxy.port, [
      `POST /netocr/${FACE.path} HTTP/1.1`,
      'Host: proxy.example',
      `Content-Type: ${FORM}`,
      `Content-Length: ${body.length}`,
    ]);
    client.socket.write(body.slice(0, 150_000));
    slow.push(client);
  }
  while ((await proxy.handler.state()).calls < slow.length) await new Promise(setImmediate);
  assert.equal(upstream.records.length, before, 'nothing of theirs goes to the service yet');
  assert.equal((await send()).status, 200, 'somebody else is the probe');
  for (const client of slow) {
    client.socket.write(body.slice(150_000));
    assert.match(await client.until(/2000/), /^HTTP\/1\.1 200 /);
  }
  assert.equal(upstream.records.at(-1).body().toString().endsWith(body), true);
});

test('in the proxy: one caller whose picture the service answers with 500 opens it for nobody', async (t) => {
  const upstream = await startUpstream(t, {
    reply: (_request, response) => response.writeHead(500).end(),
  });
  const proxy = await startProxy(t, { upstream: upstream.url, breaker: { failures: 2 }, trustProxy: 1 });
  const send = (address) => post(proxy, FACE, formBody(FACE), { 'x-forwarded-for': address });
  for (let i = 0; i < 6; i += 1)
    assert.equal((await errorOf(await send('203.0.113.7'))).code, 'UPSTREAM_ERROR');
  assert.equal((await errorOf(await send('203.0.113.8'))).code, 'UPSTREAM_ERROR');
  assert.equal((await errorOf(await send('203.0.113.9'))).code, 'UNAVAILABLE', 'two callers are a row');
});

test('in the proxy: a caller whose uploads the service gives up on opens it for nobody', async (t) => {
  const upstream = await startUpstream(t, {
    early: (request) => request.once('data', () => request.socket.resetAndDestroy()),
  });
  const proxy = await startProxy(t, { upstream: upstream.url, breaker: { failures: 2 }, trustProxy: 1 });
  const body = formBody(FACE, 'A'.repeat(200_000));
  async function send(address) {
    const client = await openSocket(t, proxy.port, [
      ...HEAD(proxy, FACE, body.length),
      `X-Forwarded-For: ${address}`,
    ]);
    client.socket.write(body.slice(0, 200_000));
    return /"code":"(\w+)"/.exec(await client.until(/"code":"\w+"/))[1];
  }
  for (let i = 0; i < 6; i += 1) assert.equal(await send('203.0.113.7'), 'UPSTREAM_ERROR');
  assert.equal(await send('203.0.113.8'), 'UPSTREAM_ERROR');
  assert.equal(await send('203.0.113.9'), 'UNAVAILABLE', 'two callers are a row');
});

test('in Redis: the place of a probe whose proxy was killed is free after its lease', async (t) => {
  const redis = await startRedis(t);
  const stores = await Promise.all([1, 2].map(() => createRedisStore({ url: redis.url })));
  t.after(() => stores.forEach((store) => void store.close()));
  const clock = { ms: Date.now() };
  const [killed, other, third] = [stores[0], stores[1], stores[1]].map((store) =>
    createBreaker(store, OPTIONS, { leaseMs: 1000, now: () => clock.ms, repeat: () => () => {} }),
  );
  await open({ breaker: killed, clock });
  await killed.enter(WHOLE); // and is never heard of again
  await assert.rejects(other.enter(WHOLE), isRefused(1));
  const probe = await until(
    () => other.enter(WHOLE).catch(() => null),
    'the place of the killed one is free',
  );
  await assert.rejects(third.enter(WHOLE), isRefused(1));
  await probe('answered');
  await call(third, 'failed');
  assert.equal(await killed.isOpen(), false);
});

/** A body that gives its pieces when it is told to. */
function makeBody() {
  const waiting = [];
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    async give(piece) {
      waiting.shift()(piece);
      await new Promise(setImmediate);
    },
  };
}

test('bodies that wait to be a probe hold a bounded memory; the slow ones make room', async () => {
  const clock = { ms: 0 };
  const { gather } = createGathering({ maxBytes: 100, patienceMs: 10, now: () => clock.ms });
  const [slow, quick, big] = [makeBody(), makeBody(), makeBody()];
  const queue = [];
  const slowDone = gather(slow, []);
  await slow.give(new Uint8Array(80));
  const bigDone = gather(big, []);
  const refusal = assert.rejects(bigDone, { code: 'UNAVAILABLE', status: 503 });
  await big.give(new Uint8Array(30));
  await refusal;
  clock.ms += 10;
  const slowRefusal = assert.rejects(slowDone, { code: 'UNAVAILABLE' });
  const quickDone = gather(quick, queue);
  await quick.give(new Uint8Array(60));
  await slowRefusal;
  await quick.give(new Uint8Array(40));
  await quick.give(null);
  await quickDone;
  assert.deepEqual(
    queue.map(({ length }) => length),
    [60, 40],
  );
});
