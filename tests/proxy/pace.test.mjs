// Slow clients, on a clock that the test moves on. In a process of its own and over raw sockets: Node's fetch sets its
// timers by the same clock, and breaks when it goes back to the real one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createNodeTransport } from '../../web/proxy/node/transport.js';
import { formBody, HEAD, LIVENESS, openSocket, startProxy, startUpstream } from './helpers.mjs';

/** Time that passes only when it is told to, for timers and `performance.now()` of this process alike. */
function stopClock(t) {
  const started = performance.now();
  let passed = 0;
  t.after(() => t.mock.reset()); // before everything else ends
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(performance, 'now', () => started + passed);
  return {
    tick(ms) {
      passed += ms;
      t.mock.timers.tick(ms);
    },
  };
}

test('a client that is too slow is told so, and the call is cut off', async (t) => {
  const clock = stopClock(t);
  const upstream = await startUpstream(t);
  const body = formBody(LIVENESS, 'A'.repeat(400_000));
  for (const limits of [{ bodyIdleMs: 400 }, { bodyTotalMs: 400 }]) {
    const proxy = await startProxy(t, { upstream: upstream.url, limits });
    const recorded = upstream.next();
    const client = await openSocket(t, proxy.port, HEAD(proxy, LIVENESS, body.length));
    client.socket.write(body.slice(0, 300_000));
    const record = await recorded;
    const logged = proxy.logged();
    let isOver = false;
    logged.then(() => {
      isOver = true;
    });
    while (!isOver) {
      clock.tick(100);
      await new Promise(setImmediate);
    }
    assert.match(await client.until(/too slowly/), /^HTTP\/1\.1 408 [\s\S]*"REQUEST_REFUSED"/);
    assert.equal(await record.outcome, 'cut off');
  }
});

/** Node's transport; `waits()` says whether it is the client's turn: the transport asks for bytes and has none. */
function watchedTransport() {
  const transport = createNodeTransport();
  let asked = 0;
  return {
    waits: () => asked > 0,
    transport(call) {
      async function read() {
        asked += 1;
        return call.source.read().finally(() => {
          asked -= 1;
        });
      }
      return transport({ ...call, source: { ...call.source, read } });
    },
  };
}

test('a slow client does not use up the time of the service', async (t) => {
  const clock = stopClock(t);
  const upstream = await startUpstream(t);
  const { transport, waits } = watchedTransport();
  const proxy = await startProxy(t, { upstream: upstream.url, limits: { replyMs: 600 }, transport });
  const body = Buffer.from(formBody(LIVENESS, 'A'.repeat(300_000)));
  const client = await openSocket(t, proxy.port, HEAD(proxy, LIVENESS, body.length));
  // Two pieces: with the first one the call begins, and the second is held back.
  client.socket.write(body.subarray(0, 200_000));
  await upstream.next();
  for (let at = 200_000; at < body.length; at += 25_000) {
    while (!waits()) await new Promise(setImmediate);
    clock.tick(500); // the slow uplink
    client.socket.write(body.subarray(at, at + 25_000));
  }
  assert.match(await client.until(/2000/), /^HTTP\/1\.1 200 /);
});
