// The options of the command `netocr-proxy`, from environment variables. Messages name the variable, never its value.
import { readAttempts } from './access/attempts.js';
import { checkNeeded } from './environment/needed-variables.js';
import { checkNames, fileVariable, SECRETS } from './environment/variable-names.js';
import { readReveal } from './receipts/reveal.js';

/** @typedef {Record<string, string | undefined>} Environment */

/** Variable -> what it is for; the help text shows them. */
export const VARIABLES = Object.freeze({
  NETOCR_KEY: "the account's ocrKey (required)",
  NETOCR_SECRET: "the account's ocrSecret (required)",
  NETOCR_ALLOWED_ORIGINS: 'origins of the pages and apps that may call, separated by commas (required)',
  NETOCR_ALLOWED_HEADERS: 'request headers that pages of other origins may send besides, separated by commas',
  NETOCR_ALLOW_CREDENTIALS: "1: pages of other origins may call with credentials: 'include'",
  NETOCR_TOKEN_SECRET: 'what session tokens are signed with, at least 32 bytes (required)',
  NETOCR_TOKEN_SECRET_PREVIOUS: 'the one before it, still accepted while tokens of it are about',
  NETOCR_MINT_SECRET:
    'what a backend shows at POST /tokens of NETOCR_INTERNAL_PORT, at least 32 bytes; without it there is no such path',
  NETOCR_ALLOW_ANONYMOUS: '1: calls need no token (development only)',
  NETOCR_ALLOW_ANONYMOUS_ON_NETWORK: '1: even where HOST is not an address of this machine alone',
  NETOCR_ATTEMPTS:
    'how often one applicant may try an operation, as ATTEMPTS/SECONDS/BLOCKED SECONDS, or off (default 5/180/1800)',
  NETOCR_RATE_ADDRESS: 'calls from one address as EVENTS/SECONDS, or off (default 60/60)',
  NETOCR_RATE_TOKEN: 'calls with one token (default 30/60)',
  NETOCR_RATE_GLOBAL: 'calls in all (default 6000/60)',
  NETOCR_RATE_FAILED: 'calls without a good token from one address (default 60/60)',
  NETOCR_RATE_REFUSED: 'requests from one address for other paths or from other origins (default 60/60)',
  NETOCR_RATE_ON_STORE_FAILURE:
    'closed or open: whether calls are let in that nobody can count (default closed)',
  NETOCR_TRUST_PROXY: 'how many reverse proxies in front append to the address header (default 0)',
  NETOCR_ADDRESS_HEADER:
    "x-forwarded-for (default), forwarded, or the header in which the server in front sends the caller's address",
  REDIS_URL:
    'the Redis (of a Redis Cluster also several nodes, separated by commas) that several proxies share; else each has a ' +
    'memory of its own',
  NETOCR_REDIS_PREFIX: 'of every key in it (default netocr:)',
  NETOCR_REDIS_CA_FILE:
    'PEM file: who signed the certificate of Redis (rediss://), where the system does not know it',
  NETOCR_REDIS_CERT_FILE: 'PEM file: client certificate for Redis, where it wants one',
  NETOCR_REDIS_KEY_FILE: 'PEM file: the key of that certificate',
  NETOCR_RECEIPT_KEY: 'private key (P-256, PKCS #8 PEM) that signs receipts; without it there are none',
  NETOCR_WEBHOOK_URL: 'https URL of your backend that gets every receipt',
  NETOCR_REVEAL:
    'what pages may see of a reply, of verdict,score,signals,idCard,items,message, or none (default all)',
  PORT: 'port to listen on (default 8787)',
  HOST: 'address to listen on (default 127.0.0.1)',
  NETOCR_UPSTREAM: 'base URL of the service (default https://netocr.com)',
  NETOCR_SANDBOX: '1: NETOCR_UPSTREAM is the sandbox, whose scenarios are let through',
  NETOCR_MAX_CONNECTIONS: 'connections of clients at once, a quarter of them from one address (default 1024)',
  NETOCR_MAX_CALLS: 'calls to the service under way at once (default 768)',
  NETOCR_MAX_QUEUED: 'requests that may wait for one of them to end (default 128)',
  NETOCR_BREAKER: 'failures in a row/seconds of rest, or off: the circuit breaker (default 8/15)',
  NETOCR_INTERNAL_PORT:
    'port of /metrics, /tokens, /healthz and /readyz; without it only the last two, which are on PORT too',
  NETOCR_INTERNAL_HOST: 'address for it (default 127.0.0.1)',
  NETOCR_INTERNAL_HOSTS:
    'names by which it is asked, separated by commas, besides addresses and localhost (default none)',
  NETOCR_METRICS_PORT: 'old name of NETOCR_INTERNAL_PORT',
  NETOCR_METRICS_HOST: 'old name of NETOCR_INTERNAL_HOST',
  NETOCR_LOG_LEVEL: 'debug, info, warn, error or silent (default info)',
  NETOCR_DRAIN_SECONDS: 'how long it says that it is not ready before it ends (default 0)',
  NETOCR_GRACE_SECONDS: 'how long requests may take to end then (default 60)',
});

