// The proxy inside other Node servers: as middleware of Express (and whatever else calls `(request, response, next)`) and
// as a plugin of Fastify. Neither framework is imported; both hand over the objects of node:http with the body unread.
import { respond } from '../../http/node-server.js';
import { REFUSALS } from './serving.js';

const LINGER_MS = 5_000;

/** @typedef {import('node:http').IncomingMessage & {originalUrl?: string, readableDidRead: boolean}} Incoming */

/**
 * @param {import('../../http/node-server.js').Handler} handler as createNodeProxyHandler makes it
 * @param {Incoming} incoming
 * @param {import('node:http').ServerResponse} outgoing
 */
function hand(handler, incoming, outgoing) {
  // A mount point has been cut off from `url`.
  if (incoming.originalUrl !== undefined) incoming.url = incoming.originalUrl;
  return respond(handler, incoming, outgoing, {
    lingerMs: LINGER_MS,
    isLast: () => false,
    refusals: REFUSALS,
  });
}

/**
 * Middleware for `app.use('/netocr', ...)`. It must come before anything that reads bodies (express.json() and the like):
 * after that there is nothing left to check and forward, which is reported as an error.
 *
 * @param {import('../../http/node-server.js').Handler} handler whose basePath is the mount point
 * @returns {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse,
 *   next: (error?: unknown) => void) => void}
 */
export function createMiddleware(handler) {
  return (request, response, next) => {
    const incoming = /** @type {Incoming} */ (request);
    if (incoming.readableDidRead)
      next(new Error('the body was read before the proxy: mount it before parsers'));
    else void hand(handler, incoming, response);
  };
}

/**
 * What of Fastify is used.
 *
 * @typedef {object} Fastify
 * @property {() => void} removeAllContentTypeParsers
 * @property {(type: string, parser: (request: unknown, payload: unknown, done: (error: null) => void) => void) => void}
 *   addContentTypeParser
 * @property {(path: string, handler: (request: {raw: import('node:http').IncomingMessage},
 *   reply: {raw: import('node:http').ServerResponse, hijack: () => void}) => void) => void} all
 */

/**
 * Plugin: `app.register(fastifyProxy, {handler, basePath})`. Bodies of other routes are parsed as before.
 *
 * @param {any} fastify
 * @param {{handler: import('../../http/node-server.js').Handler, basePath?: string}} options
 */
export async function fastifyProxy(fastify, { handler, basePath = '/netocr' }) {
  const app = /** @type {Fastify} */ (fastify);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.all(`${basePath}/*`, (request, reply) => {
    reply.hijack();
    void hand(handler, request.raw, reply.raw);
  });
}
