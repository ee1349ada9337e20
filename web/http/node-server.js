// Serves a (Request) => Response handler over node:http: request bodies are streamed on demand, a client that goes
// away aborts the request's signal, a response body that errors cuts the connection. Used by the proxy, the sandbox
// and `npm start`.
import { createServer as createHttpServer } from 'node:http';
import { Server as NetServer } from 'node:net';
import { bytesOf, fixedResponse } from './fixed-response.js';
import { listen } from './listening.js';
import { toRequest } from './node-request.js';
import { createPlaces, RESERVED } from './places.js';
import { shareOf } from './shares.js';

/**
 * @typedef {object} ServerOptions
 * @property {number} [headersMs] how long a client may take over its request's head. Default 20 s
 * @property {number} [requestMs] over its whole request; above the proxy's own limits. Default 300 s
 * @property {number} [lingerMs] how long the rest of a request is read and thrown away once it was answered early.
 *   Default 5 s
 * @property {number} [sendIdleMs] how long a client may take nothing of a reply that is at hand. Default 20 s
 * @property {number} [keepAliveMs] how long a connection may be without a request. Default 5 s
 * @property {number} [maxConnections] Default 1024
 * @property {number} [maxConnectionsPerAddress] Default a quarter of them
 * @property {readonly string[]} [alwaysPaths] what GET and HEAD may still ask for when all connections are taken: 8 more
 *   are let in, each for one such request. Default none
 * @property {Refusals} [refusals] what is answered without the handler. Default: a line of text
 * @property {(message: string) => void} [warn] hears of connections that the system could not hand over
 */

/**
 * The responses that the server makes without asking the handler. Each call returns a new one.
 *
 * @typedef {object} Refusals
 * @property {() => Response} malformed for a request whose target or head is no valid one
 * @property {() => Response} full for a request on a reserved connection that asks for none of `alwaysPaths`
 */

/** @type {Refusals} */
const PLAIN_REFUSALS = {
  malformed: () => plainRefusal(400, 'the target or the head of the request is malformed'),
  full: () => plainRefusal(503, 'all connections of the server, or of this address, are taken'),
};

/** @param {number} status @param {string} text */
function plainRefusal(status, text) {
  return fixedResponse(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

export const DEFAULT_MAX_CONNECTIONS = 1024;
export const DEFAULT_HOST = '127.0.0.1';

const SEND_IDLE_MS = 20_000;

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
export async function startServer(handler, { port = 0, host = DEFAULT_HOST, ...options } = {}) {
  const { headersMs = 20_000, requestMs = 300_000, keepAliveMs = 5_000 } = options;
  const { lingerMs = 5_000, sendIdleMs, alwaysPaths = [], warn = () => {} } = options;
  const { refusals = PLAIN_REFUSALS } = options;
  const { maxConnections = DEFAULT_MAX_CONNECTIONS } = options;
  const { maxConnectionsPerAddress = shareOf(maxConnections) } = options;
  const reserved = alwaysPaths.length > 0 ? RESERVED : 0;
  const places = createPlaces({ max: maxConnections, maxPerAddress: maxConnectionsPerAddress, reserved });
  let draining = false;
  const server = createHttpServer({ connectionsCheckingInterval: CHECK_MS }, (incoming, outgoing) => {
    const isReserved = places.ask(incoming.socket);
    const answer = isReserved && !isAlways(incoming, alwaysPaths) ? refusals.full : handler;
    const isLast = () => draining || isReserved;
    void respond(answer, incoming, outgoing, { lingerMs, sendIdleMs, isLast, refusals });
  });
  server.on('connection', places.admit);
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = headersMs;
  server.requestTimeout = requestMs;
  // The places decide; here is only what a burst may add before those that had to go are gone.
  server.maxConnections = maxConnections + 2 * reserved;
  await listen(server, { port, host, warn });
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

/** How often it is looked who takes too long over a head. Node's own 30 s would be added to what a client may take. */
const CHECK_MS = 5_000;

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @param {readonly string[]} paths
 */
function isAlways({ method, url = '' }, paths) {
  return (method === 'GET' || method === 'HEAD') && paths.includes(url);
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
 * @param {{lingerMs: number, sendIdleMs?: number, isLast: () => boolean, refusals: Refusals}} server `isLast`: no request may
 *   follow on the connection
 */
export async function respond(handler, incoming, outgoing, server) {
  const { lingerMs, sendIdleMs = SEND_IDLE_MS, isLast, refusals } = server;
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
      : refusals.malformed();
    if (isLast()) outgoing.setHeader('connection', 'close');
    await send(response, outgoing, { headOnly: incoming.method === 'HEAD', sendIdleMs });
    linger(incoming, outgoing, lingerMs);
  } catch {
    outgoing.destroy();
  }
}

/**
 * Writes all of the response and leaves its end to linger().
 *
 * @param {Response} response
 * @param {import('node:http').ServerResponse} outgoing
 * @param {{headOnly: boolean, sendIdleMs: number}} options
 */
async function send(response, outgoing, { headOnly, sendIdleMs }) {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  const whole = bytesOf(response);
  if (whole) {
    limitSending(outgoing, sendIdleMs);
    if (!outgoing.hasHeader('content-length')) outgoing.setHeader('content-length', whole.length);
    if (!headOnly) outgoing.write(whole);
    return;
  }
  const reader = headOnly ? null : response.body?.getReader();
  const isEmpty = !response.body && !headOnly && response.status !== 204;
  if (isEmpty && !outgoing.hasHeader('content-length')) outgoing.setHeader('content-length', 0);
  // The head goes out with the first chunk: a body that errors at once is a connection reset.
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    await written(outgoing, value);
    if (outgoing.destroyed) return void reader.cancel();
  }
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
 * Cuts off a client that takes nothing of its reply. The socket's own timeout, which sees whether the system still takes
 * bytes of a long write; once the reply is out the connection has the timeout that it had before.
 *
 * @param {import('node:http').ServerResponse} outgoing
 * @param {number} ms
 */
function limitSending(outgoing, ms) {
  const { socket } = outgoing;
  if (!socket) return;
  const before = socket.timeout ?? 0;
  socket.setTimeout(ms);
  outgoing.once('timeout', () => outgoing.destroy());
  // node:http has set the keep-alive timeout by now, when it has one.
  outgoing.once('finish', () => {
    if (socket.timeout === ms) socket.setTimeout(before);
  });
}

/**
 * Ends the response. After an early one (a refusal) the client may still be sending. Closing at once would reset the
 * connection and the client would lose the response, so its rest is read and dropped for a while (nginx:
 * lingering_close). Where the connection closes with the response, the response ends only then: it is node:http that
 * closes it, at the end.
 *
 * @param {import('node:http').IncomingMessage} incoming
 * @param {import('node:http').ServerResponse} outgoing with everything written
 * @param {number} ms
 */
function linger(incoming, outgoing, ms) {
  const closes = !outgoing.shouldKeepAlive || outgoing.getHeader('connection') === 'close';
  incoming.resume();
  if (incoming.complete || !closes) outgoing.end();
  if (incoming.complete) return;
  // Else the head would wait for the end.
  if (!outgoing.headersSent) outgoing.flushHeaders();
  const timer = setTimeout(() => {
    outgoing.end();
    incoming.destroy();
  }, ms);
  for (const event of ['end', 'close']) {
    incoming.once(event, () => {
      clearTimeout(timer);
      outgoing.end();
    });
  }
}
