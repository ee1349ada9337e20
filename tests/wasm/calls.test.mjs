// Calls through the shipped module and emscripten fetch, in Node with our XMLHttpRequest, against a server on loopback.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportingXhr } from '../../web/client/core/xhr.js';
import { NodeXMLHttpRequest } from '../../web/client/node/xhr.js';
import { deadPort, PASS, reply, startServer } from '../fixtures/server.mjs';
import { loadCore, withBytes } from './core.mjs';

/** A core whose requests go out, and a function that makes one call. */
async function loadCaller(Base = NodeXMLHttpRequest) {
  let core;
  const traps = [];
  const xhr = reportingXhr(Base, {
    canHold: (bytes) => core.canHold(bytes),
    onTrap: (error) => traps.push(error),
  });
  core = await loadCore(xhr.XMLHttpRequest);

  /** Resolves with the record of onDone, or of startCall when that failed; `id` goes to `started`. */
  function call(
    baseUrl,
    { operation = 'checkLiveness', files = [Buffer.from('photo')], started, ...options } = {},
  ) {
    return new Promise((resolve) => {
      const events = { sent: [], uploaded: 0, received: [] };
      const callbacks = {
        onDone: (record) => resolve({ ...record, events }),
        onDownload: (loaded, total) => events.received.push([loaded, total]),
      };
      const upload = {
        onUpload: (sent, total) => events.sent.push([sent, total]),
        onUploaded: () => {
          events.uploaded += 1;
        },
      };
      const record = xhr.during(upload, () =>
        withBytes(core, files, (parts) =>
          core.startCall(
            operation,
            parts,
            { baseUrl, headers: [], timeoutMs: 20_000, ...options },
            callbacks,
          ),
        ),
      );
      if (!record.ok) resolve(record);
      else started?.(record.callId);
    });
  }
  return { core, call, traps };
}

