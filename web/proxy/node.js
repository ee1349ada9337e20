// The proxy in Node: the handler with a transport over node:https, behind a server over node:http.
import { createProxyHandler } from './handler.js';
import { nodeReceipts } from './node-receipts.js';
import { startServer } from './node-server.js';
import { createNodeTransport } from './node-transport.js';

export { startServer } from './node-server.js';
export { createNodeTransport } from './node-transport.js';
export { createRedisStore } from './state/redis.js';

/**
 * The handler for Node: like createProxyHandler, but calls the service over node:https, and receipts read replies by the
 * package's own core.
 *
 * @param {import('./settings.js').ProxyOptions} options
 */
export function createNodeProxyHandler(options) {
  const { transport = createNodeTransport(), receipts } = options;
  return createProxyHandler({ ...options, transport, receipts: receipts && nodeReceipts(receipts) });
}

/**
 * Starts a server that has only the proxy.
 *
 * @param {import('./settings.js').ProxyOptions & {port?: number, host?: string} &
 *   import('./node-server.js').ServerOptions} options
 * @returns {Promise<import('./node-server.js').RunningServer>}
 */
export async function createServer(options) {
  const handler = createNodeProxyHandler(options);
  await handler.ready();
  const server = await startServer(handler, options);
  return {
    ...server,
    async close(closing) {
      await server.close(closing);
      await handler.close();
    },
  };
}
