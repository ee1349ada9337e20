// The module worker of a page, which loads it as dist/worker.js (scripts/bundles.mjs).
import createCodecs from '../dist/codecs.mjs';
import createCore from '../dist/core.mjs';
import { createHost } from './host.js';

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const host = createHost(
  (message, transfer) => scope.postMessage(message, transfer ?? []),
  { createCore, createCodecs },
  globalThis.XMLHttpRequest,
);
scope.addEventListener('message', (event) => host.receive(event.data));
