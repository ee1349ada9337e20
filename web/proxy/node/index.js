// The proxy in Node: the handler with a transport over node:https, behind a server over node:http, with what operators
// look at beside it.

import { DEFAULT_HOST, DEFAULT_MAX_CONNECTIONS } from '../../http/node-server.js';
import { checkListening } from '../access/anonymous.js';
import { createMintHandler } from '../access/mint.js';
import { createProxyHandler } from '../handler.js';
import { DEFAULT_SLOTS } from '../upstream/slots.js';
import { createNodeJudge } from './core.js';
import { createHealth, HEALTH_PATHS } from './health.js';
import { checkInternal, createInternalHandler } from './internal.js';
import { nodeReceipts } from './receipts.js';
import { createRoom, descriptorLimit, fitDescriptors } from './room.js';
import { startServer } from './serving.js';
import { createNodeTransport } from './transport.js';

export { createRedisStore } from '../state/redis.js';
export { createMiddleware, fastifyProxy } from './middleware.js';
export { startServer } from './serving.js';
export { createNodeTransport } from './transport.js';

/**
 * The handler for Node: like createProxyHandler, but calls the service over node:https, and reads replies by the package's
 * own core where receipts or `reveal` need it.
 *
 * @param {import('../settings.js').ProxyOptions} options
 */
export function createNodeProxyHandler(options) {
  const { transport = createNodeTransport(), receipts } = options;
  const { room, stop } = createRoom();
  const handler = createProxyHandler({
    room,
    ...options,
    transport,
    judge: options.judge ?? receipts?.judge ?? createNodeJudge(),
    receipts: receipts && nodeReceipts(receipts),
  });
  const { close } = handler;
  return Object.assign(handler, {
    close(/** @type {{graceMs?: number} | undefined} */ more) {
      stop();
      return close(more);
    },
  });
}

/**
 * @typedef {object} NodeOptions
 * @property {number} [port]
 * @property {string} [host]
 * @property {() => number} [logDropped] how many lines `log` has lost so far, for the metrics
 */

/**
 * @typedef {Omit<import('../settings.js').ProxyOptions, 'mintSecret'> & NodeOptions &
 *   import('./internal.js').InternalOptions & Omit<import('../../http/node-server.js').ServerOptions, 'alwaysPaths'>} ServerSettings
 */

/**
 * @typedef {object} ProxyServer
 * @property {string} url
 * @property {number} port
 * @property {number | null} internalPort
 * @property {number | null} metricsPort the old name of `internalPort`
 * @property {(options?: {drainMs?: number, graceMs?: number}) => Promise<void>} close says that it is not ready and
 *   still serves for `drainMs` (default 0), so that a balancer can turn away; then takes no new connections and lets
 *   requests end for `graceMs` (default 60 s)
 */

/**
 * Starts a server with the proxy, `/healthz` and `/readyz`, and with `internalPort` a second one for what pages must not
 * reach. Rejects with a TypeError for wrong options, with `allowAnonymous` also when `host` is no loopback address, and
 * with the system error when it cannot listen.
 *
 * @param {ServerSettings} given
 * @returns {Promise<ProxyServer>}
 */
