// Node's part of the engine: worker_threads, the file system for the module, our own XMLHttpRequest.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { NodeXMLHttpRequest } from './xhr.js';

/** @type {import('../page/types.js').Platform} */
export const nodePlatform = {
  spawn(workerUrl) {
    return workerPort(new Worker(workerUrl ? new URL(workerUrl) : new URL('./worker.js', import.meta.url)));
  },

  async standIn() {
    const { connectInThread } = await import('../worker/in-thread.js');
    return connectInThread(NodeXMLHttpRequest);
  },

  async compile(module, givenUrl) {
    const url = givenUrl ?? new URL(`../dist/${module}.wasm`, import.meta.url);
    return WebAssembly.compile(await readFile(new URL(url)));
  },

  cores: availableParallelism,
  baseUrl: () => undefined,
  postsBlobs: false,
};

/** @param {Worker} worker @returns {import('../page/types.js').Port} */
function workerPort(worker) {
  return {
    post: (message, transfer) => worker.postMessage(message, /** @type {any} */ (transfer)),
    listen(onMessage, onDeath) {
      worker.on('message', onMessage);
      worker.on('messageerror', () => onDeath('a message that cannot be read'));
      worker.on('error', (error) => onDeath(error.name ?? 'error in the worker'));
      worker.on('exit', () => onDeath('the worker ended'));
    },
    end: () => {
      worker.terminate();
    },
    busy: (busy) => {
      if (busy) worker.ref();
      else worker.unref();
    },
    interruptible: true,
  };
}
