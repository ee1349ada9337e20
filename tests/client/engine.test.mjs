// The engine behind the client: workers that crash, hang, die or never come, loading that fails and works again, two
// pictures at a time, and a process that ends by itself.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  createClient,
  inspectImage,
  inspectVideo,
  prepareImage,
  version,
} from '../../web/client/node/index.js';
import { nodePlatform } from '../../web/client/node/platform.js';
import { NodeXMLHttpRequest } from '../../web/client/node/xhr.js';
import { createClientOn } from '../../web/client/page/client.js';
import { connectInThread } from '../../web/client/worker/in-thread.js';
import { reply, startServer } from '../fixtures/server.mjs';
import { faultyGlue } from './faulty-core.mjs';
import { closing, photoA, photoB, rejection, video } from './photos.mjs';

const endpoint = 'http://127.0.0.1:1';
const urlOf = (name) => new URL(name, import.meta.url);
const faulty = (t, options) =>
  closing(t, createClient({ endpoint, workerUrl: urlOf('faulty-worker.mjs'), ...options }));

/** A platform that counts its workers and lets a test change it. */
function watched(changes = {}) {
  const counts = { spawned: 0, standIns: 0, compiled: 0, live: 0 };
  const platform = {
    ...nodePlatform,
    spawn(url) {
      counts.spawned += 1;
      counts.live += 1;
      const port = nodePlatform.spawn(url);
      return {
        ...port,
        end() {
          counts.live -= 1;
          port.end();
        },
      };
    },
    standIn() {
      counts.standIns += 1;
      return nodePlatform.standIn();
    },
    compile(module, url) {
      counts.compiled += 1;
      return nodePlatform.compile(module, url);
    },
    ...changes,
  };
  return { platform, counts };
}

test('a trap is ENGINE_CRASHED; the same worker goes on with a new instance', async (t) => {
  const client = faulty(t, { workers: 1 });
  for (let i = 0; i < 2; i += 1) {
    const error = await rejection(client.prepareImage(Buffer.from('TRAP')));
    assert.deepEqual(
      [error.code, error.stage, error.retryable, error.detail],
      ['ENGINE_CRASHED', 'engine', true, 'RuntimeError'],
    );
    assert.equal((await client.prepareImage(photoA, { maxEdge: 64 })).width, 64);
  }
});

test('a trap ends the calls of its instance, and the connection', async (t) => {
  let closed;
  const gone = new Promise((resolve) => {
    closed = resolve;
  });
  let arrived;
  const waiting = new Promise((resolve) => {
    arrived = resolve;
  });
  const server = await startServer(t, (_response, _seen, request) => {
    request.socket.once('close', closed);
    arrived();
  });
  const client = faulty(t, { workers: 1, endpoint: server.url });
  const call = rejection(client.checkLiveness(photoA));
  await waiting;
  assert.equal((await rejection(client.prepareImage(Buffer.from('TRAP')))).code, 'ENGINE_CRASHED');
  assert.equal((await call).code, 'ENGINE_CRASHED');
  client.close();
  await gone;
});

test('a worker that dies owes everybody an error, and the next call gets a new worker', async (t) => {
  const client = faulty(t, { workers: 1 });
  const errors = await Promise.all([
    rejection(client.prepareImage(Buffer.from('EXIT'))),
    rejection(client.prepareImage(photoA)),
    rejection(client.inspectImage(photoB)),
  ]);
  assert.deepEqual(
    errors.map(({ code }) => code),
    Array(3).fill('ENGINE_CRASHED'),
  );
  assert.equal((await client.prepareImage(photoA, { maxEdge: 64 })).width, 64);
});

test('an aborted step that would never end: its worker is ended', async (t) => {
  const { platform, counts } = watched();
  const client = closing(
    t,
    createClientOn(platform, { endpoint, workers: 1, workerUrl: urlOf('faulty-worker.mjs') }),
  );
  const controller = new AbortController();
  const onProgress = ({ stage }) => stage === 'prepare' && controller.abort();
  const error = await rejection(
    client.prepareImage(Buffer.from('LOOP'), { signal: controller.signal, onProgress }),
  );
  assert.equal(error.name, 'AbortError');
  assert.deepEqual([counts.spawned, counts.live], [1, 0]);
  assert.equal((await client.prepareImage(photoA, { maxEdge: 64 })).width, 64);
  assert.deepEqual([counts.spawned, counts.live], [2, 1]);
});

test('the worker is kept when it owes others', async (t) => {
  const { platform, counts } = watched();
  const client = closing(t, createClientOn(platform, { endpoint, workers: 1 }));
  await client.warmUp();
  const controller = new AbortController();
  const other = client.prepareImage(photoB, { maxEdge: 64 });
  const onProgress = ({ stage }) => stage === 'prepare' && controller.abort();
  await rejection(client.prepareImage(photoA, { signal: controller.signal, onProgress }));
  assert.equal((await other).height, 64);
  assert.equal(counts.spawned, 1);
});