export async function createServer(given) {
  checkListening(given, given.host ?? DEFAULT_HOST);
  const internal = checkInternal(given);
  const { mintSecret, ...options } = fitLimits(given);
  const { observe = () => {}, logDropped } = options;
  // Loaded only for those who look at it.
  const { createMetrics } = internal ? await import('./metrics.js') : { createMetrics: null };
  /** @type {import('./metrics.js').Metrics | undefined} */
  let metrics;
  const heard = {
    ...options,
    observe(/** @type {import('../settings.js').LogRecord} */ record) {
      metrics?.observe(record);
      observe(record);
    },
  };
  const mint = mintSecret === undefined ? null : mintOf({ ...heard, mintSecret });
  const handler = createNodeProxyHandler(heard);
  await handler.ready();
  metrics = createMetrics?.(handler.state, logDropped);
  const health = createHealth(handler.state);
  const server = await startServer(
    async (request, connection) => (await health.answer(request)) ?? handler(request, connection),
    { ...options, alwaysPaths: HEALTH_PATHS },
  );
  const answerBack =
    internal && metrics
      ? createInternalHandler({ health, metrics, mint, names: internal.names, log: options.log })
      : null;
  const back =
    internal && answerBack ? await startBack(answerBack, { ...internal, warn: given.warn }, server) : null;
  const internalPort = back?.port ?? null;
  return {
    url: server.url,
    port: server.port,
    internalPort,
    metricsPort: internalPort,
    async close({ drainMs = 0, graceMs = 60_000 } = {}) {
      health.drain();
      server.drain();
      if (drainMs > 0) await new Promise((resolve) => setTimeout(resolve, drainMs));
      await server.close({ graceMs });
      await back?.close({ graceMs: 1000 });
      answerBack?.close();
      mint?.close();
      await handler.close();
    },
  };
}

/**
 * The handler of `/tokens`; throws a TypeError for wrong options.
 *
 * @param {ServerSettings & {mintSecret: string}} options
 */
export function mintOf({ tokenSecret, warn = () => {}, ...options }) {
  if (tokenSecret === undefined) throw new TypeError('mintSecret is of no use without tokenSecret');
  return createMintHandler({ ...options, warn, tokenSecret });
}

/** Longer than balancers keep their connections (60 s), so that it is never the proxy that closes one in use. */
const BALANCER_KEEP_ALIVE_MS = 65_000;

/** Of the internal port, from any address: they are part of what fitDescriptors() keeps for the program itself. */
const MAX_INTERNAL_CONNECTIONS = 32;

/**
 * With fewer connections and calls where the limit of open files has no room for them. Peers that are the operator's own
 * reverse proxies may have all connections and keep them.
 *
 * @param {ServerSettings} given
 * @returns {ServerSettings}
 */
function fitLimits(given) {
  const wanted = {
    maxConnections: given.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    maxCalls: given.slots?.maxCalls ?? DEFAULT_SLOTS.maxCalls,
  };
  checkPositive('maxConnections', wanted.maxConnections);
  checkPositive('slots.maxCalls', wanted.maxCalls);
  const limit = descriptorLimit();
  const { maxConnections, maxCalls } = fitDescriptors(wanted, limit);
  if (maxConnections < wanted.maxConnections)
    given.warn?.(
      `at most ${limit} files may be open: ${maxConnections} connections and ${maxCalls} calls at once are let in ` +
        `(ulimit -n or LimitNOFILE raises it)`,
    );
  const behindProxies = { maxConnectionsPerAddress: maxConnections, keepAliveMs: BALANCER_KEEP_ALIVE_MS };
  return {
    ...(given.trustProxy || given.addressHeader ? behindProxies : {}),
    ...given,
    maxConnections,
    slots: { maxUploads: maxConnections, ...given.slots, maxCalls },
  };
}

/** Before they are fitted, which makes a sound number of any. @param {string} name @param {unknown} value */
function checkPositive(name, value) {
  if (!Number.isSafeInteger(value) || /** @type {number} */ (value) < 1)
    throw new TypeError(`${name} must be a positive integer`);
}

/**
 * The operators' own port: never the one that pages call.
 *
 * @param {import('../../http/node-server.js').Handler} handler
 * @param {Pick<import('./internal.js').Internal, 'port' | 'host'> & {warn?: (message: string) => void}} internal
 * @param {import('../../http/node-server.js').RunningServer} front closed again when this one cannot listen
 */
async function startBack(handler, { port, host, warn }, front) {
  const limits = {
    maxConnections: MAX_INTERNAL_CONNECTIONS,
    maxConnectionsPerAddress: MAX_INTERNAL_CONNECTIONS,
  };
  try {
    return await startServer(handler, { port, host, warn, alwaysPaths: HEALTH_PATHS, ...limits });
  } catch (error) {
    await front.close({ graceMs: 0 });
    throw Object.assign(/** @type {object} */ (error), { option: 'internalPort' });
  }
}
