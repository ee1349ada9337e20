// What comes back: the service's 200 as it is, everything else as a typed error; headers; origins; the log.
import assert from 'node:assert/strict';
import test from 'node:test';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  errorOf,
  FACE,
  FILE,
  FORM,
  formBody,
  KEY,
  LIVENESS,
  multipartBody,
  OK_REPLY,
  post,
  SECRET,
  startProxy,
  startUpstream,
} from './helpers.mjs';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test("a 200 is forwarded as it is, typed by what was asked for, not by the service's header", async (t) => {
  const bodies = ['{"a":1}', '', '<html>是</html>', '{"a":', '\ufeff<data/>', '是'.repeat(1000)];
  let body = '';
  const upstream = await startUpstream(t, {
    reply: (_request, response) => {
      response.writeHead(200, {
        'content-type': 'text/html',
        'set-cookie': 'JSESSIONID=planted',
        server: 'Apache-Coyote/1.1',
        'x-powered-by': 'planted',
        'x-netocr-sandbox': '1',
        'access-control-allow-origin': '*',
      });
      response.end(body);
    },
  });
  const proxy = await startProxy(t, { upstream: upstream.url });
  for (body of bodies) {
    for (const format of ['json', 'xml']) {
      const reply = await post(proxy, FACE, formBody(FACE).replace('json', format));
      assert.equal(Buffer.from(await reply.arrayBuffer()).toString(), body);
      const { date, connection, 'keep-alive': _keepAlive, ...headers } = Object.fromEntries(reply.headers);
      assert.deepEqual(headers, {
        'cache-control': 'no-store',
        'content-length': String(Buffer.byteLength(body)),
        'content-type': `application/${format}; charset=utf-8`,
        'x-content-type-options': 'nosniff',
        'x-netocr-sandbox': '1',
        'x-request-id': reply.headers.get('x-request-id'),
      });
      assert.match(headers['x-request-id'], UUID);
    }
  }
});

test('any other status is a typed error without a byte of the page behind it', async (t) => {
  const table = [
    [500, {}, 502, 'UPSTREAM_ERROR'],
    [502, {}, 502, 'UPSTREAM_ERROR'],
    [503, { 'retry-after': '5' }, 502, 'UPSTREAM_ERROR'],
    [404, {}, 502, 'UPSTREAM_ERROR'],
    [400, {}, 502, 'UPSTREAM_ERROR'],
    [401, { 'www-authenticate': 'Basic' }, 502, 'UPSTREAM_ERROR'],
    [302, { location: 'http://127.0.0.1:1/' }, 502, 'UPSTREAM_ERROR'],
    [206, {}, 502, 'UPSTREAM_ERROR'],
    [429, { 'retry-after': '17' }, 429, 'RATE_LIMITED'],
    [429, { 'retry-after': 'Fri, 31 Dec 2027 23:59:59 GMT' }, 429, 'RATE_LIMITED'],
  ];
  for (const [given, headers, status, code] of table) {
    const upstream = await startUpstream(t, {
      reply: (_request, response) => response.writeHead(given, headers).end('<html>planted page</html>'),
    });
    const proxy = await startProxy(t, { upstream: upstream.url });
    const reply = await post(proxy, FACE, formBody(FACE));
    const text = await reply.clone().text();
    const error = await errorOf(reply);
    assert.deepEqual([error.status, error.code], [status, code]);
    assert.ok(!text.includes('planted'));
    assert.equal(reply.headers.get('retry-after'), headers['retry-after'] === '17' ? '17' : null);
    assert.equal(reply.headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(upstream.records.length, 1, 'never sent twice, no redirect followed');
  }
});

test('a reply over the limit or in an encoding that was not asked for is an upstream error', async (t) => {
  const table = [
    [{}, Buffer.alloc(5001, 32)],
    [{ 'content-encoding': 'gzip' }, gzipSync(OK_REPLY)],
  ];
  for (const [headers, body] of table) {
    const upstream = await startUpstream(t, {
      reply: (_request, response) => response.writeHead(200, headers).end(body),
    });
    const proxy = await startProxy(t, { upstream: upstream.url, limits: { maxReplyBytes: 5000 } });
    const { status, code } = await errorOf(await post(proxy, FACE, formBody(FACE)));
    assert.deepEqual([status, code], [502, 'UPSTREAM_ERROR']);
  }
  const upstream = await startUpstream(t, {
    reply: (_request, response) => response.end(Buffer.alloc(5000, 32)),
  });
  const proxy = await startProxy(t, { upstream: upstream.url, limits: { maxReplyBytes: 5000 } });
  assert.equal((await post(proxy, FACE, formBody(FACE))).status, 200);
});

test('request ids are new for every reply and never taken from the client', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url });
  const ids = new Set();
  for (const path of [`/${FACE.path}`, '/info', '/none']) {
    const reply = await fetch(proxy.url + path, { headers: { 'x-request-id': 'planted' } });
    ids.add(reply.headers.get('x-request-id'));
    await reply.text();
  }
  assert.equal(ids.size, 3);
  assert.deepEqual(
    proxy.lines.map(({ requestId }) => requestId),
    [...ids],
  );
});