test('two pictures are prepared in two workers at the same time, from one compiled module', {
  timeout: 60_000,
}, async (t) => {
  const server = await startServer(t, (response) => reply(response));
  // No result is let through before both workers have begun: one after the other would never end.
  const both = barrier(2);
  const { platform, counts } = watched({
    cores: () => 2,
    spawn(url) {
      counts.spawned += 1;
      const port = nodePlatform.spawn(url);
      const listen = (onMessage, onDeath) =>
        port.listen((message) => {
          if (message.type === 'progress' && message.stage === 'prepare') both.arrive(port);
          if (message.type === 'result') both.passed.then(() => onMessage(message));
          else onMessage(message);
        }, onDeath);
      return { ...port, listen };
    },
  });
  const client = closing(t, createClientOn(platform, { endpoint: server.url }));
  assert.equal((await client.compareFaces(photoA, photoB)).verdict, 'pass');
  assert.deepEqual([counts.spawned, counts.compiled], [2, 1]);
});

/** Passed when `size` different ones have arrived. */
function barrier(size) {
  const arrived = new Set();
  let resolve;
  const passed = new Promise((resolved) => {
    resolve = resolved;
  });
  const arrive = (who) => {
    arrived.add(who);
    if (arrived.size === size) resolve();
  };
  return { arrive, passed };
}

test('a second worker that cannot be loaded leaves both pictures to the first', async (t) => {
  const server = await startServer(t, (response) => reply(response));
  let offline = false;
  const { platform, counts } = watched({
    cores: () => 2,
    spawn: () => nodePlatform.spawn(offline ? urlOf('mute-worker.mjs') : undefined),
    standIn: () => Promise.reject(new TypeError('offline')),
  });
  const client = closing(t, createClientOn(platform, { endpoint: server.url }));
  await client.warmUp();
  offline = true;
  assert.equal((await client.compareFaces(photoA, photoB)).verdict, 'pass');
  assert.equal(counts.compiled, 1);
  // Without any worker the error stands.
  const lonely = closing(t, createClientOn(platform, { endpoint: server.url }));
  assert.equal((await rejection(lonely.compareFaces(photoA, photoB))).code, 'ENGINE_LOAD_FAILED');
});

test('one picture needs one worker; one core gives one worker', async (t) => {
  const server = await startServer(t, (response) => reply(response));
  const one = watched({ cores: () => 2 });
  await closing(t, createClientOn(one.platform, { endpoint: server.url })).checkLiveness(photoA);
  assert.equal(one.counts.spawned, 1);
  const single = watched({ cores: () => 1 });
  await closing(t, createClientOn(single.platform, { endpoint: server.url })).compareFaces(photoA, photoB);
  assert.equal(single.counts.spawned, 1);
});

const WITHOUT_WORKERS = {
  'workers: 0': [{}, { workers: 0 }, 0],
  'a worker that cannot be made': [
    {
      spawn: () => {
        throw new DOMException('CSP', 'SecurityError');
      },
    },
    {},
    0,
  ],
  'a worker whose script fails': [{}, { workers: 1, workerUrl: urlOf('mute-worker.mjs') }, 1],
};
for (const [name, [changes, options, spawned]] of Object.entries(WITHOUT_WORKERS)) {
  test(`${name}: this thread does it, with abort and errors as ever`, async (t) => {
    const server = await startServer(t, (response, { url }) => url.startsWith('/slow') || reply(response));
    const { platform, counts } = watched(changes);
    const client = closing(t, createClientOn(platform, { endpoint: server.url, ...options }));
    const stages = new Set();
    const result = await client.compareFaces(photoA, photoB, {
      onProgress: ({ stage }) => stages.add(stage),
    });
    assert.equal(result.verdict, 'pass');
    assert.deepEqual([...stages], ['load', 'read', 'prepare', 'upload', 'wait', 'download', 'done']);
    assert.equal((await rejection(client.checkLiveness(Buffer.from('x')))).code, 'UNRECOGNIZED_FORMAT');
    assert.deepEqual([counts.spawned, counts.standIns], [spawned, 1]);

    const slow = closing(t, createClientOn(platform, { endpoint: `${server.url}/slow`, workers: 0 }));
    const controller = new AbortController();
    const onProgress = ({ stage }) => stage === 'wait' && controller.abort();
    assert.equal(
      (await rejection(slow.checkLiveness(photoA, { signal: controller.signal, onProgress }))).name,
      'AbortError',
    );
  });
}

