// What reaches the service, and when: exact bytes, nothing of a refused request in complete form, aborts, timeouts.
import assert from 'node:assert/strict';
import { createServer as createTcpServer } from 'node:net';
import test from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ROUTES } from '../../web/proxy/routes.js';
import { until } from '../fixtures/until.mjs';
import {
  BOUNDARY,
  deferred,
  errorOf,
  FACE,
  FILE,
  FORM,
  formBody,
  HEAD,
  KEY,
  LIVENESS,
  listen,
  multipartBody,
  OK_REPLY,
  openSocket,
  post,
  SECRET,
  startProxy,
  startUpstream,
} from './helpers.mjs';

const ALLOWED_HEADERS = [
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'host',
  'user-agent',
];

test('a form arrives with the credentials first, byte for byte, for every form route', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  for (const route of ROUTES.filter(({ encoding }) => encoding === 'urlencoded')) {
    const body = formBody(route);
    const reply = await post(proxy, route, body, {
      authorization: 'Bearer planted-token',
      cookie: 'planted=1',
      'x-sandbox-scenario': 'pass',
      'x-forwarded-for': '203.0.113.7',
      referer: 'https://page.example/planted',
    });
    assert.equal(await reply.text(), OK_REPLY);
    assert.equal(reply.status, 200);
    const record = upstream.records.at(-1);
    const expected = `key=${encodeURIComponent(KEY)}&secret=${encodeURIComponent(SECRET)}&${body}`;
    assert.equal(record.method, 'POST');
    assert.equal(record.url, `/${route.path}`);
    assert.equal(record.body().toString(), expected);
    assert.deepEqual(Object.keys(record.headers).sort(), ALLOWED_HEADERS);
    assert.equal(record.headers['content-length'], String(expected.length));
    assert.equal(record.headers['content-type'], FORM);
    assert.equal(record.headers.accept, 'application/json');
    // Second opinion.
    const params = new URLSearchParams(record.body().toString());
    assert.deepEqual([params.getAll('key'), params.getAll('secret')], [[KEY], [SECRET]]);
    assert.equal(params.get('typeId'), route.typeId);
  }
});