test('listed origins get CORS headers, the own origin needs none, others are refused', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url, allowedOrigins: ['https://bank.example'] });
  const send = (origin) => post(proxy, FACE, formBody(FACE), { origin });
  const listed = await send('https://bank.example');
  assert.equal(listed.status, 200);
  assert.equal(listed.headers.get('access-control-allow-origin'), 'https://bank.example');
  assert.equal(
    listed.headers.get('access-control-expose-headers'),
    'X-Request-Id, X-Netocr-Receipt, X-Netocr-Withheld, X-Netocr-Sandbox, Retry-After',
  );
  assert.equal(listed.headers.get('vary'), 'Origin');
  const own = await send(proxy.origin);
  assert.equal(own.status, 200);
  assert.equal(own.headers.get('access-control-allow-origin'), null);
  // Behind a reverse proxy that ends TLS.
  assert.equal((await send(proxy.origin.replace('http:', 'https:'))).status, 200);
  for (const origin of [
    'http://bank.example',
    'https://bank.example:8443',
    'https://bank.example.evil.example',
    'https://BANK.example',
    'https://bank.example/',
    'https://evil.example',
    'null',
    '*',
  ]) {
    const reply = await send(origin);
    assert.equal(reply.status, 403, origin);
    assert.equal(reply.headers.get('access-control-allow-origin'), null);
    assert.equal((await errorOf(reply)).code, 'REQUEST_REFUSED');
  }
  // A listed page can read errors too.
  const refusal = await fetch(`${proxy.url}/${FACE.path}?x`, {
    method: 'POST',
    headers: { origin: 'https://bank.example', 'content-type': FORM },
  });
  assert.equal(refusal.headers.get('access-control-allow-origin'), 'https://bank.example');
  assert.equal(upstream.records.length, 3);
});