test('a call: path, headers, body, and the judged reply', async (t) => {
  const server = await startServer(t, (response) =>
    reply(response, PASS, {
      headers: { 'X-Request-Id': 'abc-123', 'X-Netocr-Receipt': 'a.b-_.c', 'X-Netocr-Sandbox': '1' },
    }),
  );
  const { core, call } = await loadCaller();
  const record = await call(`${server.url}/netocr`, {
    operation: 'compareFaces',
    files: [Buffer.from('first'), Buffer.from('second')],
    headers: ['Authorization', 'Bearer t0ken', 'X-Sandbox-Scenario', 'pass'],
  });
  assert.equal(record.ok, true);
  assert.deepEqual([record.httpStatus, record.requestId, record.sandbox], [200, 'abc-123', true]);
  assert.equal(record.receipt, 'a.b-_.c');
  assert.equal(record.reply.verdict, 'pass');
  assert.deepEqual(record.reply.score, {
    value: 98.5,
    scaleMax: 100,
    threshold: 50,
    higherMeans: 'same-person',
  });
  const [seen] = server.seen;
  assert.deepEqual([seen.method, seen.url], ['POST', '/netocr/verapi/verFaceImage.do']);
  assert.equal(seen.headers.authorization, 'Bearer t0ken');
  assert.equal(seen.headers['x-sandbox-scenario'], 'pass');
  assert.equal(seen.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(Number(seen.headers['content-length']), seen.body.length);
  const form = new URLSearchParams(seen.body.toString('latin1'));
  assert.deepEqual(
    [...form],
    [
      ['typeId', '21'],
      ['format', 'json'],
      ['img1', Buffer.from('first').toString('base64')],
      ['img2', Buffer.from('second').toString('base64')],
    ],
  );
  assert.equal(core.liveCalls(), 0);
});

test('multipart bodies are read back by fetch’s own parser', async (t) => {
  const server = await startServer(t, (response) =>
    reply(response, '{"message":{"status":0},"cardsinfo":[]}'),
  );
  const { call } = await loadCaller();
  const files = [Buffer.from([0, 13, 10, 45, 45, 255]), Buffer.alloc(100_000, 7)];
  await call(server.url, { operation: 'matchIdCardFile', files, seedHigh: 1, seedLow: 2 });
  const [{ body, headers }] = server.seen;
  const form = await new Response(body, { headers: { 'Content-Type': headers['content-type'] } }).formData();
  assert.equal(form.get('typeId'), '9999');
  for (const [index, file] of files.entries()) {
    assert.deepEqual(Buffer.from(await form.get(`file${index + 1}`).arrayBuffer()), file);
  }
});

test('upload and download progress rise to their totals', async (t) => {
  const body = `${PASS.slice(0, -1)},"padding":"${'x'.repeat(200_000)}"}`;
  const server = await startServer(t, (response) => reply(response, body));
  const { call } = await loadCaller();
  const { ok, events } = await call(server.url, { files: [Buffer.alloc(300_000, 1)] });
  assert.equal(ok, true);
  for (const list of [events.sent, events.received]) {
    assert.ok(list.length > 1);
    for (let i = 1; i < list.length; i += 1) assert.ok(list[i][0] >= list[i - 1][0]);
    assert.equal(list.at(-1)[0], list.at(-1)[1]);
  }
  assert.equal(events.sent.at(-1)[0], server.seen[0].body.length);
  assert.equal(events.received.at(-1)[0], Buffer.byteLength(body));
  assert.equal(events.uploaded, 1);
});

const proxyError = (code) => JSON.stringify({ error: { code, message: 'x', requestId: 'r-1' } });
const REPLIES = [
  ['the proxy’s own error', 429, proxyError('RATE_LIMITED'), 'RATE_LIMITED'],
  ['another status', 503, '<html>maintenance</html>', 'HTTP_ERROR'],
  ['a status without a body', 500, '', 'HTTP_ERROR'],
  ['an empty body', 200, '', 'REPLY_MALFORMED'],
  ['HTML', 200, '<html></html>', 'REPLY_MALFORMED'],
  ['no content', 204, '', null],
];
for (const [name, status, body, code] of REPLIES) {
  test(`a reply with ${name}`, async (t) => {
    const server = await startServer(t, (response) => {
      response.writeHead(status, { 'X-Request-Id': 'r-1' });
      response.end(body);
    });
    const { core, call } = await loadCaller();
    const record = await call(server.url);
    assert.equal(record.ok, false);
    if (code) assert.equal(record.code, code);
    assert.equal(record.httpStatus, status);
    assert.equal(record.requestId, 'r-1');
    assert.equal(core.liveCalls(), 0);
  });
}

/** [HTTP status, body, headers, retryAfterMs of the record] */
const withWait = (retryAfterMs) =>
  JSON.stringify({ error: { code: 'ATTEMPTS_EXHAUSTED', message: 'x', requestId: 'r-1', retryAfterMs } });
const WAITS = [
  [429, withWait(1_799_400), { 'Retry-After': '1800' }, 1_799_400],
  [429, withWait(undefined), { 'Retry-After': '1800' }, 1_800_000],
  [429, withWait('soon'), { 'retry-after': ' 7 ' }, 7000],
  [429, withWait(undefined), {}, null],
  [503, '<html>', { 'Retry-After': '120' }, 120_000],
  [503, '<html>', { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' }, null],
  [503, '<html>', { 'Retry-After': '-5' }, null],
  [200, PASS, { 'Retry-After': '5' }, null],
];
test('an error says how long to wait, where the proxy or a header says so', async (t) => {
  let at = 0;
  const server = await startServer(t, (response) => {
    const [status, body, headers] = WAITS[at];
    reply(response, body, { status, headers });
  });
  const { call } = await loadCaller();
  for (; at < WAITS.length; at += 1) {
    assert.equal((await call(server.url)).retryAfterMs, WAITS[at][3], JSON.stringify(WAITS[at]));
  }
});

test('a request id that is not plain is not taken over', async (t) => {
  const ids = ['x'.repeat(129), 'a b', 'h\xe4'];
  const server = await startServer(t, (response) =>
    reply(response, PASS, { headers: { 'X-Request-Id': ids.pop() } }),
  );
  const { call } = await loadCaller();
  for (let i = 0; i < 3; i += 1) assert.equal((await call(server.url)).requestId, '');
});

test('nobody there, a connection that is reset, a reply that is cut off: NETWORK_ERROR', async (t) => {
  const { core, call } = await loadCaller();
  const port = await deadPort();
  assert.equal((await call(`http://127.0.0.1:${port}`)).code, 'NETWORK_ERROR');
  const reset = await startServer(t, (response) => response.destroy());
  assert.equal((await call(reset.url)).code, 'NETWORK_ERROR');
  const cut = await startServer(t, (response) => {
    response.writeHead(200, { 'Content-Length': 1000 });
    response.write('{"messageString":', () => response.destroy());
  });
  assert.equal((await call(cut.url)).code, 'NETWORK_ERROR');
  assert.equal(core.liveCalls(), 0);
});

test('a redirect is refused, and nothing is sent to where it points', async (t) => {
  const other = await startServer(t, (response) => reply(response));
  const server = await startServer(t, (response) => {
    response.writeHead(307, { Location: `${other.url}/elsewhere` });
    response.end();
  });
  const { call } = await loadCaller();
  assert.equal((await call(server.url)).code, 'NETWORK_ERROR');
  assert.equal(other.seen.length, 0);
});

test('an address that XMLHttpRequest refuses is NETWORK_ERROR at once', async () => {
  const { core, call } = await loadCaller();
  for (const url of ['ftp://127.0.0.1', 'no address', 'http://[::1', 'file:///etc']) {
    const record = await call(url);
    assert.equal(record.code, 'NETWORK_ERROR', url);
    assert.equal(record.events, undefined, 'by the answer of startCall');
  }
  assert.equal(core.liveCalls(), 0);
});

test('a server that does not answer: TIMEOUT, and the connection is closed', async (t) => {
  let closed;
  const gone = new Promise((resolve) => {
    closed = resolve;
  });
  const server = await startServer(t, (_response, _seen, request) => request.socket.once('close', closed));
  const { core, call } = await loadCaller();
  const record = await call(server.url, { timeoutMs: 50 });
  assert.deepEqual([record.code, record.httpStatus, record.reply], ['TIMEOUT', 0, null]);
  assert.equal(core.liveCalls(), 0);
  await gone;
});

test('a reply that drips beyond the time is TIMEOUT too', async (t) => {
  const server = await startServer(t, (response) => {
    response.writeHead(200);
    response.write(PASS.slice(0, 20));
  });
  const { call } = await loadCaller();
  assert.equal((await call(server.url, { timeoutMs: 100 })).code, 'TIMEOUT');
});

test('a reply over the limit is refused while it comes in, announced or not', async (t) => {
  const { core, call } = await loadCaller();
  const announced = await startServer(t, (response) => {
    response.writeHead(200, { 'Content-Length': 10 << 20 });
    response.write('x'.repeat(1000));
  });
  assert.equal((await call(announced.url)).code, 'REPLY_TOO_LARGE');
  const endless = await startServer(t, (response) => {
    const more = () => response.write('x'.repeat(100_000), (error) => error || more());
    more();
  });
  assert.equal((await call(endless.url, { limits: { maxReplyBytes: 300_000 } })).code, 'REPLY_TOO_LARGE');
  assert.equal(core.liveCalls(), 0);
});

test('abort before the connection, while uploading, while waiting and while downloading', async (t) => {
  const { core, call } = await loadCaller();
  const ended = [];
  const server = await startServer(t, (response, _seen, request) => {
    request.socket.once('close', () => ended.push('closed'));
    if (request.url.startsWith('/drip')) {
      response.writeHead(200, { 'Content-Length': 1000 });
      response.write('{');
    }
  });
  const never = () => assert.fail('called back after the abort');

  // Before the connection: in the same turn.
  call(server.url, { started: (id) => assert.equal(core.abortCall(id), true) }).then(never);
  assert.equal(core.liveCalls(), 0);

  // While waiting and while downloading: when the server has the whole request.
  for (const path of ['/wait', '/drip']) {
    let id;
    call(server.url + path, { started: (callId) => (id = callId) }).then(never);
    while (!server.seen.some(({ url }) => url.startsWith(path))) await new Promise(setImmediate);
    assert.equal(core.liveCalls(), 1);
    assert.equal(core.abortCall(id), true);
    assert.equal(core.abortCall(id), false, 'only once');
  }

  // While uploading: the server reads nothing.
  let stuck;
  const held = new Promise((resolve) => {
    stuck = resolve;
  });
  const deaf = await startServer(
    t,
    () => {},
    (request) => {
      request.pause();
      stuck(request);
      return true;
    },
  );
  let id;
  call(deaf.url, { files: [Buffer.alloc(4 << 20, 1)], started: (callId) => (id = callId) }).then(never);
  const request = await held;
  const closed = new Promise((resolve) => request.socket.once('close', resolve));
  core.abortCall(id);
  request.resume();
  await closed;
  while (ended.length < 2) await new Promise(setImmediate);
  assert.equal(core.liveCalls(), 0);
});

test('many calls at once keep apart, some of them aborted', async (t) => {
  const server = await startServer(t, (response, seen) => {
    const content = new URLSearchParams(seen.body.toString('latin1')).get('img');
    reply(response, PASS.replace('98.5', String(Buffer.from(content, 'base64').toString().length)));
  });
  const { core, call } = await loadCaller();
  const aborted = new Set();
  const all = [];
  for (let i = 1; i <= 40; i += 1) {
    const files = [Buffer.from('x'.repeat(i))];
    const started = (id) => i % 4 === 0 && aborted.add(i) && core.abortCall(id);
    const done = call(server.url, { files, started }).then((record) => {
      assert.ok(!aborted.has(i), 'an aborted call called back');
      assert.equal(record.reply.score.value, i);
    });
    if (i % 4 !== 0) all.push(done);
  }
  await Promise.all(all);
  assert.equal(core.liveCalls(), 0);
});

test('a callback that starts the next call finds the table in order', async (t) => {
  const server = await startServer(t, (response) => reply(response));
  const { core, call } = await loadCaller();
  const record = await call(server.url).then(() => call(server.url));
  assert.equal(record.ok, true);
  assert.equal(core.liveCalls(), 0);
});

test('a reply that does not fit into the heap is OUT_OF_MEMORY, and the heap is untouched', async (t) => {
  const server = await startServer(t, (response) => reply(response));
  let core;
  const xhr = reportingXhr(NodeXMLHttpRequest, { canHold: () => false, onTrap: assert.fail });
  core = await loadCore(xhr.XMLHttpRequest);
  const low = core.HEAPU8.slice(0, 1024);
  const record = await new Promise((resolve) =>
    withBytes(core, [Buffer.from('x')], (parts) =>
      core.startCall('checkLiveness', parts, { baseUrl: server.url }, { onDone: resolve }),
    ),
  );
  assert.equal(record.code, 'OUT_OF_MEMORY');
  assert.deepEqual(core.HEAPU8.slice(0, 1024), low);
  assert.equal(core.liveCalls(), 0);
});

test('no leak: memory after 1000 calls is as after 10, whatever becomes of them', async (t) => {
  const server = await startServer(t, (response, { url }) => {
    if (url.startsWith('/reset')) response.destroy();
    else if (url.startsWith('/error')) reply(response, proxyError('UPSTREAM_ERROR'), { status: 502 });
    else if (!url.startsWith('/never')) reply(response);
  });
  const { core, call } = await loadCaller();
  const files = [Buffer.alloc(20_000, 3)];
  const round = async () => {
    await Promise.all([
      ...['/good', '/good', '/good', '/error', '/error', '/reset'].map((path) =>
        call(server.url + path, { files }),
      ),
      call(`${server.url}/never`, { files, timeoutMs: 5 }),
      call('no address', { files }),
      call(server.url, { files, headers: ['bad name', 'x'] }),
    ]);
    call(`${server.url}/never`, { files, started: (id) => core.abortCall(id) });
  };
  await round();
  const after10 = core.memory();
  for (let i = 0; i < 99; i += 1) await round();
  assert.deepEqual(core.memory(), after10);
  assert.equal(core.liveCalls(), 0);
});
