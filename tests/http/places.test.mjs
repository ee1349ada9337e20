// Connections beyond all others, for health alone: however many lie idle, a balancer finds the proxy alive.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'node:test';
import { createPlaces, RESERVED } from '../../web/http/places.js';
import { createServer } from '../../web/proxy/node/index.js';
import { FACE, HEAD, KEY, OPEN, openSocket, SECRET, startUpstream } from '../proxy/helpers.mjs';
import { startCommand } from '../proxy/process.mjs';

async function start(t, options) {
  const server = await createServer({ key: KEY, secret: SECRET, ...OPEN, warn: () => {}, ...options });
  t.after(() => server.close({ graceMs: 0 }));
  return server;
}

/** A connection that says nothing; `address` is a loopback address of this machine. */
async function idle(t, port, address = '127.0.0.1') {
  const socket = connect({ port, host: '127.0.0.1', localAddress: address });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

const idlers = (t, port, count, addressOf) =>
  Promise.all(Array.from({ length: count }, (_, i) => idle(t, port, addressOf(i))));
const SAME = () => '127.0.0.1';
const MANY = (i) => `127.0.0.${2 + (i % 100)}`;

async function health(t, port, path = '/healthz', method = 'GET') {
  const client = await openSocket(t, port, [`${method} ${path} HTTP/1.1`, 'Host: a.example']);
  await client.closed;
  return client.text();
}

for (const [name, addressOf] of [
  ['one address', SAME],
  ['many addresses', MANY],
])
  test(`health answers while idle connections from ${name} have all places`, async (t) => {
    const server = await start(t, { maxConnections: 24 });
    // More than there are, and than are reserved.
    await idlers(t, server.port, 24 + 3 * RESERVED, addressOf);
    for (let i = 0; i < 2 * RESERVED; i += 1) {
      const text = await health(t, server.port, '/healthz');
      assert.match(text, /^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*\r\n\r\nok\n$/is);
      assert.match(await health(t, server.port, '/readyz'), /^HTTP\/1\.1 200 .*ready\n$/s);
    }
    assert.match(await health(t, server.port, '/healthz', 'HEAD'), /^HTTP\/1\.1 200 .*\r\n\r\n$/s);
  });

test('1,024 idle connections of one host behind a reverse proxy leave health on PORT', async (t) => {
  const upstream = await startUpstream(t);
  const command = await startCommand(t, { NETOCR_UPSTREAM: upstream.url, NETOCR_TRUST_PROXY: '1' });
  await idlers(t, command.port, 1024 + RESERVED, SAME);
  assert.match(await health(t, command.port), /^HTTP\/1\.1 200 .*ok\n$/s);
});

test('a reserved connection serves nothing else, and one request only', async (t) => {
  const upstream = await startUpstream(t);
  const server = await start(t, { maxConnections: 4, upstream: upstream.url });
  await idlers(t, server.port, 4, MANY);
  const head = (line) => [line, 'Host: a.example', 'Content-Length: 0'];
  const table = [
    HEAD(server, FACE, 0),
    head('GET /netocr/info HTTP/1.1'),
    head('OPTIONS /healthz HTTP/1.1'),
    head('POST /healthz HTTP/1.1'),
    head('GET /healthz/ HTTP/1.1'),
    head('GET /%68ealthz HTTP/1.1'),
    head('GET //healthz HTTP/1.1'),
    head('GET /HEALTHZ HTTP/1.1'),
    head('GET /healthz?x HTTP/1.1'),
    head('GET /nothing HTTP/1.1'),
  ];
  for (const lines of table) {
    const client = await openSocket(t, server.port, lines);
    await client.closed;
    assert.match(client.text(), /^HTTP\/1\.1 503 .*retry-after: 1\r\n.*"UNAVAILABLE"/is, lines[0]);
  }
  const twice = await openSocket(t, server.port, [
    ...head('GET /healthz HTTP/1.1'),
    '',
    ...head('GET /healthz HTTP/1.1'),
  ]);
  await twice.closed;
  assert.equal(twice.text().match(/HTTP\/1\.1 /g).length, 1);
  assert.equal(upstream.records.length, 0);
});

test('places that become free are usual ones again', async (t) => {
  const server = await start(t, { maxConnections: 4 });
  const sockets = await idlers(t, server.port, 4, MANY);
  const info = ['GET /netocr/info HTTP/1.1', 'Host: a.example'];
  const ask = async () => {
    const client = await openSocket(t, server.port, info);
    return { client, text: await client.until(/^HTTP.*\}/s) };
  };
  assert.match((await ask()).text, /^HTTP\/1\.1 503 /);
  sockets[0].end();
  let { client, text } = await ask();
  while (text.startsWith('HTTP/1.1 503 ')) ({ client, text } = await ask());
  assert.match(text, /"sandbox":false/);
  client.socket.write(`${info.join('\r\n')}\r\n\r\n`);
  await client.until(/"sandbox":false.*"sandbox":false/s);
});