test('a trap in this thread is survived too', async (t) => {
  const platform = {
    ...nodePlatform,
    standIn: async () => connectInThread(NodeXMLHttpRequest, faultyGlue),
  };
  const client = closing(t, createClientOn(platform, { endpoint, workers: 0 }));
  assert.equal((await rejection(client.prepareImage(Buffer.from('TRAP')))).code, 'ENGINE_CRASHED');
  assert.equal((await client.prepareImage(photoA, { maxEdge: 64 })).width, 64);
});

test('a module that cannot be loaded is ENGINE_LOAD_FAILED; the next call tries again', async (t) => {
  let fails = true;
  const { platform, counts } = watched({
    compile(module, url) {
      counts.compiled += 1;
      return fails ? Promise.reject(new TypeError('offline')) : nodePlatform.compile(module, url);
    },
  });
  const client = closing(t, createClientOn(platform, { endpoint, workers: 1 }));
  const errors = await Promise.all([rejection(client.inspectImage(photoA)), rejection(client.warmUp())]);
  for (const error of errors)
    assert.deepEqual([error.code, error.detail], ['ENGINE_LOAD_FAILED', 'core.wasm: TypeError']);
  fails = false;
  assert.equal((await client.inspectImage(photoA)).width, 1800);
  assert.equal(counts.live, 1, 'the workers of the failed attempts are gone');
});

test('a wasm file that is none, or that is missing', async (t) => {
  for (const wasmUrl of [import.meta.url, urlOf('no-such.wasm')]) {
    const client = closing(t, createClient({ endpoint, wasmUrl }));
    assert.equal((await rejection(client.warmUp())).code, 'ENGINE_LOAD_FAILED');
  }
});

test('a worker of another release is refused', async (t) => {
  const client = closing(t, createClient({ endpoint, workerUrl: urlOf('old-worker.mjs') }));
  const error = await rejection(client.warmUp());
  assert.deepEqual([error.code, error.detail], ['ENGINE_LOAD_FAILED', 'the worker is of another version']);
});

test('warmUp loads the engine, once', async (t) => {
  const { platform, counts } = watched();
  const client = closing(t, createClientOn(platform, { endpoint }));
  const stages = [];
  await client.warmUp({ onProgress: ({ stage }) => stages.push(stage) });
  await client.warmUp();
  await client.inspectImage(photoA);
  assert.deepEqual([counts.spawned, counts.compiled], [1, 1]);
  assert.deepEqual(stages, ['load', 'done']);
});

test('warmUp is aborted like everything', async (t) => {
  const client = closing(t, createClient({ endpoint }));
  const controller = new AbortController();
  const running = rejection(client.warmUp({ signal: controller.signal }));
  controller.abort();
  assert.equal((await running).name, 'AbortError');
  await client.warmUp();
});

test('the functions without a client', async () => {
  const info = await inspectImage(photoA);
  assert.deepEqual([info.format, info.width, info.height, info.bytes], ['jpeg', 1800, 1350, photoA.length]);
  const prepared = await prepareImage(photoA, { maxEdge: 200, maxBytes: 10_000 });
  assert.deepEqual([prepared.width, prepared.height, prepared.type], [200, 150, 'image/jpeg']);
  assert.ok(prepared.bytes.length <= 10_000);
  assert.deepEqual(await inspectVideo(video), {
    container: 'mp4',
    bytes: video.length,
    durationMs: 4000,
    warnings: [],
  });
  assert.equal(
    (await rejection(inspectImage(photoA, { limits: { maxPixels: 10 } }))).code,
    'IMAGE_TOO_LARGE',
  );
});

test('a process that has used everything ends by itself, without close()', async () => {
  const script = `
    import { createClient, prepareImage } from ${JSON.stringify(new URL('../../web/client/node/index.js', import.meta.url).href)};
    const bmp = Buffer.from('Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAA/////w==', 'base64');
    await prepareImage(bmp);
    const client = createClient({ endpoint: 'http://127.0.0.1:1' });
    await client.compareFaces(bmp, bmp).catch((error) => console.log(error.code));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 60_000,
  });
  assert.equal(stdout.trim(), 'NETWORK_ERROR');
});

test('importing does nothing, also without any global of a browser', async () => {
  const script = `
    const before = Object.getOwnPropertyNames(globalThis).join();
    globalThis.fetch = globalThis.Worker = () => { throw new Error('used at import'); };
    const api = await import(${JSON.stringify(new URL('../../web/client/index.js', import.meta.url).href)});
    api.createClient({ endpoint: '/netocr' });
    delete globalThis.Worker;
    console.log(Object.keys(api).sort().join(), before === Object.getOwnPropertyNames(globalThis).join(),
      process._getActiveHandles().filter((handle) => handle.constructor.name !== 'Socket').length);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  assert.equal(
    stdout.trim(),
    'NetocrError,createClient,errorMessage,inspectImage,inspectVideo,isNetocrError,prepareImage,version true 0',
  );
  assert.match(version, /^\d+\.\d+\.\d+/);
});
