// Many clients in the middle of their bodies, who then all go away at once: somebody else is served among them
// and at that very moment, and nothing of theirs stays behind.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { FACE, FORM, formBody, openSocket, post, startProxy, startUpstream } from './helpers.mjs';

const CLIENTS = 150;
/** More than node:http reads in one go, so that the call to the service has begun. */
const SENT = formBody(FACE, 'A'.repeat(100_000)).slice(0, 90_000);

test('a crowd that leaves at once takes nothing away from others', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = await openSocket(t, proxy.port, [
        `POST /netocr/${FACE.path} HTTP/1.1`,
        'Host: proxy.example',
        `Content-Type: ${FORM}`,
        'Content-Length: 150000',
      ]);
      client.socket.write(SENT);
      return client;
    }),
  );
  while (upstream.records.length < CLIENTS) await once(upstream.server, 'recorded');
  const { calls } = await proxy.handler.state();
  assert.equal(calls, CLIENTS);
  assert.equal((await post(proxy, FACE, formBody(FACE))).status, 200);

  for (const { socket } of clients) socket.resetAndDestroy();
  assert.equal((await post(proxy, FACE, formBody(FACE))).status, 200);
  while (proxy.lines.length < CLIENTS + 2) await proxy.logged();
  assert.deepEqual(await proxy.handler.state(), {
    calls: 0,
    queued: 0,
    breakerOpen: false,
    storeUp: true,
  });
  const codes = proxy.lines.map(({ code, status }) => `${status} ${code}`);
  assert.equal(codes.filter((code) => code === '499 ABORTED').length, CLIENTS);
  assert.equal(codes.filter((code) => code === '200 OK').length, 2);
  const outcomes = await Promise.all(upstream.records.map(({ outcome }) => outcome));
  assert.equal(outcomes.filter((outcome) => outcome === 'complete').length, 2, 'no other request was whole');
});
