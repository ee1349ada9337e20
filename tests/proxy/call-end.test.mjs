// Every call ends and frees everything, whatever the service answers and whoever goes away when: afterwards no socket, no
// timer and no slot is left. The service is a plain TCP server that keeps its side of a connection open unless a case
// says otherwise, so that only the proxy can have closed it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { createServer } from 'node:net';
import test from 'node:test';
import { createNodeTransport } from '../../web/proxy/node/index.js';
import { assertFreed, BODY, call, DEADLINE_MS, head, resources, startService, until } from './call-end.mjs';
import { formBody, LIVENESS, listen, openSocket, startProxy } from './helpers.mjs';
import { startCounted } from './process.mjs';

const STATUSES = [200, 204, 302, 404, 429, 500, 503];
const SIZES = [0, 70_000, 1_200_000]; // the last one is over the limit of a reply
const FRAMINGS = ['length', 'chunked', 'close', 'gzip'];
const INTERIMS = ['none', '103'];
const ENDS = ['open', 'end', 'reset', 'cut'];

const HAS_NO_BODY = (status) => status === 204;

/** What the service does for one combination, and what the proxy may answer. */
function replyCase({ status, size, framing, interim, end }) {
  const body = Buffer.alloc(HAS_NO_BODY(status) ? 0 : size, ' ');
  const sent = end === 'cut' ? body.subarray(0, size / 2) : body;
  const heads = {
    length: `Content-Length: ${body.length}\r\n`,
    chunked: 'Transfer-Encoding: chunked\r\n',
    close: '',
    gzip: `Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n`,
  };
  const chunk = sent.length > 0 ? `${sent.length.toString(16)}\r\n${sent}\r\n` : '';
  const text = framing === 'chunked' ? chunk + (end === 'cut' ? '' : '0\r\n\r\n') : sent;
  const early = interim === '103' ? 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(3) : '';
  const endless = framing === 'close' && end === 'open' && !HAS_NO_BODY(status);
  return {
    endless,
    act(socket) {
      const headText = `${early}HTTP/1.1 ${status} X\r\n${HAS_NO_BODY(status) ? '' : heads[framing]}\r\n`;
      socket.write(
        Buffer.concat([Buffer.from(headText), Buffer.from(HAS_NO_BODY(status) ? '' : text)]),
        () => {
          if (end === 'end' || end === 'cut') socket.end();
          if (end === 'reset') socket.resetAndDestroy();
        },
      );
    },
    expects(answer) {
      if (endless && status === 200 && size <= 1 << 20) return answer === 504;
      if (answer === 502)
        return status !== 200 || framing === 'gzip' || size > 1 << 20 || end === 'cut' || end === 'reset';
      if (answer === 504) return endless;
      if (answer === 429) return status === 429;
      return answer === 200 && status === 200;
    },
  };
}

function* product() {
  for (const status of STATUSES)
    for (const size of SIZES)
      for (const framing of FRAMINGS)
        for (const interim of INTERIMS) for (const end of ENDS) yield { status, size, framing, interim, end };
}

const AT_ONCE = 12;

