// The transport for edge runtimes, tried with Node's own fetch.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import test from 'node:test';
import { createFetchTransport } from '../../../web/proxy/index.js';
import {
  deferred,
  errorOf,
  FACE,
  FORM,
  formBody,
  KEY,
  LIVENESS,
  OK_REPLY,
  post,
  SECRET,
  startProxy,
  startUpstream,
} from '../helpers.mjs';

const transport = createFetchTransport();

test('sends the exact body with a content-length', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url, transport });
  const body = formBody(LIVENESS, 'A'.repeat(300_000));
  assert.equal(await (await post(proxy, LIVENESS, body, { authorization: 'Bearer x' })).text(), OK_REPLY);
  const [{ headers, body: sent }] = upstream.records;
  const expected = `key=${encodeURIComponent(KEY)}&secret=${encodeURIComponent(SECRET)}&${body}`;
  assert.equal(sent().toString(), expected);
  assert.equal(headers['content-length'], String(expected.length));
  assert.equal(headers['transfer-encoding'], undefined);
  assert.equal(headers.authorization, undefined);
  assert.equal(headers['content-type'], FORM);
});

test('a late offender cuts the request off', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, { upstream: upstream.url, transport });
  const body = `${formBody(LIVENESS, 'A'.repeat(600_000))}&key=x`;
  const { status, code } = await errorOf(await post(proxy, LIVENESS, body));
  assert.deepEqual([status, code], [400, 'REQUEST_REFUSED']);
  assert.equal(await upstream.records[0].outcome, 'cut off');
});

test('failures are told apart', async (t) => {
  const unused = createServer();
  await new Promise((resolve) => unused.listen(0, '127.0.0.1', resolve));
  const { port } = unused.address();
  await new Promise((resolve) => unused.close(resolve));
  const broken = await startUpstream(t, { reply: (_request, response) => response.destroy() });
  const silent = await startUpstream(t, { reply: () => {} });
  const moved = await startUpstream(t, {
    reply: (_request, response) => response.writeHead(307, { location: '/elsewhere' }).end(),
  });
  const table = [
    [`http://127.0.0.1:${port}`, 502, 'UPSTREAM_UNREACHABLE'],
    [broken.url, 502, 'UPSTREAM_ERROR'],
    [moved.url, 502, 'UPSTREAM_ERROR'],
    [silent.url, 504, 'UPSTREAM_TIMEOUT'],
  ];
  for (const [upstream, ...expected] of table) {
    const replyMs = upstream === silent.url ? 100 : 10_000;
    const proxy = await startProxy(t, { upstream, transport, limits: { replyMs } });
    const { status, code } = await errorOf(await post(proxy, FACE, formBody(FACE)));
    assert.deepEqual([status, code], expected);
  }
  assert.equal(moved.records.length, 1);
});

test('a client that goes away cancels the call', async (t) => {
  const thinking = deferred();
  const closed = deferred();
  const upstream = await startUpstream(t, {
    reply: (_request, response) => {
      response.once('close', () => closed.resolve(response.writableFinished));
      thinking.resolve();
    },
  });
  const { handler, lines } = await startProxy(t, { upstream: upstream.url, transport });
  const body = formBody(LIVENESS);
  const abort = new AbortController();
  const pending = handler(
    new Request(`http://localhost/netocr/${LIVENESS.path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': FORM, 'content-length': String(body.length) },
      signal: abort.signal,
    }),
  );
  await thinking.promise;
  abort.abort();
  assert.equal((await pending).status, 499);
  assert.equal(await closed.promise, false);
  assert.equal(lines[0].code, 'ABORTED');
});

test('a runtime with FixedLengthStream gets the body through one', async (t) => {
  const upstream = await startUpstream(t);
  const lengths = [];
  globalThis.FixedLengthStream = class extends TransformStream {
    constructor(length) {
      super();
      lengths.push(length);
    }
  };
  t.after(() => {
    delete globalThis.FixedLengthStream;
  });
  const proxy = await startProxy(t, { upstream: upstream.url, transport });
  assert.equal((await post(proxy, FACE, formBody(FACE))).status, 200);
  assert.deepEqual(lengths, [upstream.records[0].body().length]);
});