test('a multipart body arrives with the credentials as its first parts, and its files under names of ours', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  const file = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 31) & 255));
  file.set([0xff, 0xd8, 0xff]);
  const body = multipartBody(FILE, file, { names: [`$\{jndi:ldap://x}.jpg`, '../../b.jsp'] });
  const reply = await post(proxy, FILE, body);
  assert.equal(await reply.text(), OK_REPLY);
  const [record] = upstream.records;
  const part = (name, value) =>
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  assert.deepEqual(
    record.body(),
    Buffer.concat([
      Buffer.from(part('key', KEY) + part('secret', SECRET)),
      multipartBody(FILE, file, {
        names: ['file1.jpg', 'file2.jpg'],
        types: [`${' '.repeat(11)}image/jpeg`, `${' '.repeat(2)}image/jpeg`],
      }),
    ]),
  );
  assert.equal(record.headers['content-length'], String(record.body().length));
  assert.deepEqual(Object.keys(record.headers).sort(), ALLOWED_HEADERS);
  // Second opinion: the platform's reader, which wants a longer boundary than the test's.
  const longer = Buffer.from(
    record.body().toString('latin1').replaceAll(BOUNDARY, `${BOUNDARY}-longer`),
    'latin1',
  );
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}-longer` };
  const form = await new Response(longer, { headers }).formData();
  assert.deepEqual([...form.keys()], ['key', 'secret', 'typeId', 'format', 'file1', 'file2']);
  assert.deepEqual([form.get('key'), form.get('secret')], [KEY, SECRET]);
  for (const name of ['file1', 'file2']) {
    assert.deepEqual([form.get(name).name, form.get(name).type], [`${name}.jpg`, 'image/jpeg']);
    assert.deepEqual(Buffer.from(await form.get(name).arrayBuffer()), file);
  }
});

test("a browser's own FormData passes", async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  const form = new FormData();
  form.append('typeId', '9999');
  form.append('format', 'xml');
  form.append('file1', new Blob(['card'], { type: 'image/jpeg' }), 'card.jpg');
  form.append('file2', new Blob(['face'], { type: 'image/png' }), '脸.png');
  const { body, headers } = new Request('http://x/', { method: 'POST', body: form });
  const bytes = Buffer.from(await new Response(body).arrayBuffer());
  const reply = await fetch(`${proxy.url}/${FILE.path}`, {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': headers.get('content-type') },
  });
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('content-type'), 'application/xml; charset=utf-8');
});

test('the body is forwarded while it is read', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  const body = formBody(LIVENESS, 'A'.repeat(100_000));
  const recorded = upstream.next();
  const client = await openSocket(t, proxy.port, HEAD(proxy, LIVENESS, body.length));
  client.socket.write(body.slice(0, 80_000));
  const record = await recorded; // the service sees the request before the client has sent its end
  while (record.body().length < 10_000) await new Promise(setImmediate);
  client.socket.write(body.slice(80_000));
  assert.equal(await record.outcome, 'complete');
  assert.match(await client.until(/2000/), /^HTTP\/1\.1 200 /);
});

test('every refusal of the head comes before anything is sent', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  const body = formBody(FACE);
  const send = (path, init) => fetch(proxy.origin + path, { method: 'POST', body, ...init });
  const face = `/netocr/${FACE.path}`;
  const form = { 'content-type': FORM };
  const table = [
    [send('/netocr/verapi/verInvoice.do', { headers: form }), 404],
    [send('/netocr/', { headers: form }), 404],
    [send(`/${FACE.path}`, { headers: form }), 404],
    [send(`${face}/`, { headers: form }), 404],
    [send('/netocr/verapi/../api/recog.do', { headers: form }), 404],
    [send('/netocr/sandbox/scenarios', { method: 'GET', body: undefined }), 404],
    [send(face, { method: 'PUT', headers: form }), 405],
    [send(face, { method: 'GET', body: undefined }), 405],
    [send(face, { method: 'DELETE', headers: form }), 405],
    [send(`${face}?key=x`, { headers: form }), 400],
    [send(`${face}?typeId=21`, { headers: form }), 400],
    [send(face, { headers: { 'content-type': 'application/json' } }), 415],
    [send(face, { headers: { 'content-type': 'multipart/form-data; boundary=abc' } }), 415],
    [send(face, { headers: { 'content-type': `${FORM}; charset=gbk` } }), 415],
    [send(face, { headers: { 'content-type': `${FORM}; charset=utf-8, text/plain` } }), 415],
    [send(`/netocr/${FILE.path}`, { headers: form }), 415],
    [send(face, { headers: { ...form, 'content-encoding': 'gzip' } }), 415],
    [send(face, { headers: form, body: '' }), 400],
    [send(face, { headers: form, body: new Blob([body]).stream(), duplex: 'half' }), 411],
    [send(face, { headers: { ...form, origin: 'https://evil.example' } }), 403],
    [send(face, { headers: { ...form, origin: 'null' } }), 403],
  ];
  for (const [pending, status] of table) {
    const reply = await pending;
    assert.equal(reply.status, status, reply.url);
    assert.equal((await errorOf(reply)).code, 'REQUEST_REFUSED');
    assert.equal(reply.headers.get('cache-control'), 'no-store');
    if (status === 405) assert.equal(reply.headers.get('allow'), 'POST, OPTIONS');
  }
  assert.equal(upstream.records.length, 0);
});

test('a percent-encoded spelling of a path goes to the path of the table', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  const reply = await fetch(`${proxy.origin}/netocr/verapi/ver%46aceImage.do`, {
    method: 'POST',
    body: formBody(FACE),
    headers: { 'content-type': FORM },
  });
  await reply.text();
  assert.deepEqual(
    upstream.records.map(({ url }) => url),
    reply.status === 200 ? [`/${FACE.path}`] : [],
  );
});

test('a small request that is refused never reaches the service', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  const multipart = (text) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${text}"\r\n\r\nx\r\n`),
      multipartBody(FILE),
    ]);
  const table = [
    [FACE, `${formBody(FACE)}&key=x`],
    [FACE, `${formBody(FACE)}&SECRET=x`],
    [FACE, `%6bey=x&${formBody(FACE)}`],
    [FACE, `${formBody(FACE)}&other=x`],
    [FACE, `${formBody(FACE)}&img1=AA`],
    [FACE, formBody(FACE).replace('21', '3035')],
    [FACE, formBody(FACE).replace('json', 'pdf')],
    [FACE, 'typeId=21&img1=AA'],
    [FILE, multipart('key')],
    [FILE, multipart('Secret')],
    [FILE, multipart('other')],
    [FILE, multipart('typeId')],
  ];
  for (const [route, body] of table) {
    const { status, code } = await errorOf(await post(proxy, route, body));
    assert.deepEqual([status, code], [400, 'REQUEST_REFUSED'], String(body));
  }
  assert.equal(upstream.records.length, 0);
});

