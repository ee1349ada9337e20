// The fallback without a worker: the same host, in the page's own thread. Loaded on demand only.
import createCodecs from '../dist/codecs.mjs';
import createCore from '../dist/core.mjs';
import { createHost } from './host.js';

/**
 * A connection like a worker's. Messages arrive in later microtasks, as they would from a worker; nothing is copied, and
 * end() only stops listening: a synchronous step in this thread cannot be interrupted.
 * @param {any} XMLHttpRequest
 * @param {import('../core/types.js').Glue} [glue]
 * @returns {import('../page/types.js').Port}
 */
export function connectInThread(XMLHttpRequest, glue = { createCore, createCodecs }) {
  /** @type {import('../shared/protocol-types.js').FromWorker[]} */
  const early = [];
  /** @type {(message: import('../shared/protocol-types.js').FromWorker) => void} */
  let deliver = (message) => {
    early.push(message);
  };
  let ended = false;
  const host = createHost(
    (message) =>
      queueMicrotask(() => {
        if (!ended) deliver(message);
      }),
    glue,
    XMLHttpRequest,
  );
  return {
    post: (message) =>
      queueMicrotask(() => {
        if (!ended) host.receive(message);
      }),
    listen: (onMessage) => {
      deliver = onMessage;
      for (const message of early.splice(0)) onMessage(message);
    },
    end: () => {
      ended = true;
      host.end();
    },
    busy: () => {},
    interruptible: false,
  };
}
