// Serves a (Request) => Response handler over node:http: request bodies are streamed on demand, a client that goes
// away aborts the request's signal, a response body that errors cuts the connection. Used by the proxy, the sandbox
// and `npm start`.
import { createServer as createHttpServer } from 'node:http';
import { Server as NetServer } from 'node:net';
import { bytesOf } from './fixed-response.js';
import { toRequest } from './node-request.js';

/**
 * @typedef {object} ServerOptions
 * @property {number} [headersMs] how long a client may take over its request's head. Default 20 s
 * @property {number} [requestMs] over its whole request; above the proxy's own limits. Default 300 s
 * @property {number} [lingerMs] how long the rest of a request is read and thrown away once it was answered early.
 *   Default 5 s
 * @property {number} [maxConnections] Default 1024
 */

export const DEFAULT_MAX_CONNECTIONS = 1024;

/**
 * `address`: of the other end of the connection.
 *
 * @typedef {(request: Request, connection: {address?: string}) => Promise<Response> | Response} Handler
 */

/**
 * @typedef {object} RunningServer
 * @property {string} url such as http://127.0.0.1:8080
 * @property {number} port
 * @property {() => void} drain replies from now on end their connections, so that clients make new ones elsewhere
 * @property {(options?: {graceMs?: number}) => Promise<void>} close takes no new connections, lets requests end for
 *   `graceMs` (default 10 s), then cuts them off
 */

/**
 * Listens. Rejects with the system error (code EADDRINUSE, ...) when it cannot.
 *
 * @param {Handler} handler
 * @param {{port?: number, host?: string} & ServerOptions} [options] port 0 (the default) picks a free one
 * @returns {Promise<RunningServer>}
 */
export async function startServer(handler, { port = 0, host = '127.0.0.1', ...options } = {}) {
  const {
    headersMs = 20_000,
    requestMs = 300_000,
    lingerMs = 5_000,
    maxConnections = DEFAULT_MAX_CONNECTIONS,
  } = options;
  let draining = false;
  const server = createHttpServer((incoming, outgoing) => {
    void respond(handler, incoming, outgoing, { lingerMs, isDraining: () => draining });
  });
  server.headersTimeout = headersMs;
  server.requestTimeout = requestMs;
  server.maxConnections = maxConnections;
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    drain() {
      draining = true;
    },
    close({ graceMs = 10_000 } = {}) {
      draining = true;
      return closeServer(server, graceMs);
    },
  };
}

/** How long a connection may be without a request when no new ones are taken. */
const IDLE_MS = 250;

/**
 * @param {import('node:http').Server} server
 * @param {number} graceMs
 * @returns {Promise<void>}
 */
function closeServer(server, graceMs) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    const idle = setInterval(() => server.closeIdleConnections(), Math.min(IDLE_MS, graceMs));
    // Not http's own close: that cuts connections at once that were taken but whose request is still on its way.
    NetServer.prototype.close.call(server, () => {
      clearTimeout(timer);
      clearInterval(idle);
      resolve();
    });
  });
}

/** One for all: making it costs more than ending the request, and clients go away by the hundred. */
const GONE = new DOMException('the client closed the connection', 'AbortError');

/**
 * Answers one request of node:http by a handler. Never rejects.
 *
 * @param {Handler} handler
 * @param {import('node:http').IncomingMessage} incoming with its body unread
 * @param {import('node:http').ServerResponse} outgoing
 * @param {{lingerMs: number, isDraining: () => boolean}} server
 */
export async function respond(handler, incoming, outgoing, { lingerMs, isDraining }) {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(GONE);
  });
  // Without listeners a connection that resets in the middle of a body would end the process.
  incoming.on('error', () => gone.abort(GONE));
  outgoing.on('error', () => gone.abort(GONE));
  try {
    const request = toRequest(incoming, gone.signal);
    const response = request
      ? await handler(request, { address: incoming.socket.remoteAddress })
      : new Response(null, { status: 400 });
    if (isDraining()) outgoing.setHeader('connection', 'close');
    await send(response, outgoing, incoming.method === 'HEAD');
    linger(incoming, lingerMs);
  } catch {
    outgoing.destroy();
  }
}

/**
 * @param {Response} response
 * @param {import('node:http').ServerResponse} outgoing
 * @param {boolean} headOnly
 */
async function send(response, outgoing, headOnly) {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  const whole = bytesOf(response);
  if (whole) return void outgoing.end(headOnly ? undefined : whole);
  const reader = headOnly ? null : response.body?.getReader();
  // The head goes out with the first chunk: a body that errors at once is a connection reset.
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    await written(outgoing, value);
    if (outgoing.destroyed) return void reader.cancel();
  }
  outgoing.end();
}

/**
 * Resolves when the bytes have left for the socket, or never can: so that a body that errors next is cut off behind them.
 *
 * @param {import('node:http').ServerResponse} outgoing
 * @param {Uint8Array} bytes
 * @returns {Promise<void>}
 */
function written(outgoing, bytes) {
  return new Promise((resolve) => {
    outgoing.once('close', resolve);
    outgoing.write(bytes, () => {
      outgoing.off('close', resolve);
      resolve();
    });
  });
}

/**
 * After an early answer (a refusal) the client may still be sending. Closing at once would reset the connection and
 * the client would lose the answer, so its rest is read and dropped for a while (nginx: lingering_close).
 *
 * @param {import('node:http').IncomingMessage} incoming
 * @param {number} ms
 */
function linger(incoming, ms) {
  if (incoming.complete) {
    incoming.resume();
    return;
  }
  const timer = setTimeout(() => incoming.destroy(), ms);
  incoming.once('close', () => clearTimeout(timer));
  incoming.once('end', () => clearTimeout(timer));
  incoming.resume();
}