test('a late offender cuts the request off before the service has all of it', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  const good = multipartBody(FILE, Buffer.alloc(600_000, 0xd8));
  const extra = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="secret"\r\n\r\nplanted-late\r\n--${BOUNDARY}--\r\n`;
  const end = `--${BOUNDARY}--\r\n`.length;
  const table = [
    [LIVENESS, `${formBody(LIVENESS, 'A'.repeat(600_000))}&key=planted-late`],
    [LIVENESS, `format=json&img=${'A'.repeat(600_000)}&typeId=9999`],
    [LIVENESS, `format=json&img=${'A'.repeat(600_000)}`],
    [LIVENESS, `${formBody(LIVENESS, 'A'.repeat(600_000))}&`],
    [LIVENESS, `${formBody(LIVENESS, 'A'.repeat(600_000))}%2`],
    [FILE, Buffer.concat([good.subarray(0, good.length - end), Buffer.from(extra)])],
    [FILE, Buffer.concat([good, Buffer.from('x')])],
    [FILE, good.subarray(0, good.length - 1)],
    [FILE, good.subarray(0, good.length - 3)],
  ];
  for (const [route, body] of table) {
    const { status, code } = await errorOf(await post(proxy, route, body));
    assert.deepEqual([status, code], [400, 'REQUEST_REFUSED']);
  }
  assert.ok(upstream.records.length > 0, 'the bodies are long enough to be under way');
  for (const record of upstream.records) {
    assert.equal(await record.outcome, 'cut off');
    assert.ok(record.body().length < Number(record.headers['content-length']));
    assert.ok(!record.body().includes('planted-late'));
  }
});

test('the byte limits of the routes hold, declared or not', async (t) => {
  const upstream = await startUpstream(t);
  const routes = ROUTES.map((route) => ({ ...route, maxBodyBytes: 1000 }));
  const proxy = await startProxy(t, { upstream: upstream.url, routes });
  for (const route of routes) {
    const make = (size) =>
      route.encoding === 'multipart'
        ? multipartBody(route, Buffer.alloc(size))
        : formBody(route, 'A'.repeat(size));
    const over = await post(proxy, route, make(1001));
    assert.deepEqual(await errorOf(over), {
      status: 413,
      code: 'REQUEST_TOO_LARGE',
      message: 'the request body is over the limit of this operation',
    });
    assert.equal((await post(proxy, route, make(100))).status, 200);
  }
  assert.equal(upstream.records.length, routes.length);
  // A stream that holds more than it declared (node:http would not let it through).
  const { handler } = proxy;
  for (const [declared, status, code] of [
    [900, 413, 'REQUEST_TOO_LARGE'],
    [40, 400, 'REQUEST_REFUSED'],
  ]) {
    const chunks = [formBody(LIVENESS, 'A'.repeat(declared === 900 ? 2000 : 100))];
    const body = new ReadableStream({
      pull: (c) => (chunks.length ? c.enqueue(new TextEncoder().encode(chunks.shift())) : c.close()),
    });
    const request = new Request(`http://localhost/netocr/${LIVENESS.path}`, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'content-type': FORM, 'content-length': String(declared) },
    });
    assert.deepEqual((({ message, ...rest }) => rest)(await errorOf(await handler(request))), {
      status,
      code,
    });
  }
  assert.equal(upstream.records.length, routes.length);
});

