// The server's own patience: how many connections one host may have, who does not read, and how long a connection is kept.
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect } from 'node:net';
import { constants } from 'node:os';
import test from 'node:test';
import { fixedResponse } from '../../web/http/fixed-response.js';
import { startServer as startPlainServer } from '../../web/http/node-server.js';
import { createServer, startServer } from '../../web/proxy/node/index.js';
import { KEY, OPEN, openSocket, SECRET } from '../proxy/helpers.mjs';

const accepted = [];
subscribe('net.server.socket', ({ socket }) => accepted.push(socket));

const text = (body) => fixedResponse(body, { headers: { 'content-type': 'text/plain' } });

async function start(t, options, handler = () => text('hello')) {
  const server = await startServer(handler, options);
  t.after(() => server.close({ graceMs: 0 }));
  return server;
}

async function idle(t, port, localAddress) {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

const get = (port) => ['GET / HTTP/1.1', `Host: 127.0.0.1:${port}`];

test('one host has a quarter of the connections; those that end make room', async (t) => {
  const server = await start(t, { maxConnections: 16 });
  const sockets = [];
  for (let i = 0; i < 4; i += 1) sockets.push(await idle(t, server.port));
  const fifth = await idle(t, server.port);
  await once(fifth, 'close');
  const other = await idle(t, server.port, '127.0.0.2');
  other.write(`${get(server.port).join('\r\n')}\r\n\r\n`);
  assert.match(String(await once(other, 'data')), /^HTTP\/1\.1 200 /);
  sockets[0].end();
  await once(sockets[0], 'close');
  for (const socket of sockets.slice(1)) assert.equal(socket.destroyed, false);
  const client = await openSocket(t, server.port, get(server.port));
  await client.until(/hello/);
});

test('connections that the system cannot hand over end neither server, and are told once for each code', async (t) => {
  const servers = new Set();
  const see = ({ server }) => void servers.add(server);
  subscribe('http.server.request.start', see);
  t.after(() => unsubscribe('http.server.request.start', see));
  const warnings = [];
  const proxy = await createServer({
    key: KEY,
    secret: SECRET,
    ...OPEN,
    internalPort: 0,
    warn: (message) => warnings.push(message),
  });
  t.after(() => proxy.close({ graceMs: 0 }));
  const ask = async (port) => {
    const reply = await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'close' } });
    await reply.arrayBuffer();
    return reply.status;
  };
  for (const port of [proxy.port, proxy.internalPort]) assert.equal(await ask(port), 200);
  assert.equal(servers.size, 2);
  warnings.length = 0;
  const { EMFILE, ENOBUFS } = constants.errno;
  // As libuv tells it.
  for (const { _handle: handle } of servers)
    for (const errno of [EMFILE, ENOBUFS, EMFILE]) handle.onconnection(-errno);
  const text = (code) => `the system did not hand over a connection (${code}); the server goes on`;
  assert.deepEqual(warnings, [text('EMFILE'), text('ENOBUFS'), text('EMFILE'), text('ENOBUFS')]);
  for (const port of [proxy.port, proxy.internalPort]) assert.equal(await ask(port), 200);
});

test('reverse proxies of the operator have all connections, for as long as balancers keep them', async (t) => {
  const options = { key: KEY, secret: SECRET, ...OPEN, maxConnections: 8, warn: () => {} };
  const table = [
    [{ trustProxy: 1 }, 8, 'timeout=65'],
    [{ trustProxy: 0 }, 2, 'timeout=5'],
  ];
  for (const [more, count, keepAlive] of table) {
    const proxy = await createServer({ ...options, ...more });
    t.after(() => proxy.close({ graceMs: 0 }));
    const clients = [];
    for (let i = 0; i < count; i += 1) {
      clients.push(await openSocket(t, proxy.port, ['GET /healthz HTTP/1.1', 'Host: a.example']));
      assert.ok((await clients[i].until(/ok\n/)).includes(`Keep-Alive: ${keepAlive}`));
    }
    const over = await openSocket(t, proxy.port, ['GET /netocr/info HTTP/1.1', 'Host: a.example']);
    await over.closed;
    assert.match(over.text(), /^HTTP\/1\.1 503 /);
  }
});

test('the numbers of connections and calls are positive integers', async () => {
  for (const value of [0, -1, 1.5, '8']) {
    const start = (options) => createServer({ key: KEY, secret: SECRET, ...OPEN, ...options });
    await assert.rejects(
      start({ maxConnections: value }),
      /^TypeError: maxConnections must be a positive integer$/,
    );
    await assert.rejects(
      start({ slots: { maxCalls: value } }),
      /^TypeError: slots.maxCalls must be a positive integer$/,
    );
  }
});

