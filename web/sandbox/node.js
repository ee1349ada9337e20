// The sandbox as a server of its own in Node.
import { startServer } from '../http/node-server.js';
import { createSandboxHandler } from './handler.js';

/**
 * Starts the sandbox on loopback unless another host is given. Its url is an `upstream` for the proxy.
 *
 * @param {import('./handler.js').SandboxOptions & {port?: number, host?: string}} [options]
 */
export function startSandbox({ port, host, ...options } = {}) {
  return startServer(createSandboxHandler(options), { port, host });
}
