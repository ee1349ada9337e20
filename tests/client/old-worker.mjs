// A worker of another release: it greets with another protocol version.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', () => {});
parentPort.postMessage({ type: 'hello', protocol: 0 });