test('a body shorter than its content-length is refused', async (t) => {
  const upstream = await startUpstream(t);
  const { handler } = await startProxy(t, { upstream: upstream.url });
  const body = formBody(LIVENESS);
  const request = new Request(`http://localhost/netocr/${LIVENESS.path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': FORM, 'content-length': String(body.length + 1) },
  });
  assert.deepEqual(await errorOf(await handler(request)), {
    status: 400,
    code: 'REQUEST_REFUSED',
    message: 'the body is shorter than its content-length',
  });
  assert.equal(upstream.records.length, 0);
});

test('a client that goes away in the middle of its body cancels the call', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  const body = formBody(LIVENESS, 'A'.repeat(400_000));
  const recorded = upstream.next();
  const client = await openSocket(t, proxy.port, HEAD(proxy, LIVENESS, body.length));
  client.socket.write(body.slice(0, 300_000));
  const record = await recorded;
  const logged = proxy.logged();
  client.socket.destroy();
  assert.equal(await record.outcome, 'cut off');
  const { status, code } = await logged;
  assert.deepEqual([status, code], [499, 'ABORTED']);
});

test('a client that goes away while the service thinks cancels the call', async (t) => {
  const thinking = deferred();
  const closed = deferred();
  const upstream = await startUpstream(t, {
    reply: (_request, response) => {
      response.once('close', () => closed.resolve(response.writableFinished));
      thinking.resolve();
    },
  });
  const proxy = await startProxy(t, { upstream: upstream.url });
  const body = formBody(LIVENESS);
  const logged = proxy.logged();
  const client = await openSocket(t, proxy.port, HEAD(proxy, LIVENESS, body.length));
  client.socket.write(body);
  await thinking.promise;
  client.socket.destroy();
  assert.equal(await closed.promise, false);
  assert.equal((await logged).code, 'ABORTED');
});

test('a service that does not answer, or stops reading, or drips, is a timeout', async (t) => {
  const limits = { replyMs: 100 };
  const silent = await startUpstream(t, { reply: () => {} });
  const dripping = await startUpstream(t, {
    reply: (_request, response) => {
      const timer = setInterval(() => response.write(' '), 10);
      response.once('close', () => clearInterval(timer));
    },
  });
  const deaf = await startUpstream(t, { early: (request) => request.pause() });
  const routes = [{ ...LIVENESS, maxBodyBytes: 64 << 20 }];
  for (const [upstream, size] of [
    [silent, 4],
    [dripping, 4],
    [deaf, 32 << 20], // more than the buffers of two sockets
  ]) {
    const proxy = await startProxy(t, { upstream: upstream.url, limits, routes });
    const { status, code } = await errorOf(await post(proxy, LIVENESS, formBody(LIVENESS, 'A'.repeat(size))));
    assert.deepEqual([status, code], [504, 'UPSTREAM_TIMEOUT']);
  }
});

test('a dead service is unreachable; nothing was sent', async (t) => {
  const port = 1; // a free port of the system might be taken by another test in the meantime
  const proxy = await startProxy(t, { upstream: `http://127.0.0.1:${port}` });
  const { status, code } = await errorOf(await post(proxy, FACE, formBody(FACE)));
  assert.deepEqual([status, code], [502, 'UPSTREAM_UNREACHABLE']);
  assert.equal(proxy.lines.at(-1).cause, 'ECONNREFUSED');
});

test('a TLS connection that is never made is unreachable', async (t) => {
  // It takes the TCP connection and never speaks TLS.
  const mute = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
    t.after(() => socket.destroy());
  });
  await listen(t, mute);
  const { port } = mute.address();
  const proxy = await startProxy(t, { upstream: `https://127.0.0.1:${port}`, limits: { connectMs: 60 } });
  const { status, code } = await errorOf(await post(proxy, FACE, formBody(FACE)));
  assert.deepEqual([status, code], [502, 'UPSTREAM_UNREACHABLE']);
  assert.equal(proxy.lines.at(-1).cause, 'ETIMEDOUT');
});

test('a connection that breaks after it was made is an upstream error', async (t) => {
  const breakers = {
    'before an answer': (_request, response) => response.destroy(),
    'in the reply': (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"messageString":', () => response.destroy());
    },
    'not HTTP': (request) => request.socket.end('SSH-2.0-OpenSSH\r\n'),
  };
  for (const [name, reply] of Object.entries(breakers)) {
    const upstream = await startUpstream(t, { reply });
    const proxy = await startProxy(t, { upstream: upstream.url });
    const { status, code } = await errorOf(await post(proxy, FACE, formBody(FACE)));
    assert.deepEqual([status, code], [502, 'UPSTREAM_ERROR'], name);
  }
});

test('an early answer ends the upload and reaches the client', async (t) => {
  const early = '{"messageString":{"status":"-4","value":"no"}}';
  const upstream = await startUpstream(t, {
    // Answers at the first byte and leaves the connection to the proxy, which has to close it.
    early: (request, response, record) => {
      request.on('data', (chunk) => record.chunks.push(chunk));
      request.once('data', () => {
        response.writeHead(record.url.includes('Image') ? 200 : 503, { 'content-length': early.length });
        response.write(early);
      });
    },
  });
  const proxy = await startProxy(t, { upstream: upstream.url });
  const long = 'A'.repeat(1_500_000);
  const video = ROUTES.find(({ operation }) => operation === 'checkVideoLiveness');
  const reply = await post(proxy, LIVENESS, formBody(LIVENESS, long));
  assert.equal(reply.status, 200);
  assert.equal(await reply.text(), early);
  const failed = await errorOf(await post(proxy, video, formBody(video, long)));
  assert.deepEqual([failed.status, failed.code], [502, 'UPSTREAM_ERROR']);
  for (const record of upstream.records) {
    assert.equal(await record.outcome, 'cut off');
    assert.ok(record.body().length < Number(record.headers['content-length']));
  }
});