test('whatever the service answers, nothing of the call is left', async (t) => {
  const cases = new Map();
  for (const one of product()) cases.set(Object.values(one).join('-'), replyCase(one));
  const service = await startService(t, cases);
  const options = { upstream: service.url, sandbox: true, breaker: null };
  const patient = await startProxy(t, options);
  const hasty = await startProxy(t, { ...options, limits: { replyMs: 200 } });
  const before = resources();
  const names = [...cases.keys()];
  async function client() {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const { endless, expects } = cases.get(name);
      const answer = await call(t, endless ? hasty : patient, name);
      assert.ok(expects(answer), `${name}: ${answer}`);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  for (const proxy of [patient, hasty]) await assertFreed({ proxy, service, before });
});

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
/** The service's end of the call of 'early and deaf'. */
let deaf;
const ODD = {
  upgrade: {
    answer: 502,
    act: (socket) =>
      void socket.write('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nbytes'),
  },
  'upgrade without a name': { answer: 502, act: (socket) => void socket.write('HTTP/1.1 101 X\r\n\r\n') },
  'upgrade in a 200': {
    answer: 200,
    act: (socket) =>
      void socket.write(OK.replace('OK\r\n', 'OK\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n')),
  },
  426: {
    answer: 502,
    act: (socket) =>
      void socket.write('HTTP/1.1 426 X\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 9\r\n\r\n'),
  },
  'keep-alive': {
    answer: 200,
    act: (socket) => void socket.write(OK.replace('OK\r\n', 'OK\r\nConnection: keep-alive\r\n')),
  },
  'two replies': { answer: 200, act: (socket) => void socket.write(OK + OK) },
  'more than it said': { answer: 200, act: (socket) => void socket.write(`${OK}more`) },
  'not HTTP': { answer: 502, act: (socket) => void socket.write('SSH-2.0-OpenSSH\r\n') },
  'a huge head': {
    answer: 502,
    act: (socket) => void socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(40_000)}\r\n`),
  },
  'half a head': { answer: 504, act: (socket) => void socket.write('HTTP/1.1 200') },
  silence: { answer: 504, act: () => {} },
  'interim replies without end': {
    answer: 504,
    act(socket) {
      const more = () =>
        !socket.destroyed && socket.write('HTTP/1.1 103 X\r\n\r\n', () => setImmediate(more));
      more();
    },
  },
  'only an end': { answer: 502, act: (socket) => void socket.end() },
  'a reset': { answer: 502, act: (socket) => void socket.resetAndDestroy() },
  'early and deaf': {
    answer: 200,
    early: true,
    body: formBody(LIVENESS, 'A'.repeat(1_900_000)),
    act(socket) {
      socket.pause();
      socket.write(OK);
      deaf = socket;
    },
    /** It learns of the end only when it reads on, later than the proxy's reply. */
    afterReply() {
      deaf.resume();
    },
  },
  'early 500': {
    answer: 502,
    early: true,
    body: formBody(LIVENESS, 'A'.repeat(1_900_000)),
    act: (socket) =>
      void socket.write(`HTTP/1.1 500 X\r\nContent-Length: 70000\r\n\r\n${' '.repeat(60_000)}`),
  },
};

test('upgrades, interim replies, silence and nonsense end like any call', async (t) => {
  const service = await startService(t, new Map(Object.entries(ODD)));
  const options = { upstream: service.url, sandbox: true, breaker: null };
  const patient = await startProxy(t, options);
  const hasty = await startProxy(t, { ...options, limits: { replyMs: 200 } });
  const before = resources();
  for (const [name, one] of Object.entries(ODD)) {
    const { answer, body } = one;
    assert.equal(await call(t, answer === 504 ? hasty : patient, name, body), answer, name);
    one.afterReply?.();
  }
  for (const proxy of [patient, hasty]) await assertFreed({ proxy, service, before });
});

/** Where a call is when its client goes away: `reached(...)` resolves then. */
const STAGES = {
  'before its body': { part: 0, act: () => {} },
  'in its body': { part: 0.8, early: true, act: () => {}, event: 'head' },
  'while the service thinks': { part: 1, act: () => {}, event: 'taken' },
  'after the head of the reply': {
    part: 1,
    act: (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'),
    event: 'taken',
  },
  'in the reply': {
    part: 1,
    act: (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n'.padEnd(50_000)),
    event: 'taken',
  },
};
const LEAVINGS = { reset: (socket) => socket.resetAndDestroy(), end: (socket) => socket.destroy() };

test('a client that goes away at any stage leaves nothing behind', async (t) => {
  const service = await startService(t, new Map(Object.entries(STAGES)));
  const proxy = await startProxy(t, { upstream: service.url, sandbox: true, breaker: null });
  const body = formBody(LIVENESS, 'A'.repeat(400_000));
  const before = resources();
  for (const [name, { part, event }] of Object.entries(STAGES)) {
    for (const leave of Object.values(LEAVINGS)) {
      const logged = proxy.logged();
      const reached = event && once(service.server, event);
      const client = await openSocket(t, proxy.port, head(proxy, name, body.length));
      client.socket.write(body.slice(0, body.length * part));
      await reached;
      leave(client.socket);
      assert.equal((await logged).code, 'ABORTED', name);
    }
  }
  await assertFreed({ proxy, service, before });
});

test('a client that goes away in the queue leaves nothing behind', async (t) => {
  const silent = new Map([['silence', { act: () => {} }]]);
  const service = await startService(t, silent);
  const slots = { maxCalls: 1, maxQueued: 1, queueMs: DEADLINE_MS };
  const proxy = await startProxy(t, { upstream: service.url, sandbox: true, breaker: null, slots });
  const before = resources();
  for (const leave of Object.values(LEAVINGS)) {
    const taken = once(service.server, 'taken');
    const send = async () => {
      const client = await openSocket(t, proxy.port, head(proxy, 'silence', BODY.length));
      client.socket.write(BODY);
      return client;
    };
    const first = await send();
    await taken;
    const second = await send();
    await until(async () => (await proxy.handler.state()).queued === 1, 'it waits');
    leave(second.socket);
    await until(async () => (await proxy.handler.state()).queued === 0, 'the queue is empty');
    leave(first.socket);
    await until(async () => (await proxy.handler.state()).calls === 0, 'the slot is free');
  }
  await assertFreed({ proxy, service, before });
});

test('the list of scenarios is a call like any other', async (t) => {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', () =>
      socket.write(`HTTP/1.1 500 X\r\nContent-Length: 70000\r\n\r\n${' '.repeat(9000)}`),
    );
  });
  await listen(t, server);
  const proxy = await startProxy(t, { upstream: `http://127.0.0.1:${server.address().port}`, sandbox: true });
  const before = resources();
  const client = await openSocket(t, proxy.port, [
    'GET /netocr/sandbox/scenarios HTTP/1.1',
    `Host: 127.0.0.1:${proxy.port}`,
    'Connection: close',
  ]);
  await client.closed;
  assert.match(client.text(), /^HTTP\/1\.1 502 /);
  await assertFreed({ proxy, service: { sockets }, before });
});

