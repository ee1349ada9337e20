// The cap on calls under way and its queue; and in the proxy: who waits, who is told so, and that one retry of a
// connection is all there is.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import test from 'node:test';
import { upstreamUnreachable } from '../../../web/proxy/errors.js';
import { mintToken } from '../../../web/proxy/index.js';
import { createNodeTransport } from '../../../web/proxy/node/index.js';
import { createSlots } from '../../../web/proxy/upstream/slots.js';
import {
  deferred,
  errorOf,
  FACE,
  formBody,
  OK_REPLY,
  openSocket,
  post,
  startProxy,
  startUpstream,
  TOKEN_SECRET,
} from '../helpers.mjs';

const never = new AbortController().signal;

test('first come, first served, and no more than there is room for', async () => {
  const slots = createSlots({ maxUploads: 9, maxCalls: 2, maxQueued: 2, queueMs: 60_000 });
  const [first, second] = [await slots.take(never, []), await slots.take(never, [])];
  const order = [];
  const third = slots.take(never, []).then((release) => order.push('third') && release);
  const fourth = slots.take(never, []).then((release) => order.push('fourth') && release);
  assert.deepEqual(slots.state(), { calls: 2, queued: 2 });
  await assert.rejects(slots.take(never, []), {
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
  const slots = createSlots({ maxUploads: 9, maxCalls: 1, maxQueued: 2, queueMs: 30 });
  const release = await slots.take(never, []);
  const leaving = new AbortController();
  const gone = slots.take(leaving.signal, []);
  const late = slots.take(never, []);
  leaving.abort();
  await assert.rejects(gone, { code: 'ABORTED' });
  await assert.rejects(late, { code: 'UNAVAILABLE' });
  await assert.rejects(slots.take(AbortSignal.abort(), []), { code: 'ABORTED' });
  assert.deepEqual(slots.state(), { calls: 1, queued: 0 });
  release();
  (await slots.take(never, []))();
});

test('nobody has more than a quarter, by address or by token; who waits is overtaken only by others', async () => {
  const slots = createSlots({ maxUploads: 8, maxCalls: 8, maxQueued: 8, queueMs: 60_000 });
  const take = (...marks) => slots.take(never, marks);
  const [first, second] = [await take('address:a', 'token:1'), await take('address:a', 'token:2')];
  const order = [];
  const noted = (name) => (release) => order.push(name) && release;
  const third = take('address:a', 'token:3').then(noted('third'));
  const fourth = take('address:a', 'token:4').then(noted('fourth'));
  const isOver = { code: 'RATE_LIMITED', status: 429, headers: { 'retry-after': '2' } };
  await assert.rejects(take('address:a', 'token:5'), isOver); // its share of the queue is gone too
  const others = [await take('address:b', 'token:6'), await take('address:c', 'token:6')];
  const sixth = take('address:d', 'token:6').then(noted('sixth'));
  assert.deepEqual(slots.state(), { calls: 4, queued: 3 });
  second();
  (await third)();
  others[0]();
  assert.deepEqual(await Promise.all([sixth, fourth].map((entered) => entered.then(() => true))), [
    true,
    true,
  ]);
  assert.deepEqual(order, ['third', 'fourth', 'sixth']);
  for (const release of [first, others[1], await fourth, await sixth]) release();
  assert.deepEqual(slots.state(), { calls: 0, queued: 0 });
});

test('uploads have a limit, and a quarter of it for each caller', () => {
  const slots = createSlots({ maxUploads: 8, maxCalls: 1, maxQueued: 1, queueMs: 1 });
  const upload = (mark) => slots.upload([mark]);
  const first = upload('a');
  upload('a');
  assert.throws(() => upload('a'), { code: 'RATE_LIMITED', status: 429 });
  for (const mark of ['b', 'b', 'c', 'c', 'd', 'd']) upload(mark);
  assert.throws(() => upload('e'), { code: 'UNAVAILABLE', status: 503 });
  first();
  first();
  upload('a');
  assert.throws(() => upload('a'), { code: 'UNAVAILABLE' });
});

test('in the proxy: slow bodies of one token leave room for others, at whatever address', async (t) => {
  const upstream = await startUpstream(t);
  const origin = 'https://a.example';
  const proxy = await startProxy(t, {
    upstream: upstream.url,
    slots: { maxUploads: 32, maxCalls: 20, maxQueued: 1, queueMs: 60_000 },
    tokenSecret: TOKEN_SECRET,
    allowAnonymous: false,
    allowedOrigins: [origin],
    trustProxy: 1,
  });
  const mint = () =>
    mintToken({ secret: TOKEN_SECRET, operations: 'compareFaces', origin, uses: 50, applicantId: 'slow' });
  const body = formBody(FACE, 'A'.repeat(100_000));
  const answers = [];
  for (let i = 0; i < 10; i += 1) {
    const client = await openSocket(t, proxy.port, [
      `POST /netocr/${FACE.path} HTTP/1.1`,
      'Host: proxy.example',
      `Origin: ${origin}`,
      `Authorization: Bearer ${await mint()}`,
      `X-Forwarded-For: 203.0.113.${i}`,
      `Content-Type: ${FACE.contentType}`,
      `Content-Length: ${body.length}`,
      'Connection: close',
    ]);
    client.socket.write(body.slice(0, 90_000));
    answers.push(client.closed.then(() => client.text()));
  }
  // Five calls and one that waits are a token's share of 20 and 1; the others are told so.
  for (
    let told = 0;
    told < 2;
    told = proxy.lines.filter(({ code }) => code === 'RATE_LIMITED' || code === 'UNAVAILABLE').length
  )
    await new Promise(setImmediate);
  while ((await proxy.handler.state()).calls < 5) await new Promise(setImmediate);
  const token = await mintToken({ secret: TOKEN_SECRET, operations: 'compareFaces', origin });
  const headers = { origin, authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.99' };
  assert.equal((await post(proxy, FACE, formBody(FACE), headers)).status, 200);
  assert.equal((await proxy.handler.state()).calls, 5);
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
  assert.deepEqual(await proxy.handler.state(), {
    calls: 0,
    queued: 0,
    breakerOpen: false,
    storeUp: true,
  });
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
