// The cap on calls under way and its queue; and in the proxy: who waits, who is told so, and that one retry of a
// connection is all there is.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import test from 'node:test';
import { upstreamUnreachable } from '../../web/proxy/errors.js';
import { createNodeTransport } from '../../web/proxy/node.js';
import { createSlots } from '../../web/proxy/slots.js';
import { deferred, errorOf, FACE, formBody, OK_REPLY, post, startProxy, startUpstream } from './helpers.mjs';

const never = new AbortController().signal;

test('first come, first served, and no more than there is room for', async () => {
  const slots = createSlots({ maxCalls: 2, maxQueued: 2, queueMs: 60_000 });
  const [first, second] = [await slots.take(never), await slots.take(never)];
  const order = [];
  const third = slots.take(never).then((release) => order.push('third') && release);
  const fourth = slots.take(never).then((release) => order.push('fourth') && release);
  assert.deepEqual(slots.state(), { calls: 2, queued: 2 });
  await assert.rejects(slots.take(never), {
    code: 'UNAVAILABLE',
    status: 503,
    headers: { 'retry-after': '2' },
  });
  first();
  first(); // twice is once
  const release = await third;
  assert.deepEqual(slots.state(), { calls: 2, queued: 1 });
  second();
  release();
  (await fourth)();
  assert.deepEqual(order, ['third', 'fourth']);
  assert.deepEqual(slots.state(), { calls: 0, queued: 0 });
});

test('who waits too long, or goes away, leaves the queue', async () => {
  const slots = createSlots({ maxCalls: 1, maxQueued: 2, queueMs: 30 });
  const release = await slots.take(never);
  const leaving = new AbortController();
  const gone = slots.take(leaving.signal);
  const late = slots.take(never);
  leaving.abort();
  await assert.rejects(gone, { code: 'ABORTED' });
  await assert.rejects(late, { code: 'UNAVAILABLE' });
  await assert.rejects(slots.take(AbortSignal.abort()), { code: 'ABORTED' });
  assert.deepEqual(slots.state(), { calls: 1, queued: 0 });
  release();
  (await slots.take(never))();
});

test('in the proxy: one call under way, one waiting, the next is told to come again', async (t) => {
  const answers = [];
  const upstream = await startUpstream(t, { reply: (_request, response) => answers.push(response) });
  const proxy = await startProxy(t, { upstream: upstream.url, slots: { maxCalls: 1, maxQueued: 1 } });
  const first = post(proxy, FACE, formBody(FACE));
  await upstream.next();
  const second = post(proxy, FACE, formBody(FACE));
  while ((await proxy.handler.state()).queued === 0) await new Promise(setImmediate);
  const third = await post(proxy, FACE, formBody(FACE));
  assert.equal(third.headers.get('retry-after'), '2');
  assert.equal((await errorOf(third)).code, 'UNAVAILABLE');
  assert.equal(upstream.records.length, 1);
  while (answers.length === 0) await new Promise(setImmediate);
  answers[0].end(OK_REPLY);
  assert.equal((await first).status, 200);
  while (answers.length === 1) await new Promise(setImmediate);
  answers[1].end(OK_REPLY);
  assert.equal((await second).status, 200);
  assert.deepEqual(await proxy.handler.state(), { calls: 0, queued: 0, breakerOpen: false });
});

test('a connection that could not be made is tried once more, and only while nothing was asked for', async (t) => {
  const upstream = await startUpstream(t);
  const real = createNodeTransport();
  for (const [failures, reads, status, made] of [
    [1, false, 200, 2],
    [2, false, 502, 2],
    [1, true, 502, 1],
  ]) {
    let calls = 0;
    const proxy = await startProxy(t, {
      upstream: upstream.url,
      async transport(call) {
        calls += 1;
        if (calls > failures) return real(call);
        if (reads) await call.source.read();
        throw upstreamUnreachable();
      },
    });
    const before = upstream.records.length;
    assert.equal((await post(proxy, FACE, formBody(FACE))).status, status);
    assert.equal(calls, made);
    assert.equal(upstream.records.length - before, status === 200 ? 1 : 0);
  }
});

test('a service that takes connections and drops them is called once a request', async (t) => {
  let connections = 0;
  const closed = deferred();
  const server = createTcpServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    socket.once('data', () => socket.destroy());
    closed.resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const proxy = await startProxy(t, { upstream: `http://127.0.0.1:${server.address().port}` });
  assert.equal((await errorOf(await post(proxy, FACE, formBody(FACE)))).code, 'UPSTREAM_ERROR');
  await closed.promise;
  assert.equal(connections, 1);
});