test('connections of an agent that keeps them are kept after good replies, and only then', async (t) => {
  const cases = new Map([
    ['good', { act: (socket) => void socket.write(OK) }],
    [
      'bad',
      {
        act: (socket) =>
          void socket.write(`HTTP/1.1 500 X\r\nContent-Length: 70000\r\n\r\n${' '.repeat(9000)}`),
      },
    ],
  ]);
  const service = await startService(t, cases, { isKept: true });
  let connections = 0;
  service.server.on('connection', () => {
    connections += 1;
  });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const transport = createNodeTransport({ agent });
  const proxy = await startProxy(t, { upstream: service.url, sandbox: true, breaker: null, transport });
  const before = resources();
  for (const [name, status, made] of [
    ['good', 200, 1],
    ['good', 200, 1],
    ['bad', 502, 1],
    ['good', 200, 2],
    ['good', 200, 2],
  ]) {
    assert.equal(await call(t, proxy, name), status);
    assert.equal(connections, made, name);
  }
  agent.destroy();
  await assertFreed({ proxy, service, before });
});

test('300 replies of HTTP 500 with 70 KB, whose service keeps its connections, under 256 open files', async (t) => {
  const bad = {
    act: (socket) =>
      void socket.write(`HTTP/1.1 500 X\r\nContent-Length: 70000\r\n\r\n${' '.repeat(70_000)}`),
  };
  const service = await startService(t, new Map([['', bad]]));
  const env = { NETOCR_UPSTREAM: service.url, NETOCR_BREAKER: 'off' };
  const proxy = await startCounted(t, env, { maxFiles: 256 });
  for (let i = 0; i < 300; i += 1) assert.equal(await call(t, proxy, ''), 502);
});
