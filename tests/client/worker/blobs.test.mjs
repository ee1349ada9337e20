// A photo in a Blob goes to the core's heap in chunks, as in a browser's worker: the whole of it lies nowhere else, and its
// room is given back however it ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import createCodecs from '../../../web/client/dist/codecs.mjs';
import { nodePlatform } from '../../../web/client/node/platform.js';
import { NodeXMLHttpRequest } from '../../../web/client/node/xhr.js';
import { createClientOn } from '../../../web/client/page/client.js';
import { connectInThread } from '../../../web/client/worker/in-thread.js';
import { readInto } from '../../../web/client/worker/read-input.js';
import { makeFlatWsq } from '../../formats/flat-wsq.mjs';
import { convert, pictureOf } from '../../formats/pictures.mjs';
import { faultyGlue } from '../faulty-core.mjs';
import { closing, photoA, rejection } from '../photos.mjs';

const endpoint = 'http://127.0.0.1:1';
const small = { maxEdge: 64, maxBytes: 10_000 };
// Some chunks long: what is behind the picture is not looked at.
const long = Buffer.concat([photoA, Buffer.alloc(3_000_000, 7)]);
const heic = convert(pictureOf('rgb'), '-quality', '95', 'heic:-');
const heicDecoderUrl = new URL(
  '../../../node_modules/libheif-js/libheif-wasm/libheif-bundle.mjs',
  import.meta.url,
);

/** A client in this thread that takes Blobs as a browser's does; `core()` is the instance that it uses now. */
function inThread(t, options = {}) {
  const cores = [];
  const glue = {
    createCodecs,
    async createCore(settings) {
      cores.push(await faultyGlue.createCore(settings));
      return cores.at(-1);
    },
  };
  const platform = {
    ...nodePlatform,
    postsBlobs: true,
    standIn: async () => connectInThread(NodeXMLHttpRequest, glue),
  };
  const client = closing(t, createClientOn(platform, { endpoint, workers: 0, ...options }));
  return { client, core: () => cores.at(-1) };
}

/** A Blob of `parts`, given out one after the other; a function among them gives the next part later, or throws. */
function blobOf(parts, size) {
  const blob = new Blob([]);
  const seen = { streams: 0 };
  seen.cancelled = new Promise((resolve) => {
    seen.cancel = resolve;
  });
  Object.defineProperty(blob, 'size', {
    value: size ?? parts.reduce((sum, part) => sum + (part.length ?? 0), 0),
  });
  blob.arrayBuffer = () => assert.fail('the whole is not asked for');
  blob.stream = () => {
    seen.streams += 1;
    const left = [...parts];
    return new ReadableStream({
      async pull(controller) {
        let part = left.shift();
        if (typeof part === 'function') part = await part();
        if (part) return controller.enqueue(new Uint8Array(part));
        controller.close();
      },
      cancel: seen.cancel,
    });
  };
  return { blob, seen };
}

for (const size of [0, 1, 1 << 20, (1 << 20) + 1, 3_500_000]) {
  test(`a blob of ${size} bytes arrives in order and in parts`, async () => {
    const bytes = Uint8Array.from({ length: size }, (_, i) => i ^ (i >> 8) ^ (i >> 16));
    const copy = new Uint8Array(size);
    let expected = 0;
    const room = {
      write(chunk, at) {
        assert.equal(at, expected);
        copy.set(chunk, at);
        expected += chunk.length;
      },
      free: () => assert.fail('it is in use'),
    };
    const reserve = (length) => {
      assert.equal(length, size);
      return room;
    };
    const given = { blob: new Blob([bytes]) };
    assert.equal(await readInto(given, size, new AbortController().signal, reserve), room);
    assert.equal(expected, size);
    assert.ok(Buffer.from(bytes).equals(copy));
  });
}

