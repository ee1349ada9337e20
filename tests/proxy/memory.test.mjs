// Memory for each request in flight, as Node counts it in the proxy's process: many long bodies at once, against a
// service that does not read, so that everything that the proxy may hold is held. What the process has resident depends
// on the allocator and the collector too: `npm run bench:proxy` reports it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { startHolding } from './held.mjs';

const FIRST_REQUESTS = 8;
const REQUESTS = 32;
const MAX_BYTES = 256 << 10;

/** node:http reads a body in pieces of at most 64 KiB: one is being written, the next is held back (scanned-body.js). */
const PIECE_BYTES = 64 << 10;
const MAX_BUFFER_BYTES = 2 * PIECE_BYTES + (8 << 10);

const kibibytes = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`;

test('a request in flight costs at most 256 KiB, however long its body is', async (t) => {
  const proxy = await startHolding(t);
  // What the process needs once (compiled code, tables) is there after the first ones.
  await proxy.hold(FIRST_REQUESTS);
  const before = await proxy.ask('memory');
  await proxy.hold(REQUESTS);
  const after = await proxy.ask('memory');
  const each = (name) => (after[name] - before[name]) / REQUESTS;
  const total = each('external') + each('heap');
  t.diagnostic(
    `${kibibytes(total)} for each of ${REQUESTS} requests of 3 to 4 MiB, ${kibibytes(each('buffers'))} of it in buffers`,
  );
  assert.ok(total <= MAX_BYTES, `${total} bytes for each request`);
  assert.ok(each('buffers') <= MAX_BUFFER_BYTES, `${each('buffers')} bytes in buffers for each request`);
});
