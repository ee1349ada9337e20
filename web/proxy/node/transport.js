// Calls the service with node:http and node:https: exact headers, an exact content-length, and a clear difference
// between a connection that was never made (nothing sent, nothing billed) and one that broke.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BODY_SOURCE } from '../../http/body-source.js';
import { createNodeSource } from '../../http/node-body.js';
import { unavailable, upstreamError, upstreamUnreachable } from '../errors.js';
import { CALL_ENDED } from '../upstream/call-scope.js';
import { isLackOfRoom } from './room.js';

/**
 * Every call gets a connection of its own (unless an agent is given): a call is billed and must never be sent twice,
 * so a pooled connection that the service has just closed could not be made good by trying again.
 *
 * @param {{agent?: import('node:http').Agent}} [options] an https.Agent for private certificates or proxies
 * @returns {import('../upstream/fetch-transport.js').Transport}
 */
export function createNodeTransport({ agent } = {}) {
  return ({ url, method, headers, source, connectMs, signal }) =>
    new Promise((resolve, reject) => {
      const secure = url.startsWith('https:');
      let connected = false;
      let answered = false;
      const request = (secure ? httpsRequest : httpRequest)(url, {
        method,
        headers,
        agent: agent ?? false,
        // Else NODE_TLS_REJECT_UNAUTHORIZED=0 would hand the credentials to anybody on the way.
        ...(secure && { rejectUnauthorized: true }),
      });
      // By hand: the option `signal` makes an error with a stack for every call that ends early, and clients that go
      // away often do so by the hundred.
      const stop = () => request.destroy(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      request.once('close', () => {
        signal.removeEventListener('abort', stop);
        clearTimeout(timer);
        if (!answered) reject(upstreamError('the connection to the service ended')); // whatever else was not told
      });
      const timer = setTimeout(() => request.destroy(named('ETIMEDOUT')), connectMs);
      if (signal.aborted) stop();
      request.once('socket', (socket) => {
        const ready = () => {
          connected = true;
          clearTimeout(timer);
          // Not before: a call whose connection failed has then taken nothing of its body, and can be made once more.
          if (source) void pump(source, request, () => answered);
        };
        if (!socket.connecting) ready();
        else socket.once(secure ? 'secureConnect' : 'connect', ready);
      });
      request.on('error', (error) => {
        clearTimeout(timer);
        if (connected) reject(upstreamError('the connection to the service broke', error));
        else reject(isLackOfRoom(error) ? lackOfRoom(error) : upstreamUnreachable(error));
      });
      request.once('response', (incoming) => {
        answered = true;
        const reply = toReply(incoming);
        const encoding = reply.headers.get('content-encoding') ?? 'identity';
        if (encoding === 'identity') return resolve(reply);
        reject(upstreamError('the reply of the service is compressed, which was not asked for'));
        request.destroy(CALL_ENDED);
      });
      if (!source) request.end();
    });
}

/** This process is at fault, not the service. @param {unknown} cause */
function lackOfRoom(cause) {
  return unavailable('the proxy can make no more connections; nothing was sent', { cause });
}

/** @param {string} code */
function named(code) {
  return Object.assign(new Error('no connection in time'), { code });
}

/** @param {import('node:http').IncomingMessage} incoming */
function toReply(incoming) {
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i], incoming.rawHeaders[i + 1]);
  }
  const source = { ...createNodeSource(incoming), cancel: () => void incoming.destroy() };
  return { status: incoming.statusCode ?? 0, headers, body: null, [BODY_SOURCE]: source };
}

/**
 * Writes the body as fast as the service takes it. Ends the request only when the body ended well; a body that errors
 * leaves the request incomplete and cuts the connection.
 *
 * @param {import('../../http/body-source.js').BodySource} source
 * @param {import('node:http').ClientRequest} request
 * @param {() => boolean} answered
 */
async function pump(source, request, answered) {
  try {
    while (!request.destroyed && !request.writableEnded && !answered())
      await passOn(source, request, answered);
  } catch (error) {
    request.destroy(/** @type {Error} */ (error));
  }
}

/**
 * One piece. Resolves when the next may be written; not by an `await` of its own, since a function that waits goes on
 * holding its variables: V8 may leave in its frame a piece that was written long ago.
 *
 * @param {import('../../http/body-source.js').BodySource} source
 * @param {import('node:http').ClientRequest} request
 * @param {() => boolean} answered
 * @returns {Promise<void>}
 */
async function passOn(source, request, answered) {
  const piece = await source.read();
  if (answered()) return;
  if (piece === null) request.end();
  else if (!request.write(piece)) return drained(request);
}

/**
 * @param {import('node:http').ClientRequest} request
 * @returns {Promise<void>}
 */
function drained(request) {
  return new Promise((resolve) => {
    function settle() {
      request.off('drain', settle);
      request.off('close', settle);
      resolve();
    }
    request.on('drain', settle);
    request.on('close', settle);
  });
}
