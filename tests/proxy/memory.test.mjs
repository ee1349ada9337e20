// Memory for each request in flight, as the system sees it: many long bodies at once, against a service that does not
// read, so that everything that the proxy may hold is held.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ROUTES } from '../../web/proxy/routes.js';
import { FORM, formBody, openSocket, startUpstream } from './helpers.mjs';
import { residentBytes, startCommand } from './process.mjs';

const REQUESTS = 128;
const FIRST_REQUESTS = 48;
const MOST_BYTES = 256 << 10;

test('a request in flight costs at most 256 KiB, however long its body is', async (t) => {
  const upstream = await startUpstream(t, {
    early: (request, response) => {
      request.pause();
      response.once('close', () => request.destroy());
    },
  });
  const proxy = await startCommand(t, { NETOCR_UPSTREAM: upstream.url });
  const video = ROUTES.find(({ operation }) => operation === 'checkVideoLiveness');
  const body = Buffer.from(formBody(video, 'A'.repeat(video.maxBodyBytes - 1000)));

  /** Opens `count` requests; resolves once none of them gets on any more. */
  async function fill(count) {
    const expected = upstream.records.length + count;
    const clients = [];
    for (let i = 0; i < count; i += 1) {
      const client = await openSocket(t, proxy.port, [
        `POST /netocr/${video.path} HTTP/1.1`,
        `Host: 127.0.0.1:${proxy.port}`,
        `Content-Type: ${FORM}`,
        `Content-Length: ${body.length}`,
      ]);
      client.socket.write(body);
      clients.push(client);
    }
    while (upstream.records.length < expected) await upstream.next();
    const waiting = () =>
      clients.reduce((sum, { socket }) => sum + socket.bytesWritten - socket.writableLength, 0);
    for (let quiet = 0, seen = -1; quiet < 8; seen = waiting()) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      quiet = seen === waiting() ? quiet + 1 : 0;
    }
    return clients;
  }

  // What the process needs once (compiled code, the heap's first growth) is there after the first ones.
  await fill(FIRST_REQUESTS);
  const before = await residentBytes(proxy);
  const clients = await fill(REQUESTS);
  const grown = (await residentBytes(proxy)) - before;
  assert.ok(clients.every(({ socket }) => socket.writableLength > 0 || socket.bytesWritten >= body.length));
  t.diagnostic(
    `${(grown / REQUESTS / 1024).toFixed(0)} KiB for each of ${REQUESTS} requests of ${body.length} bytes`,
  );
  assert.ok(grown / REQUESTS <= MOST_BYTES, `${grown / REQUESTS} bytes for each request`);
});
