// The practice of an idle worker: what it runs, when it stops, and that it never fails.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createBridge } from '../../../web/client/core/bridge.js';
import { instantiate } from '../../../web/client/core/loader.js';
import createCore from '../../../web/client/dist/core.mjs';
import { nodePlatform } from '../../../web/client/node/platform.js';
import { NodeXMLHttpRequest } from '../../../web/client/node/xhr.js';
import { createClientOn } from '../../../web/client/page/client.js';
import { NetocrError } from '../../../web/client/shared/errors.js';
import { connectInThread } from '../../../web/client/worker/in-thread.js';
import { practise } from '../../../web/client/worker/practice.js';
import { closing, photoA } from '../photos.mjs';

const wasm = await WebAssembly.compile(
  await readFile(new URL('../../../web/client/dist/core.wasm', import.meta.url)),
);
const core = await createBridge(
  (xhr) => instantiate(createCore, wasm, xhr),
  NodeXMLHttpRequest,
  (error) => {
    throw error;
  },
);

/** The core, with a record of what it prepared. */
function recorded() {
  const runs = [];
  const prepareImage = (bytes, options, onProgress) => {
    const prepared = core.prepareImage(bytes, options, onProgress);
    runs.push(prepared);
    return prepared;
  };
  return { runs, bridge: { ...core, prepareImage } };
}

test('a large picture becomes a JPEG, and that is decoded and scaled like a photo', async () => {
  const { runs, bridge } = recorded();
  await practise(bridge, () => true);
  assert.deepEqual(
    runs.map(({ source, width, height, lossless }) => [source.format, width, height, lossless]),
    [['bmp', 512, 384, false], ...Array(4).fill(['jpeg', 200, 150, false])],
  );
});

test('it ends when something else is there to do', async () => {
  for (const idleFor of [0, 1, 3]) {
    const { runs, bridge } = recorded();
    let asked = 0;
    await practise(bridge, () => asked++ < idleFor);
    assert.equal(runs.length, idleFor);
  }
});

test('what goes wrong in it is not told', async () => {
  const failing = () => {
    throw new NetocrError('OUT_OF_MEMORY');
  };
  await practise({ ...core, prepareImage: failing }, () => true);
});

/** A client on `platform` whose messages to its workers are recorded. */
function watchedClient(t, platform) {
  const sent = [];
  const watch = (port) => ({
    ...port,
    post(message, transfer) {
      sent.push(message.type);
      port.post(message, transfer);
    },
  });
  const changed = {
    ...platform,
    spawn: (url) => watch(platform.spawn(url)),
    standIn: async () => watch(await platform.standIn()),
  };
  return {
    sent,
    client: closing(t, createClientOn(changed, { endpoint: 'http://127.0.0.1:1', workers: 1 })),
  };
}

test('warmUp asks an idle worker for it; a request that comes meanwhile is answered', async (t) => {
  const { sent, client } = watchedClient(t, nodePlatform);
  await client.warmUp();
  assert.deepEqual(sent, ['start', 'practise']);
  assert.equal((await client.inspectImage(photoA)).width, 1800);
  assert.deepEqual(sent, ['start', 'practise', 'request']);
});

test('a worker that was not warmed up, or is busy, is not asked', async (t) => {
  const { sent, client } = watchedClient(t, nodePlatform);
  await Promise.all([client.prepareImage(photoA), client.warmUp()]);
  assert.deepEqual(sent, ['start', 'request']);
});

test("the page's own thread does not practise", async (t) => {
  const inThread = {
    ...nodePlatform,
    spawn: () => {
      throw new Error('no workers');
    },
    standIn: async () => connectInThread(NodeXMLHttpRequest),
  };
  const { sent, client } = watchedClient(t, inThread);
  await client.warmUp();
  assert.deepEqual(sent, ['start']);
});
