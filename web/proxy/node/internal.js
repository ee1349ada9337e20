// The operators' own port: `/metrics`, `/tokens` where there is a mint secret, `/healthz` and `/readyz`. A page in a
// browser of the same network must not read or use it, whatever name it gives this address (DNS rebinding).

import { checkPath } from '../access/paths.js';
import { errorResponse, ProxyError, refused } from '../errors.js';
import { createRequestLog } from '../log/request-log.js';
import { HEALTH_PATHS } from './health.js';

/**
 * @typedef {object} InternalOptions
 * @property {number} [internalPort] where `/metrics`, `/tokens`, `/healthz` and `/readyz` are served; nowhere by default
 * @property {string} [internalHost] Default 127.0.0.1
 * @property {readonly string[]} [internalHosts] names by which the port is asked, besides addresses, localhost and
 *   `internalHost`
 * @property {string} [mintSecret] what a backend shows at `POST /tokens`, at least 32 bytes. Only with `internalPort`
 * @property {number} [metricsPort] the old name of `internalPort`
 * @property {string} [metricsHost] the old name of `internalHost`
 */

/** @typedef {{port: number, host: string | undefined, names: ReadonlySet<string>}} Internal */

/**
 * Throws a TypeError when the options contradict each other.
 *
 * @param {InternalOptions & {port?: number, warn?: (message: string) => void}} options `port`: where pages call
 * @returns {Internal | null} null when there is no such port
 */
export function checkInternal({ internalHosts = [], mintSecret, warn = () => {}, ...options }) {
  const { internalPort, internalHost, metricsPort, metricsHost } = options;
  const { port: pagesPort = 0 } = options;
  const port = renamed(['internalPort', 'metricsPort'], [internalPort, metricsPort], warn);
  const host = renamed(['internalHost', 'metricsHost'], [internalHost, metricsHost], warn);
  const names = [...internalHosts, ...(host === undefined ? [] : [host])];
  if (!internalHosts.every((name) => typeof name === 'string' && /^[\w-]+(\.[\w-]+)*$/.test(name)))
    throw new TypeError(
      'internalHosts must be names of hosts such as metrics.internal: no port, no wildcard',
    );
  if (port !== undefined && port !== 0 && port === pagesPort)
    throw new TypeError('internalPort must differ from port');
  if (port !== undefined) return { port, host, names: new Set(names.map((name) => name.toLowerCase())) };
  if (mintSecret !== undefined)
    throw new TypeError('mintSecret needs internalPort: /tokens is served there and nowhere else');
  return null;
}

/**
 * The value of an option that has an old name too.
 *
 * @template T
 * @param {[name: string, oldName: string]} names
 * @param {[value: T, old: T]} values
 * @param {(message: string) => void} warn
 * @returns {T}
 */
function renamed([name, oldName], [value, old], warn) {
  if (old === undefined) return value;
  if (value !== undefined && value !== old)
    throw new TypeError(`${name} and ${oldName}, its old name, differ: set ${name} alone`);
  warn(`${oldName} is the old name of ${name}`);
  return old;
}

/**
 * @param {object} parts
 * @param {import('./health.js').Health} parts.health
 * @param {import('./metrics.js').Metrics} parts.metrics
 * @param {import('../handler.js').Handle | null} parts.mint
 * @param {ReadonlySet<string>} parts.names besides addresses and localhost
 * @param {(record: import('../settings.js').LogRecord) => void} [parts.log] hears of requests that are refused
 * @returns {import('../../http/node-server.js').Handler & {close: () => void}} `close` logs at once what waits
 */
export function createInternalHandler({ health, metrics, mint, names, log = () => {} }) {
  const requestLog = createRequestLog({ log, observe() {} });
  /** @type {import('../../http/node-server.js').Handler} */
  const handle = async (request, connection) => {
    const started = performance.now();
    try {
      checkCaller(request, names);
      const path = checkPath(request.url);
      if (path === '/tokens' && mint) return await mint(request, connection);
      if (path === '/metrics') return await answerMetrics(request, metrics);
      const reply = await health.answer(request);
      if (reply) return reply;
      throw refused(404, 'there is no such path');
    } catch (error) {
      const { meter, reply } = refusal(error, request);
      requestLog.write(meter, reply, performance.now() - started);
      return reply;
    }
  };
  return Object.assign(handle, { close: requestLog.flush });
}

/**
 * Throws REQUEST_REFUSED for what a page can send: an Origin, or a name that somebody made to point here. An address
 * cannot be made to point elsewhere.
 *
 * @param {Request} request
 * @param {ReadonlySet<string>} names
 */
function checkCaller(request, names) {
  if (request.headers.has('origin')) throw refused(403, 'this port is for servers, not for pages');
  const { hostname } = new URL(request.url);
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname) || hostname.startsWith('[');
  if (!isAddress && hostname !== 'localhost' && !names.has(hostname))
    throw refused(403, 'the name in Host is not in NETOCR_INTERNAL_HOSTS (option internalHosts)');
}

/** @param {Request} request @param {import('./metrics.js').Metrics} metrics */
function answerMetrics({ method }, metrics) {
  if (method !== 'GET' && method !== 'HEAD') throw refused(405, 'only GET', { allow: 'GET, HEAD' });
  return metrics.answer();
}

/** What the log may name; any other path is the caller's. */
const PATHS = new Set(['/metrics', '/tokens', ...HEALTH_PATHS]);

/**
 * @param {unknown} error
 * @param {Request} request
 */
function refusal(error, request) {
  if (!(error instanceof ProxyError)) throw error;
  const requestId = crypto.randomUUID();
  const { pathname } = new URL(request.url);
  /** @type {import('../handler.js').Meter} */
  const meter = {
    requestId,
    path: PATHS.has(pathname) ? pathname : '(other)',
    code: error.code,
    stage: 'head',
    bytesIn: 0,
    isLetIn: false,
    reason: error.message,
  };
  const reply = errorResponse(error, requestId);
  reply.headers.set('cache-control', 'no-store');
  reply.headers.set('x-content-type-options', 'nosniff');
  reply.headers.set('x-request-id', requestId);
  return { meter, reply };
}