test('preflights are answered', async (t) => {
  const upstream = await startUpstream(t);
  for (const sandbox of [false, true]) {
    const proxy = await startProxy(t, {
      upstream: upstream.url,
      sandbox,
      allowedOrigins: ['https://bank.example'],
    });
    const ask = (origin, path = FACE.path) =>
      fetch(`${proxy.url}/${path}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
    const granted = await ask('https://bank.example');
    assert.equal(granted.status, 204);
    assert.equal(granted.headers.get('access-control-allow-origin'), 'https://bank.example');
    assert.equal(granted.headers.get('access-control-allow-methods'), 'POST');
    const allowed = granted.headers.get('access-control-allow-headers');
    assert.equal(allowed, `authorization, content-type${sandbox ? ', x-sandbox-scenario' : ''}`);
    assert.equal((await ask('https://evil.example')).status, 403);
    assert.equal((await ask('https://bank.example', 'other')).status, 404);
  }
  assert.equal(upstream.records.length, 0);
});

test('info says whether this is the sandbox, scenarios pass only there', async (t) => {
  const upstream = await startUpstream(t, {
    reply: (request, response) =>
      response.end(request.url === '/sandbox/scenarios' ? '[{"name":"x"}]' : OK_REPLY),
  });
  for (const sandbox of [false, true]) {
    const proxy = await startProxy(t, { upstream: upstream.url, sandbox });
    assert.deepEqual(await (await fetch(`${proxy.url}/info`)).json(), { sandbox });
    const list = await fetch(`${proxy.url}/sandbox/scenarios`);
    if (sandbox) assert.deepEqual(await list.json(), [{ name: 'x' }]);
    else assert.equal((await errorOf(list)).status, 404);
    await (await post(proxy, FACE, formBody(FACE), { 'x-sandbox-scenario': 'slow:30' })).text();
    assert.equal(upstream.records.at(-1).headers['x-sandbox-scenario'], sandbox ? 'slow:30' : undefined);
  }
});

test('the log has one line per request and nothing of what passed through', async (t) => {
  const upstream = await startUpstream(t, {
    reply: (_request, response, record) => {
      response.setHeader('x-planted', 'planted-reply-header');
      if (record.url.includes('Video')) response.writeHead(500);
      response.end('{"planted-reply-body":"张三"}');
    },
  });
  const printed = [];
  for (const stream of [process.stdout, process.stderr]) {
    t.mock.method(stream, 'write', (text) => {
      printed.push(String(text));
      return true;
    });
  }
  const proxy = await startProxy(t, { upstream: upstream.url });
  const planted = {
    authorization: 'Bearer planted-token',
    cookie: 'planted-cookie=1',
    'x-sandbox-scenario': 'planted',
  };
  const media = 'plantedMedia';
  const replies = [
    await post(proxy, FACE, formBody(FACE, media), planted),
    await post(proxy, LIVENESS, `${formBody(LIVENESS, media)}&key=plantedOwnKey`, planted),
    await post(proxy, FILE, multipartBody(FILE, Buffer.from('planted-file')), planted),
    await fetch(`${proxy.url}/verapi/planted-path?planted-query=1`, { headers: planted }),
    await fetch(`${proxy.url}/${FACE.path}?secret=planted-query`, { method: 'POST', headers: planted }),
    await post(proxy, FACE, 'planted-field=1', planted),
    await post(proxy, FACE, formBody(FACE, media), { origin: 'https://other.example' }),
  ];
  for (const reply of replies) await reply.arrayBuffer();
  t.mock.restoreAll();
  assert.equal(proxy.lines.length, replies.length);
  const log = inspect(proxy.lines, { depth: 9 }) + printed.join('');
  for (const value of ['planted', KEY, SECRET, encodeURIComponent(SECRET), '张三', '127.0.0.1']) {
    assert.ok(!log.includes(value), value);
  }
  const seen = proxy.lines.map(({ requestId, ms, ...rest }) => {
    assert.match(requestId, UUID);
    assert.ok(Number.isInteger(ms) && ms >= 0);
    return rest;
  });
  const sizeOf = (body) => Buffer.byteLength(body);
  assert.deepEqual(seen.slice(0, 2), [
    {
      path: `/${FACE.path}`,
      status: 200,
      code: 'OK',
      stage: 'done',
      bytesIn: sizeOf(formBody(FACE, media)),
      bytesOut: sizeOf('{"planted-reply-body":"张三"}'),
    },
    {
      path: `/${LIVENESS.path}`,
      status: 400,
      code: 'REQUEST_REFUSED',
      stage: 'body',
      bytesIn: sizeOf(`${formBody(LIVENESS, media)}&key=plantedOwnKey`),
      bytesOut: Number(replies[1].headers.get('content-length')),
    },
  ]);
  assert.deepEqual(
    seen.map(({ path, status }) => [path, status]),
    [
      [`/${FACE.path}`, 200],
      [`/${LIVENESS.path}`, 400],
      [`/${FILE.path}`, 200],
      ['(other)', 404],
      [`/${FACE.path}`, 400],
      [`/${FACE.path}`, 400],
      ['(other)', 403],
    ],
  );
  // Of headers only the origin of a page that may not call is there.
  assert.deepEqual(
    seen.map(({ origin }) => origin),
    [...new Array(6).fill(undefined), 'https://other.example'],
  );
});

test('a log that throws costs nobody the reply; an unforeseen failure is INTERNAL and names its place', async (t) => {
  const upstream = await startUpstream(t);
  const failing = await startProxy(t, {
    upstream: upstream.url,
    log: () => {
      throw new Error('disk full');
    },
  });
  assert.equal((await post(failing, FACE, formBody(FACE))).status, 200);
  const broken = await startProxy(t, {
    upstream: upstream.url,
    transport: async () => {
      throw new RangeError('planted message');
    },
  });
  const reply = await post(broken, FACE, formBody(FACE));
  const text = await reply.clone().text();
  assert.deepEqual((({ status, code }) => [status, code])(await errorOf(reply)), [500, 'INTERNAL']);
  assert.ok(!text.includes('planted'));
  assert.match(broken.lines[0].cause, /^RangeError at replies\.test\.mjs:\d+:\d+$/);
});