/**
 * Throws a TypeError that says which variable is wrong or unknown; files of secrets have been read before. What the values
 * mean is checked where they are used; `redis` is for createRedisStore, the rest for createServer.
 *
 * @param {Environment} env
 * @returns {import('./node/index.js').ServerSettings & {port: number, maxConnections: number | undefined,
 *   redis: import('./state/redis.js').RedisOptions | null}}
 */
export function readEnvironment(env) {
  checkNames(env, Object.keys(VARIABLES));
  const unread = SECRETS.map(fileVariable).find((name) => Object.hasOwn(env, name));
  if (unread) throw new TypeError(`${unread} cannot be used here: there are no files`);
  const { NETOCR_KEY: key, NETOCR_SECRET: secret } = env;
  const missing = ['NETOCR_KEY', 'NETOCR_SECRET'].filter((name) => !env[name]);
  if (!key || !secret) throw new TypeError(`${missing.join(' and ')} must be set`);
  checkNeeded(env);
  return {
    key,
    secret,
    port: readPort(env.PORT || '8787'),
    host: env.HOST || undefined,
    ...readInternal(env),
    upstream: env.NETOCR_UPSTREAM || undefined,
    sandbox: readSandbox(env),
    maxConnections: readNumber('NETOCR_MAX_CONNECTIONS', env),
    ...readLoad(env),
    ...readAccess(env),
    receipts: readReceipts(env),
    reveal: readReveal(env.NETOCR_REVEAL),
    redis: readRedis(env),
  };
}

/**
 * @param {Environment} env
 * @returns {import('./state/redis.js').RedisOptions | null}
 */
function readRedis(env) {
  const options = {
    prefix: env.NETOCR_REDIS_PREFIX || undefined,
    tls: {
      caFile: env.NETOCR_REDIS_CA_FILE || undefined,
      certFile: env.NETOCR_REDIS_CERT_FILE || undefined,
      keyFile: env.NETOCR_REDIS_KEY_FILE || undefined,
    },
  };
  return env.REDIS_URL ? { url: env.REDIS_URL, ...options } : null;
}

/**
 * @param {Environment} env
 * @returns {import('./access/access.js').AccessOptions}
 */
function readAccess(env) {
  const allowAnonymous = readFlag('NETOCR_ALLOW_ANONYMOUS', env);
  const allowedOrigins = readList(env.NETOCR_ALLOWED_ORIGINS);
  if (!allowAnonymous && !env.NETOCR_TOKEN_SECRET) {
    throw new TypeError('NETOCR_TOKEN_SECRET must be set (for development: NETOCR_ALLOW_ANONYMOUS=1)');
  }
  if (allowedOrigins.length === 0) {
    throw new TypeError('NETOCR_ALLOWED_ORIGINS must list the origins of the pages that may call');
  }
  return {
    allowedOrigins,
    allowedHeaders: readList(env.NETOCR_ALLOWED_HEADERS),
    allowCredentials: readFlag('NETOCR_ALLOW_CREDENTIALS', env),
    allowAnonymous,
    allowAnonymousOnNetwork: readFlag('NETOCR_ALLOW_ANONYMOUS_ON_NETWORK', env),
    attempts: readAttempts(env.NETOCR_ATTEMPTS),
    tokenSecret: env.NETOCR_TOKEN_SECRET || undefined,
    previousTokenSecret: env.NETOCR_TOKEN_SECRET_PREVIOUS || undefined,
    rates: readRates(env),
    ratesOnStoreFailure: /** @type {any} */ (env.NETOCR_RATE_ON_STORE_FAILURE || undefined),
    trustProxy: readNumber('NETOCR_TRUST_PROXY', env),
    addressHeader: env.NETOCR_ADDRESS_HEADER || undefined,
  };
}

