// The body of a request for a token: one whose end did not come is never taken for one that ended.
import assert from 'node:assert/strict';
import test from 'node:test';
import { readMintOptions } from '../../../web/proxy/access/mint-body.js';

const TEXT = '{"operations":["compareFaces"],"origin":"https://a.example"}';
const bytes = (text) => new TextEncoder().encode(text);

/** A request whose body the test writes. */
function open({ headers = {}, signal } = {}) {
  let controller;
  let cancelled = false;
  const body = new ReadableStream({
    start(it) {
      controller = it;
    },
    cancel() {
      cancelled = true;
    },
  });
  const request = new Request('https://a.example/tokens', {
    method: 'POST',
    body,
    duplex: 'half',
    signal,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { request, controller, isCancelled: () => cancelled };
}

test('a whole body', async () => {
  const { request, controller } = open();
  controller.enqueue(bytes(TEXT.slice(0, 20)));
  controller.enqueue(bytes(TEXT.slice(20)));
  controller.close();
  const { options, bytes: count } = await readMintOptions(request);
  assert.deepEqual([options.operations, options.origin], [['compareFaces'], 'https://a.example']);
  assert.equal(count, TEXT.length);
});

test('a body that breaks off, ends early, or comes too slowly, although what came is good JSON', async () => {
  const table = [
    [open(), ({ controller }) => controller.error(new Error('planted')), 400, /broke off/],
    [
      open({ headers: { 'content-length': String(TEXT.length + 1) } }),
      ({ controller }) => controller.close(),
      400,
      /length/,
    ],
    [
      open({ headers: { 'content-length': String(TEXT.length - 1) } }),
      ({ controller }) => controller.close(),
      400,
      /length/,
    ],
    [open({ headers: { 'content-length': 'x' } }), ({ controller }) => controller.close(), 400, /length/],
    [open(), () => {}, 408, /too slowly/],
  ];
  for (const [opened, end, status, pattern] of table) {
    opened.controller.enqueue(bytes(TEXT));
    const reading = readMintOptions(opened.request, { bodyMs: status === 408 ? 1 : 60_000 });
    end(opened);
    await assert.rejects(reading, (error) => error.status === status && pattern.test(error.message));
    assert.equal(opened.isCancelled(), status === 408);
  }
});

test('a client that goes away', async () => {
  const gone = new AbortController();
  const opened = open({ signal: gone.signal });
  opened.controller.enqueue(bytes(TEXT));
  const reading = readMintOptions(opened.request);
  gone.abort();
  await assert.rejects(reading, { code: 'ABORTED' });
  const before = open({ signal: AbortSignal.abort() });
  before.controller.enqueue(bytes(TEXT));
  before.controller.close();
  await assert.rejects(readMintOptions(before.request), { code: 'ABORTED' });
});

test('a body that is too long is not read to its end', async () => {
  const opened = open();
  opened.controller.enqueue(bytes(' '.repeat(4096)));
  opened.controller.enqueue(bytes(' '));
  await assert.rejects(readMintOptions(opened.request), { code: 'REQUEST_TOO_LARGE' });
  assert.equal(opened.isCancelled(), true);
});

test('bytes that are not UTF-8 are no JSON', async () => {
  const { request, controller } = open();
  controller.enqueue(new Uint8Array([...bytes(TEXT.slice(0, -2)), 0xff, ...bytes('"}')]));
  controller.close();
  await assert.rejects(readMintOptions(request), { status: 400, message: 'the body is not JSON' });
});
