// The module worker of a page. Its imports are static: bundlers turn it into one file.
import createCore from '../../../dist/core.mjs';
import { createHost } from './host.js';

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const host = createHost(
  (message, transfer) => scope.postMessage(message, transfer ?? []),
  createCore,
  globalThis.XMLHttpRequest,
);
scope.addEventListener('message', (event) => host.receive(event.data));
