// The circuit breaker on a clock of its own, and in the proxy: who is let through when, and what a call's end means.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createBreaker, outcomeOf } from '../../web/proxy/breaker.js';
import {
  clientGone,
  ProxyError,
  refused,
  upstreamError,
  upstreamTimeout,
  upstreamUnreachable,
} from '../../web/proxy/errors.js';
import { createMemoryStore } from '../../web/proxy/state/memory.js';
import { StoreError } from '../../web/proxy/state/store.js';
import { errorOf, FACE, formBody, OK_REPLY, post, startProxy, startUpstream } from './helpers.mjs';

const OPTIONS = { failures: 3, windowMs: 1000, openMs: 500 };

function make({ store, shared } = {}) {
  const clock = shared?.clock ?? { ms: 1_000_000 };
  const now = () => clock.ms;
  const memory = store ?? shared?.memory ?? createMemoryStore({ now });
  const changes = [];
  const breaker = createBreaker(memory, OPTIONS, {
    probeMs: 100,
    now,
    changed: (open) => changes.push(open),
  });
  return { breaker, clock, memory, changes };
}

async function call(breaker, outcome) {
  const report = await breaker.enter();
  await report(outcome);
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
  await assert.rejects(breaker.enter(), isRefused(1));
  clock.ms += OPTIONS.openMs + 1;
  assert.equal(await breaker.isOpen(), false, 'a probe may come');
  const probe = await breaker.enter();
  await assert.rejects(breaker.enter(), isRefused(1));
  await probe('answered');
  await call(breaker, 'failed');
  await call(breaker, 'failed');
  assert.equal(await breaker.isOpen(), false, 'the count began anew');
  assert.deepEqual(changes, [true, false]);
});

test('a probe that fails opens it again; one that says nothing leaves the place to the next', async () => {
  const { breaker, clock } = make();
  for (let i = 0; i < 3; i += 1) await call(breaker, 'failed');
  clock.ms += OPTIONS.openMs + 1;
  await call(breaker, 'failed');
  await assert.rejects(breaker.enter(), isRefused(1));
  clock.ms += OPTIONS.openMs + 1;
  await call(breaker, 'unknown');
  const lost = await breaker.enter(); // never reported: forgotten after probeMs
  await assert.rejects(breaker.enter(), isRefused(1));
  clock.ms += 101;
  await call(breaker, 'answered');
  assert.equal(typeof lost, 'function');
  await call(breaker, 'answered');
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
  await assert.rejects(second.breaker.enter(), isRefused(1));
});

test('without its store it lets calls through; other failures of the store are not hidden', async () => {
  const dead = (error) => new Proxy({}, { get: () => () => Promise.reject(error) });
  const { breaker } = make({ store: dead(new StoreError('away')) });
  for (let i = 0; i < 5; i += 1) await call(breaker, 'failed');
  assert.equal(await breaker.isOpen(), false);
  await assert.rejects(make({ store: dead(new RangeError('bug')) }).breaker.enter(), RangeError);
});

test('only what the service does wrong counts as its failure', () => {
  const table = [
    [upstreamUnreachable(), 'failed'],
    [upstreamError('x'), 'failed'],
    [upstreamTimeout(), 'failed'],
    [new ProxyError('RATE_LIMITED', 429, 'x'), 'answered'],
    [clientGone(), 'unknown'],
    [refused(400, 'x'), 'unknown'],
    [new RangeError('x'), 'unknown'],
  ];
  for (const [error, outcome] of table) assert.equal(outcomeOf(error), outcome, error.message);
});

/** A proxy before a service that fails until `isWell` is set, with a breaker that two failures open. */
async function startFailing(t, openMs) {
  const service = { isWell: false };
  const upstream = await startUpstream(t, {
    reply: (_request, response) => (service.isWell ? response.end(OK_REPLY) : response.writeHead(500).end()),
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
  while ((await proxy.handler.state()).breakerOpen) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal((await send()).status, 200);
  assert.equal((await send()).status, 200);
  assert.deepEqual(
    warnings.filter((text) => /breaker/.test(text)).map((text) => /opens|closes/.exec(text)[0]),
    ['opens', 'closes'],
  );
});