/**
 * @param {Environment} env
 * @returns {import('./node/internal.js').InternalOptions}
 */
function readInternal(env) {
  const portOf = (/** @type {string} */ name) => (env[name] ? readPort(env[name], name) : undefined);
  return {
    internalPort: portOf('NETOCR_INTERNAL_PORT'),
    internalHost: env.NETOCR_INTERNAL_HOST || undefined,
    internalHosts: readList(env.NETOCR_INTERNAL_HOSTS),
    metricsPort: portOf('NETOCR_METRICS_PORT'),
    metricsHost: env.NETOCR_METRICS_HOST || undefined,
    mintSecret: env.NETOCR_MINT_SECRET || undefined,
  };
}

/** @param {Environment} env */
function readReceipts({ NETOCR_RECEIPT_KEY: key, NETOCR_WEBHOOK_URL: webhook }) {
  // Some places take no line breaks in a variable: \n may stand for one.
  return key ? { key: key.replaceAll('\\n', '\n'), webhook: webhook || undefined } : undefined;
}

/** @param {string | undefined} value separated by commas */
function readList(value = '') {
  const entries = value.split(',').map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '');
}

/** @param {Environment} env */
function readSandbox(env) {
  const isSandbox = readFlag('NETOCR_SANDBOX', env);
  if (isSandbox && !env.NETOCR_UPSTREAM)
    throw new TypeError('NETOCR_SANDBOX=1 needs NETOCR_UPSTREAM, the address of the sandbox');
  return isSandbox;
}

/**
 * @param {string} name
 * @param {Environment} env
 */
function readFlag(name, { [name]: value = '' }) {
  if (value !== '' && value !== '0' && value !== '1') throw new TypeError(`${name} must be 1 or 0`);
  return value === '1';
}

/**
 * @param {string} name
 * @param {Environment} env
 */
function readNumber(name, { [name]: value = '' }) {
  if (!/^\d{0,9}$/.test(value)) throw new TypeError(`${name} must be a whole number`);
  return value === '' ? undefined : Number(value);
}

/**
 * What the command alone needs: its log and its end.
 *
 * @param {Environment} env
 */
export function readCommand(env) {
  const level = env.NETOCR_LOG_LEVEL || 'info';
  if (!/^(debug|info|warn|error|silent)$/.test(level)) {
    throw new TypeError('NETOCR_LOG_LEVEL must be debug, info, warn, error or silent');
  }
  return {
    level,
    drainMs: (readNumber('NETOCR_DRAIN_SECONDS', env) ?? 0) * 1000,
    graceMs: (readNumber('NETOCR_GRACE_SECONDS', env) ?? 60) * 1000,
  };
}

/**
 * @param {Environment} env
 * @returns {Pick<import('./settings.js').ProxyOptions, 'slots' | 'breaker'>}
 */
function readLoad(env) {
  const given = {
    maxCalls: readNumber('NETOCR_MAX_CALLS', env),
    maxQueued: readNumber('NETOCR_MAX_QUEUED', env),
  };
  const slots = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const breaker = env.NETOCR_BREAKER || undefined;
  if (breaker === 'off') return { slots, breaker: null };
  const [, failures, seconds] = /^([1-9]\d{0,4})\/([1-9]\d{0,4})$/.exec(breaker ?? '8/15') ?? [];
  if (!failures) throw new TypeError('NETOCR_BREAKER must look like 8/15 (failures/seconds), or be off');
  return { slots, breaker: { failures: Number(failures), openMs: Number(seconds) * 1000 } };
}

/** @param {string} value */
function readPort(value, name = 'PORT') {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 65_536;
  if (port > 65_535) throw new TypeError(`${name} must be a number from 0 to 65535`);
  return port;
}

/** @param {Environment} env */
function readRates(env) {
  /** @type {Partial<import('./access/access.js').Rates>} */
  const rates = {};
  for (const kind of /** @type {const} */ (['address', 'token', 'global', 'failed', 'refused'])) {
    const name = `NETOCR_RATE_${kind.toUpperCase()}`;
    const value = env[name];
    if (!value) continue;
    const [, events, seconds] = /^([1-9]\d{0,8})\/([1-9]\d{0,5})$/.exec(value) ?? [];
    if (value !== 'off' && !events)
      throw new TypeError(`${name} must look like 60/60 (calls/seconds), or be off`);
    rates[kind] = value === 'off' ? null : { events: Number(events), perMs: Number(seconds) * 1000 };
  }
  return rates;
}
