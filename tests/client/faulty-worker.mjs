// A worker with the faulty core; everything else is the shipped host.
import { parentPort } from 'node:worker_threads';
import { NodeXMLHttpRequest } from '../../web/client/node/xhr.js';
import { createHost } from '../../web/client/worker/host.js';
import { faultyGlue } from './faulty-core.mjs';

const host = createHost(
  (message, transfer) => parentPort.postMessage(message, transfer),
  faultyGlue,
  NodeXMLHttpRequest,
);
parentPort.on('message', host.receive);