/** Stands in for a connection. */
function socketFrom(remoteAddress) {
  const listeners = [];
  const socket = { remoteAddress, destroyed: false, once: (_name, listener) => listeners.push(listener) };
  socket.destroy = () => {
    if (socket.destroyed) return;
    socket.destroyed = true;
    for (const listener of listeners) listener();
  };
  return socket;
}

function fill(places, addresses) {
  return addresses.map((address) => {
    const socket = socketFrom(address);
    places.admit(socket);
    return socket;
  });
}
const ends = (sockets) => sockets.map(({ destroyed }) => (destroyed ? 'gone' : 'there'));

test('a crowd pushes out its own reserved connections, then the oldest go', () => {
  const places = createPlaces({ max: 1, maxPerAddress: 1, reserved: 4 });
  fill(places, ['10.0.0.1']);
  const [a, ...own] = fill(places, ['10.0.0.1', '10.0.0.2', '10.0.0.2', '10.0.0.2']);
  assert.deepEqual(ends([a, ...own]), ['there', 'gone', 'gone', 'there']);
  const others = fill(places, ['10.0.0.3', '10.0.0.4', '10.0.0.5']);
  assert.deepEqual(ends([a, own[2], ...others]), ['gone', 'there', 'there', 'there', 'there']);
  // Of IPv6 a network of 64 bits is one address, and sockets without an address are one.
  const networks = fill(places, ['2001:db8::1', '2001:db8::2', undefined, undefined]);
  assert.deepEqual(ends(networks), ['gone', 'there', 'gone', 'there']);
});

test('a reserved connection that has asked is not pushed out before its answer', () => {
  const places = createPlaces({ max: 0, maxPerAddress: 1, reserved: 8 });
  const [first, second] = fill(places, ['10.0.0.1', '10.0.0.1']);
  assert.equal(places.ask(first), true);
  assert.deepEqual(ends([first, second, ...fill(places, ['10.0.0.1'])]), ['there', 'gone', 'there']);
  const many = fill(
    places,
    ['2', '2', '3', '3', '4', '4'].map((end) => `10.0.0.${end}`),
  );
  for (const socket of many) assert.equal(places.ask(socket), true);
  const [last] = fill(places, ['10.0.0.5']);
  assert.deepEqual(ends([first, ...many, last]), [...Array(8).fill('there')]);
  assert.equal(places.ask(last), true);
  assert.deepEqual(ends(fill(places, ['10.0.0.6', '10.0.0.5'])), ['gone', 'gone']);
});

test('without reserved places, and beyond an address’s share, connections are closed', () => {
  const places = createPlaces({ max: 4, maxPerAddress: 2 });
  const sockets = fill(places, ['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.2', undefined, '10.0.0.3']);
  assert.deepEqual(ends(sockets), ['there', 'there', 'gone', 'there', 'there', 'gone']);
  assert.deepEqual(sockets.map(places.ask), [false, false, false, false, false, false]);
  sockets[0].destroy();
  assert.deepEqual(ends(fill(places, ['10.0.0.1', '10.0.0.1'])), ['there', 'gone']);
});

test('a reserved connection that asks for nothing ends', async () => {
  const places = createPlaces({ max: 0, maxPerAddress: 1, reserved: 8, reservedMs: 5 });
  const socket = socketFrom('10.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  places.admit(socket);
  assert.equal(places.ask(socket), true);
  await closed;
  assert.equal(places.ask(socket), false);
});