test('an early answer comes back while the client is still sending, and the connection lives on', async (t) => {
  const upstream = await startUpstream(t, {
    // A server that closes here, with bytes of the request unread, resets the connection, and the answer may be lost.
    early: (request, response) => {
      response.writeHead(200, { 'content-length': Buffer.byteLength(OK_REPLY) });
      response.write(OK_REPLY);
      request.resume();
    },
  });
  const proxy = await startProxy(t, { upstream: upstream.url });
  const body = formBody(LIVENESS, 'A'.repeat(400_000));
  const client = await openSocket(t, proxy.port, HEAD(proxy, LIVENESS, body.length));
  client.socket.write(body.slice(0, 300_000));
  await client.until(/2000/);
  client.socket.write(body.slice(300_000));
  client.socket.write(`${HEAD(proxy, LIVENESS, 0).join('\r\n')}\r\n\r\n`);
  assert.match(await client.until(/REQUEST_REFUSED/), /HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 400 /);
});

test('a refused client that goes on sending is cut off after a while', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url, lingerMs: 50 });
  const client = await openSocket(t, proxy.port, HEAD(proxy, LIVENESS, 1_000_000));
  client.socket.write('key=x&');
  client.socket.write('more');
  assert.match(await client.until(/REQUEST_REFUSED/), /^HTTP\/1\.1 400 /);
  await client.closed;
  assert.equal(upstream.records.length, 0);
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** Heap, buffers and what else this process has in use: the client and the service as well as the proxy. */
function bytesInUse() {
  collect();
  collect();
  const { external, heapUsed } = process.memoryUsage();
  return external + heapUsed;
}

test('the memory of a long upload stays bounded', async (t) => {
  const resume = deferred();
  const upstream = await startUpstream(t, {
    early: (request, response, record) => {
      record.bytes = 0;
      request.on('data', (chunk) => {
        record.bytes += chunk.length;
      });
      request.once('end', () => response.end(OK_REPLY));
      request.pause();
      resume.promise.then(() => request.resume());
    },
  });
  const size = 128 << 20;
  const routes = [{ ...LIVENESS, maxBodyBytes: size + 100 }];
  const proxy = await startProxy(t, { upstream: upstream.url, routes });
  let made = 0;
  let peak = 0;
  const head = new TextEncoder().encode('typeId=3035&format=json&img=');
  const block = new Uint8Array(1 << 16).fill(65);
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(made === 0 ? head : block);
      if (made >= size) return controller.close();
      made += block.length;
      if (made % (8 << 20) === 0) peak = Math.max(peak, bytesInUse());
    },
  });
  const before = bytesInUse();
  const recorded = upstream.next();
  const reply = fetch(`${proxy.url}/${LIVENESS.path}`, {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'content-type': FORM, 'content-length': String(head.length + size) },
  });
  // While the service does not read, the client is held back: what is on the way fits the buffers of the sockets.
  await recorded;
  let quiet = 0;
  let seen = -1;
  const isStill = () => {
    quiet = seen === made ? quiet + 1 : 0;
    seen = made;
    return quiet >= 30;
  };
  await until(isStill, 'nothing more is taken from the client');
  assert.ok(made < 48 << 20, `${made} bytes were taken from the client while the service read nothing`);
  resume.resolve();
  assert.equal((await reply).status, 200);
  assert.equal(upstream.records[0].bytes, upstream.records[0].headers['content-length'] - 0);
  assert.ok(peak - before < size / 16, `memory grew by ${peak - before} for ${size} bytes`);
});

test('authorization never goes upstream, and the service is called at its own base path', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: `${upstream.url}/mirror/` });
  const [record] = await Promise.all([
    upstream.next(),
    post(proxy, FACE, formBody(FACE), { authorization: 'Bearer planted' }).then((reply) => reply.text()),
  ]);
  assert.equal(record.url, `/mirror/${FACE.path}`);
  assert.equal(record.headers.authorization, undefined);
});
