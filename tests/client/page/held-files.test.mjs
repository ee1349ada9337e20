// Prepared files stay in the workers: none is posted to the page during a call, a second one goes to the sending worker
// over a port, and whatever ends a call frees what is held for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodePlatform } from '../../../web/client/node/platform.js';
import { NodeXMLHttpRequest } from '../../../web/client/node/xhr.js';
import { createClientOn } from '../../../web/client/page/client.js';
import { connectInThread } from '../../../web/client/worker/in-thread.js';
import { reply, startServer } from '../../fixtures/server.mjs';
import { faultyGlue } from '../faulty-core.mjs';
import { closing, OPERATIONS, photoA, photoB, rejection } from '../photos.mjs';

/** The sizes of all buffers in a message. */
function buffersIn(value) {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return [value.byteLength];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(buffersIn);
}

/** A platform whose messages are recorded. */
function recorded() {
  const up = [];
  const down = [];
  const watch = (port) => {
    return {
      ...port,
      post(message, transfer) {
        down.push({ message });
        port.post(message, transfer);
      },
      listen: (onMessage, onDeath) =>
        port.listen((message) => {
          up.push(message);
          onMessage(message);
        }, onDeath),
    };
  };
  const platform = {
    ...nodePlatform,
    spawn: (url) => watch(nodePlatform.spawn(url)),
    standIn: async () => watch(connectInThread(NodeXMLHttpRequest, faultyGlue)),
  };
  return { platform, up, down };
}

function deferred() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const typed = (records, type) => records.filter(({ message }) => message.type === type);

for (const [name, ask] of Object.entries(OPERATIONS)) {
  for (const workers of [0, 1, 2]) {
    test(`${name} with ${workers} workers: no buffer is posted to the page`, async (t) => {
      const server = await startServer(t, (response) => reply(response));
      const { platform, up, down } = recorded();
      const client = closing(t, createClientOn(platform, { endpoint: server.url, workers }));
      await ask(client).catch(({ stage }) => assert.equal(stage, 'reply'));
      assert.equal(server.seen.length, 1);
      assert.ok(server.seen[0].body.length > 50_000);
      assert.deepEqual(up.flatMap(buffersIn), []);
      const [call] = typed(down, 'request').filter(({ message }) => message.method === 'call');
      assert.deepEqual(buffersIn(call.message), []);
      const ports = call.message.params.files.filter((file) => 'port' in file).length;
      assert.equal(ports, workers === 2 && call.message.params.files.length === 2 ? 1 : 0);
      assert.equal(typed(down, 'forward').length, ports);
    });
  }
}

test('what is sent is what prepareImage() returns, from either worker', async (t) => {
  let body;
  const server = await startServer(t, (response, seen) => {
    body = seen.body;
    reply(response);
  });
  const { platform } = recorded();
  const client = closing(t, createClientOn(platform, { endpoint: server.url, workers: 2 }));
  await client.compareFaces(photoA, photoB);
  const text = new URLSearchParams(Buffer.from(body).toString('latin1'));
  const sent = [...text.values()].map((value) => Buffer.from(value, 'base64'));
  for (const photo of [photoA, photoB]) {
    const { bytes } = await client.prepareImage(photo);
    assert.ok(sent.some((file) => file.equals(bytes)));
  }
});

test('prepareImage() has its bytes posted to the page', async (t) => {
  const { platform, up } = recorded();
  const client = closing(t, createClientOn(platform, { endpoint: 'http://127.0.0.1:1' }));
  const { bytes } = await client.prepareImage(photoA);
  assert.deepEqual(up.flatMap(buffersIn), [bytes.length]);
});

test('a call that is aborted between preparing and sending frees what is held', async (t) => {
  const { platform, down } = recorded();
  const controller = new AbortController();
  const token = () => {
    controller.abort();
    return new Promise(() => {});
  };
  const client = closing(t, createClientOn(platform, { endpoint: 'http://127.0.0.1:1', token, workers: 2 }));
  const error = await rejection(client.compareFaces(photoA, photoB, { signal: controller.signal }));
  assert.equal(error.name, 'AbortError');
  const held = typed(down, 'request').map(({ message }) => message.id);
  const freed = typed(down, 'abort').map(({ message }) => message.id);
  assert.deepEqual(freed.sort(), held.sort());
});

for (const dying of [0, 1]) {
  test(`worker ${dying} dies while it holds a file: ENGINE_CRASHED, and the next call works`, async (t) => {
    const server = await startServer(t, (response) => reply(response));
    const { platform } = recorded();
    const workerUrl = new URL('../faulty-worker.mjs', import.meta.url);
    let isFirst = true;
    // Both lanes are free while the token is fetched: the inputs go to the first and the second.
    const token = async () => {
      if (!isFirst) return 'token';
      isFirst = false;
      const inputs = dying === 0 ? ['EXIT'] : [photoB, 'EXIT'];
      const ends = await Promise.allSettled(inputs.map((input) => client.prepareImage(Buffer.from(input))));
      assert.equal(ends.at(-1).reason.code, 'ENGINE_CRASHED');
      return 'token';
    };
    const client = closing(
      t,
      createClientOn(platform, { endpoint: server.url, token, workers: 2, workerUrl }),
    );
    const error = await rejection(client.compareFaces(photoA, photoB));
    assert.deepEqual([error.code, error.stage], ['ENGINE_CRASHED', 'engine']);
    assert.equal(server.seen.length, 0);
    assert.equal((await client.compareFaces(photoA, photoB)).operation, 'compareFaces');
  });
}

test('an aborted step does not end a worker that holds the file of another call', async (t) => {
  const server = await startServer(t, (response) => reply(response));
  const { platform } = recorded();
  const asked = deferred();
  const answer = deferred();
  const token = () => {
    asked.resolve();
    return answer.promise;
  };
  const client = closing(t, createClientOn(platform, { endpoint: server.url, token, workers: 1 }));
  const call = client.checkLiveness(photoA);
  await asked.promise;
  const controller = new AbortController();
  const onProgress = ({ stage }) => stage === 'prepare' && controller.abort();
  await rejection(client.prepareImage(photoB, { signal: controller.signal, onProgress }));
  answer.resolve('token');
  assert.equal((await call).operation, 'checkLiveness');
});