test('a photo, a file of the second module and one for a decoder outside: as from bytes, and nothing is left', async (t) => {
  const { client, core } = inThread(t, { heicDecoderUrl });
  await client.prepareImage(photoA, small);
  const { allocatedBytes } = core().memory();
  for (const bytes of [long, makeFlatWsq(150, 97, 180), heic]) {
    const { blob } = blobOf([bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)]);
    const [read, given] = [await client.prepareImage(blob, small), await client.prepareImage(bytes, small)];
    assert.deepEqual(read.bytes, given.bytes);
    assert.deepEqual(read.source, given.source);
    assert.equal(read.source.bytes, bytes.length);
    assert.equal(core().memory().allocatedBytes, allocatedBytes);
  }
});

const broken = () => {
  throw new DOMException('x', 'NotReadableError');
};
const UNUSABLE = {
  'that cannot be read': [[broken], 4, 'INPUT_UNREADABLE'],
  'that cannot be read to its end': [[photoA, broken], long.length, 'INPUT_UNREADABLE'],
  'that is shorter than it said': [[photoA], photoA.length + 1, 'INPUT_UNREADABLE'],
  'that is longer than it said': [[photoA, [1]], photoA.length, 'INPUT_UNREADABLE'],
  'that is empty': [[], 0, 'EMPTY_INPUT'],
  'that is no picture': [[Buffer.from('plain text')], undefined, 'UNRECOGNIZED_FORMAT'],
  'that is damaged': [[photoA.subarray(0, 30)], undefined, 'CORRUPT_IMAGE'],
};
for (const [name, [parts, size, code]] of Object.entries(UNUSABLE)) {
  test(`a blob ${name} is ${code}, and nothing is left`, async (t) => {
    const { client, core } = inThread(t);
    await client.prepareImage(photoA, small);
    const { allocatedBytes } = core().memory();
    assert.equal((await rejection(client.prepareImage(blobOf(parts, size).blob))).code, code);
    assert.equal(core().memory().allocatedBytes, allocatedBytes);
  });
}

test('a blob over the limit is refused before it is read', async (t) => {
  const { client } = inThread(t);
  const { blob, seen } = blobOf([photoA]);
  const limits = { maxInputBytes: photoA.length - 1 };
  assert.equal((await rejection(client.prepareImage(blob, { limits }))).code, 'INPUT_TOO_LARGE');
  assert.equal(seen.streams, 0);
  const { blob: vast } = blobOf([photoA], 2 ** 31);
  const most = { maxInputBytes: 2 ** 31 };
  assert.equal((await rejection(client.prepareImage(vast, { limits: most }))).code, 'OUT_OF_MEMORY');
});

test('aborted while it is read: the stream is cancelled, and nothing is left', async (t) => {
  const { client, core } = inThread(t);
  await client.prepareImage(photoA, small);
  const { allocatedBytes } = core().memory();
  const controller = new AbortController();
  const { blob, seen } = blobOf(
    [
      photoA,
      async () => {
        assert.ok(core().memory().allocatedBytes >= allocatedBytes + long.length);
        controller.abort();
        await new Promise(setImmediate); // the abort reaches the host in microtasks
        return [1];
      },
    ],
    long.length,
  );
  const error = await rejection(client.prepareImage(blob, { signal: controller.signal }));
  assert.equal(error.name, 'AbortError');
  await seen.cancelled;
  // The page is answered before the worker has given back the room.
  while (core().memory().allocatedBytes !== allocatedBytes) await new Promise(setImmediate);
});

test('a trap while it is read ends it too; the next instance goes on', async (t) => {
  const { client, core } = inThread(t);
  await client.prepareImage(photoA, small);
  const first = core();
  let trapped;
  const { blob } = blobOf(
    [
      photoA.subarray(0, 100),
      async () => {
        trapped = await rejection(client.prepareImage(Buffer.from('TRAP')));
        return photoA.subarray(100);
      },
    ],
    photoA.length,
  );
  assert.equal((await rejection(client.prepareImage(blob, small))).code, 'ENGINE_CRASHED');
  assert.equal(trapped.code, 'ENGINE_CRASHED');
  assert.equal((await client.prepareImage(new Blob([photoA]), small)).width, 64);
  assert.notEqual(core(), first);
});

test('where Blobs have no streams the whole is read', async (t) => {
  const { client } = inThread(t);
  const blob = Object.assign(new Blob([photoA]), { stream: undefined });
  assert.equal((await client.prepareImage(blob, small)).width, 64);
});
