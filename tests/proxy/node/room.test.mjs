// A process that has no descriptor, memory or time left refuses calls with UNAVAILABLE before a use of their token is
// spent, and is as before once it has.
import assert from 'node:assert/strict';
import test from 'node:test';
import { mintToken } from '../../../web/proxy/index.js';
import { createRoom, descriptorLimit, fitDescriptors } from '../../../web/proxy/node/room.js';
import { createNodeTransport } from '../../../web/proxy/node/transport.js';
import {
  errorOf,
  FACE,
  FORM,
  formBody,
  openSocket,
  post,
  startProxy,
  startUpstream,
  TOKEN_SECRET,
} from '../helpers.mjs';
import { startCounted } from '../process.mjs';

const ORIGIN = 'https://a.example';
const CLOSED = {
  allowAnonymous: false,
  tokenSecret: TOKEN_SECRET,
  allowedOrigins: [ORIGIN],
  allowSameOrigin: false,
};
const mint = () => mintToken({ secret: TOKEN_SECRET, operations: 'compareFaces', origin: ORIGIN, uses: 1 });

const errorNamed = (code) => Object.assign(new Error(code), { code });
const failing = (code) => () => {
  throw errorNamed(code);
};

test('each of the three is found out', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const state = { now: 0, inUse: 0.5, openDescriptor: () => {} };
  const { room, stop } = createRoom({
    openDescriptor: () => state.openDescriptor(),
    inUse: () => state.inUse,
    now: () => state.now,
  });
  t.after(stop);
  const pass = (ms, late = 0) => {
    state.now += ms + late;
    t.mock.timers.tick(ms);
  };
  assert.equal(room(5), null);
  for (const code of ['EMFILE', 'ENFILE']) {
    state.openDescriptor = failing(code);
    assert.equal(room(1), 'file descriptor');
  }
  state.openDescriptor = failing('ENOENT');
  assert.equal(room(5), null, 'nothing is known');
  state.openDescriptor = () => {};
  state.inUse = 0.95;
  assert.equal(room(5), null, 'looked at a moment ago');
  state.now += 250;
  assert.equal(room(5), 'memory');
  assert.equal(room(1), null, 'a first call may try');
  state.inUse = 0.5;
  pass(100, 250);
  assert.equal(room(5), null);
  pass(100, 5000);
  assert.equal(room(5), null, 'one pause of the machine is no lag');
  for (let i = 0; i < 4; i += 1) pass(100, 5000);
  assert.equal(room(5), 'processor time');
  for (let i = 0; i < 4; i += 1) pass(100);
  assert.equal(room(5), null);
});

test('what is refused for want of room has spent no use and no breaker opens', async (t) => {
  const upstream = await startUpstream(t);
  let lack = 'memory';
  const proxy = await startProxy(t, {
    upstream: upstream.url,
    ...CLOSED,
    breaker: { failures: 1 },
    room: () => lack,
  });
  const headers = { origin: ORIGIN, authorization: `Bearer ${await mint()}` };
  for (let i = 0; i < 3; i += 1) {
    const reply = await post(proxy, FACE, formBody(FACE), headers);
    assert.equal(reply.headers.get('retry-after'), '2');
    assert.deepEqual(await errorOf(reply), {
      status: 503,
      code: 'UNAVAILABLE',
      message: 'the proxy has no memory left; nothing was sent',
    });
  }
  assert.equal(upstream.records.length, 0);
  lack = null;
  assert.equal((await post(proxy, FACE, formBody(FACE), headers)).status, 200);
  assert.equal((await errorOf(await post(proxy, FACE, formBody(FACE), headers))).code, 'TOKEN_USED_UP');
});

test('a connection that this process could not make gives the use back and is no failure of the service', async (t) => {
  const upstream = await startUpstream(t);
  const real = createNodeTransport();
  // An agent whose connections fail as they do without a descriptor.
  const { Agent } = await import('node:http');
  const agent = new Agent();
  agent.createConnection = (_options, made) => void process.nextTick(made, errorNamed('EMFILE'));
  const without = createNodeTransport({ agent });
  let transport = without;
  const proxy = await startProxy(t, {
    upstream: upstream.url,
    ...CLOSED,
    breaker: { failures: 1 },
    transport: (call) => transport(call),
  });
  const headers = { origin: ORIGIN, authorization: `Bearer ${await mint()}` };
  for (let i = 0; i < 3; i += 1) {
    const { status, code } = await errorOf(await post(proxy, FACE, formBody(FACE), headers));
    assert.deepEqual([status, code], [503, 'UNAVAILABLE']);
    assert.equal(proxy.lines.at(-1).cause, 'EMFILE');
  }
  transport = real;
  assert.equal((await post(proxy, FACE, formBody(FACE), headers)).status, 200);
});

test('the command without a descriptor', async (t) => {
  const upstream = await startUpstream(t);
  const env = {
    NETOCR_UPSTREAM: upstream.url,
    NETOCR_TOKEN_SECRET: TOKEN_SECRET,
    NETOCR_ALLOW_ANONYMOUS: '0',
  };
  const proxy = await startCounted(t, env, { maxFiles: 128 });
  assert.match(proxy.output.stderr, /at most 128 files may be open: 36 connections and 27 calls/);
  const body = formBody(FACE);
  const client = await openSocket(t, proxy.port, ['GET /healthz HTTP/1.1', `Host: 127.0.0.1:${proxy.port}`]);
  await client.until(/ok\n/);
  const send = async (token) =>
    client.socket.write(
      [
        `POST /netocr/${FACE.path} HTTP/1.1`,
        `Host: 127.0.0.1:${proxy.port}`,
        `Origin: ${ORIGIN}`,
        `Authorization: Bearer ${token}`,
        `Content-Type: ${FORM}`,
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
  const token = await mint();
  assert.equal(await proxy.ask('exhaust'), 'EMFILE');
  await send(token);
  assert.match(await client.until(/HTTP\/1\.1 503 .*no file descriptor left/s), /"UNAVAILABLE"/);
  assert.equal(upstream.records.length, 0);
  await proxy.ask('release');
  await send(token);
  await client.until(/HTTP\/1\.1 200 .*"status":"2000"/s);
  assert.equal(upstream.records.length, 1);
});

test('connections and calls fit the limit of open files', () => {
  const wanted = { maxConnections: 1024, maxCalls: 768 };
  assert.deepEqual(fitDescriptors(wanted, Number.POSITIVE_INFINITY), wanted);
  assert.deepEqual(fitDescriptors(wanted, 1856), wanted);
  for (const limit of [65, 70, 256, 1024, 1855]) {
    const { maxConnections, maxCalls } = fitDescriptors(wanted, limit);
    assert.ok(maxConnections >= 1 && maxCalls >= 1 && maxConnections + maxCalls <= Math.max(2, limit - 64));
  }
  assert.ok(descriptorLimit() > 64);
});
