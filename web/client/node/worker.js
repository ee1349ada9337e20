// The worker thread in Node: the same host as in a browser.
import { parentPort } from 'node:worker_threads';
import createCodecs from '../dist/codecs.mjs';
import createCore from '../dist/core.mjs';
import { createHost } from '../worker/host.js';
import { NodeXMLHttpRequest } from './xhr.js';

if (!parentPort) throw new Error('This file is started as a worker thread.');
const port = parentPort;
const host = createHost(
  (message, transfer) => port.postMessage(message, /** @type {any} */ (transfer)),
  { createCore, createCodecs },
  NodeXMLHttpRequest,
);
port.on('message', host.receive);
