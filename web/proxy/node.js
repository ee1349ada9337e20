// The proxy in Node: the handler with a transport over node:https, behind a server over node:http.
import { createProxyHandler } from './handler.js';
import { startServer } from './node-server.js';
import { createNodeTransport } from './node-transport.js';

export { startServer } from './node-server.js';
export { createNodeTransport } from './node-transport.js';
export { createRedisStore } from './state/redis.js';

/**
 * The handler for Node: like createProxyHandler, but calls the service over node:https.
 *
 * @param {import('./settings.js').ProxyOptions} options
 */
export function createNodeProxyHandler(options) {
  return createProxyHandler({ ...options, transport: options.transport ?? createNodeTransport() });
}

/**
 * Starts a server that has only the proxy.
 *
 * @param {import('./settings.js').ProxyOptions & {port?: number, host?: string} &
 *   import('./node-server.js').ServerOptions} options
 */
export function createServer(options) {
  return startServer(createNodeProxyHandler(options), options);
}