test('a client that does not read its reply is cut off; one that reads is not', async (t) => {
  const size = 64 << 20; // more than the buffers of two sockets
  const handler = () => text(Buffer.alloc(size));
  const hasty = await start(t, { sendIdleMs: 100 }, handler);
  const deaf = await openSocket(t, hasty.port, get(hasty.port));
  deaf.socket.pause();
  await once(accepted.at(-1), 'close');
  const patient = await start(t, {}, handler);
  const reply = await fetch(`http://127.0.0.1:${patient.port}/`);
  assert.equal((await reply.arrayBuffer()).byteLength, size);
});

test('a kept connection has the timeout that it had before, and a slow handler keeps it', async (t) => {
  let answer;
  const server = await start(t, { sendIdleMs: 30, keepAliveMs: 0 }, () => answer());
  answer = () => text('first');
  const client = await openSocket(t, server.port, get(server.port));
  await client.until(/first/);
  const socket = accepted.at(-1);
  while (socket.timeout) await new Promise(setImmediate);
  let timeoutMs;
  answer = () => {
    timeoutMs = socket.timeout;
    return text('second');
  };
  client.socket.write(`${get(server.port).join('\r\n')}\r\n\r\n`);
  await client.until(/second/);
  assert.equal(timeoutMs, 0, 'however long the handler takes, the socket does not time out');
});

/** Sends the rest of a body after the response came, as a client does whose bytes are on their way. */
async function sendLate(t, port, head) {
  const rest = Buffer.alloc(2 << 20, 'x');
  const errors = [];
  const client = await openSocket(t, port, [...head, `Content-Length: ${rest.length + 10}`]);
  client.socket.on('error', ({ code }) => errors.push(code));
  client.socket.write('0123456789');
  await client.until(/refused/);
  await new Promise((resolve) => client.socket.write(rest, resolve));
  return { client, errors };
}

test('a response that comes early reaches clients that close after it, and those of a draining server', async (t) => {
  const server = await start(t, { lingerMs: 20_000 }, () => text('refused'));
  const post = ['POST / HTTP/1.1', `Host: 127.0.0.1:${server.port}`];
  for (const head of [[...post, 'Connection: close'], ['POST / HTTP/1.0', 'Host: a.example'], post]) {
    if (head === post) server.drain();
    const { client, errors } = await sendLate(t, server.port, head);
    await client.closed;
    assert.deepEqual(errors, [], head.join());
    assert.match(client.text(), /^HTTP\/1\.1 200 [\s\S]*\r\nconnection: close\r\n[\s\S]*\r\nrefused$/i);
  }
});

test('a client that closes after its response is not waited for longer than any other', async (t) => {
  const server = await start(t, { lingerMs: 50 }, () => text('refused'));
  const head = ['POST / HTTP/1.1', 'Host: a.example', 'Connection: close', 'Content-Length: 9'];
  const client = await openSocket(t, server.port, head);
  await client.until(/refused/);
  await client.closed;
});

test('every kind of response ends with its bytes, also one that comes before the request is whole', async (t) => {
  const responses = {
    fixed: () => text('words'),
    streamed: () => new Response('words'),
    empty: () => new Response(null, { status: 400 }),
    none: () => new Response(null, { status: 204 }),
  };
  for (const [name, respond] of Object.entries(responses)) {
    const server = await start(t, { lingerMs: 20_000 }, respond);
    for (const method of ['POST', 'HEAD']) {
      const head = [`${method} / HTTP/1.1`, 'Host: a.example', 'Connection: close', 'Content-Length: 9'];
      const client = await openSocket(t, server.port, head);
      const isWhole = {
        fixed: /words$/,
        streamed: /words\r\n0\r\n\r\n$/,
        empty: /: 0\r\n/,
        none: /\r\n\r\n$/,
      };
      await client.until(method === 'HEAD' ? /\r\n\r\n$/ : isWhole[name]);
      client.socket.write('123456789');
      await client.closed;
      assert.match(client.text(), method === 'HEAD' ? /\r\n\r\n$/ : isWhole[name], `${method} ${name}`);
    }
  }
});

test('a malformed target is answered as the caller wants it, by default with a line of text', async (t) => {
  const answerOf = async (options) => {
    const server = await startPlainServer(() => text('hello'), options);
    t.after(() => server.close({ graceMs: 0 }));
    const lines = ['GET http://[/ HTTP/1.1', `Host: 127.0.0.1:${server.port}`, 'Connection: close'];
    const client = await openSocket(t, server.port, lines);
    await client.closed;
    return client.text();
  };
  assert.match(
    await answerOf({}),
    /^HTTP\/1\.1 400 [\s\S]*\r\n\r\nthe target or the head of the request is malformed$/,
  );
  const refusals = {
    malformed: () => fixedResponse('no', { status: 418, headers: {} }),
    full: () => new Response(),
  };
  assert.match(await answerOf({ refusals }), /^HTTP\/1\.1 418 [\s\S]*\r\n\r\nno$/);
});
