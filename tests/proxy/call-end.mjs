// What the tests of a call's end share: a service that is a plain TCP server and does what a case says, calls through a proxy
// in this process, and the look at everything that a call may leave behind.
import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { FORM, formBody, LIVENESS, listen, openSocket } from './helpers.mjs';

/** Every socket that this process connected: the test's own and the proxy's. */
export const connected = new Set();
subscribe('net.client.socket', ({ socket }) => {
  connected.add(socket);
  socket.once('close', () => connected.delete(socket));
});

export const DEADLINE_MS = 60_000;

/** Looks until it is so, one turn of the event loop after the other. */
export async function until(isSo, what) {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await isSo())) {
    assert.ok(Date.now() < deadline, `never: ${typeof what === 'function' ? what() : what}`);
    await new Promise(setImmediate);
  }
}

export const resources = () => {
  const count = { TCPSocketWrap: 0, Timeout: 0, descriptors: readdirSync('/proc/self/fd').length };
  for (const name of process.getActiveResourcesInfo()) if (name in count) count[name] += 1;
  return count;
};

/**
 * A service that reads whole requests and then does what the case says whose name is the scenario of the request.
 * `act(socket, write)`; `early` cases act at the first byte and read nothing more.
 */
export async function startService(t, cases, { isKept = false } = {}) {
  const sockets = new Set();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('end', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', function take(data) {
      text += data.latin1Slice();
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [, name = ''] = /\r\nx-sandbox-scenario: (.*)\r\n/i.exec(text) ?? [];
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)[1]);
      const { act, early } = cases.get(name);
      server.emit('head', name);
      if (!early && text.length < end + 4 + length) return;
      text = '';
      if (!isKept) socket.off('data', take).resume();
      server.emit('taken', name);
      act(socket);
    });
  });
  await listen(t, server);
  t.after(() => {
    for (const socket of [...sockets, ...connected]) socket.destroy();
  });
  return { server, sockets, url: `http://127.0.0.1:${server.address().port}` };
}

export const head = (proxy, name, length) => [
  `POST /netocr/${LIVENESS.path} HTTP/1.1`,
  `Host: 127.0.0.1:${proxy.port}`,
  `Content-Type: ${FORM}`,
  `Content-Length: ${length}`,
  `X-Sandbox-Scenario: ${name}`,
  'Connection: close',
];

export const BODY = formBody(LIVENESS);

/** The status that the proxy answers with. */
export async function call(t, proxy, name, body = BODY) {
  const client = await openSocket(t, proxy.port, head(proxy, name, body.length));
  client.socket.write(body);
  await client.closed;
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(client.text())?.[1] ?? 0);
}

/** Nothing of the calls is left: not at the proxy, not between it and the service, no timer. */
export async function assertFreed({ proxy, service, before }) {
  const left = () =>
    JSON.stringify({ service: service.sockets.size, connected: connected.size, now: resources(), before });
  await until(async () => {
    const { calls, queued } = await proxy.handler.state();
    return calls === 0 && queued === 0;
  }, 'the slots are free');
  await until(() => service.sockets.size === 0 && connected.size === 0, left);
  await until(() => {
    const now = resources();
    return Object.keys(now).every((name) => now[name] <= before[name]);
  }, left);
}
