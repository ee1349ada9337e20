// Serves the proxy's handlers over node:http: what the server answers by itself has the shape of the proxy's own errors.
import { startServer as startHttpServer } from '../../http/node-server.js';
import { errorResponse, refused, unavailable } from '../errors.js';

/** @type {import('../../http/node-server.js').Refusals} */
export const REFUSALS = {
  malformed() {
    const error = refused(400, 'the target or the head of the request is malformed');
    return errorResponse(error, crypto.randomUUID());
  },
  full() {
    const error = unavailable(
      'all connections of the proxy, or of this address, are taken; nothing was sent',
    );
    return errorResponse(error, crypto.randomUUID());
  },
};

/**
 * Listens. Rejects with the system error (code EADDRINUSE, ...) when it cannot.
 *
 * @param {import('../../http/node-server.js').Handler} handler
 * @param {{port?: number, host?: string} & import('../../http/node-server.js').ServerOptions} [options] port 0 (the
 *   default) picks a free one
 * @returns {Promise<import('../../http/node-server.js').RunningServer>}
 */
export function startServer(handler, options = {}) {
  return startHttpServer(handler, { refusals: REFUSALS, ...options });
}
