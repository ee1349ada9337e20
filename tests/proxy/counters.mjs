// Loaded into the proxy's process before the proxy (`node --import`): answers a test over the process's IPC channel with
// what Node counts there. The proxy itself has no part in it.
import { subscribe } from 'node:diagnostics_channel';
import { closeSync, openSync } from 'node:fs';

/** @type {import('node:http').IncomingMessage[]} */
const requests = [];
/** @type {import('node:net').Socket[]} */
const connections = [];
subscribe('http.server.request.start', ({ request }) => requests.push(request));
subscribe('net.client.socket', ({ socket }) => connections.push(socket));

/** @type {number[]} */
const descriptors = [];

const answers = {
  /** Opens files until there is no descriptor left. */
  exhaust() {
    try {
      for (;;) descriptors.push(openSync('/dev/null', 'r'));
    } catch (error) {
      return error.code;
    }
  },

  release() {
    for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
    return 'released';
  },

  /**
   * How far the requests are: bytes read from clients, requests that were read whole, connections to the service that
   * take no more.
   */
  progress: () => ({
    read: requests.reduce((sum, { socket }) => sum + socket.bytesRead, 0),
    complete: requests.filter(({ complete }) => complete).length,
    blocked: connections.filter(({ writableNeedDrain }) => writableNeedDrain).length,
  }),

  /**
   * Bytes that are in use: `buffers` of every ArrayBuffer and Buffer, what a socket still has to write among them;
   * `external` those and all else that objects own outside of the heap; `heap` the objects. Buffers of the system's
   * sockets are in none of them.
   */
  memory() {
    // Twice: the sweeper of array buffers runs beside the program, and the second collection waits for it.
    globalThis.gc();
    globalThis.gc();
    const { arrayBuffers, external, heapUsed } = process.memoryUsage();
    return { buffers: arrayBuffers, external, heap: heapUsed };
  },
};

process.on('message', (question) => {
  // Only after this turn of the event loop has served every socket that had something to do.
  setImmediate(() => process.send(answers[question]()));
});
// Else the channel would keep the process alive that it watches.
process.channel.unref();
