// The options of the command `netocr-proxy`, from environment variables. Messages name the variable, never its value.
import { readAttempts } from './access/attempts.js';
import { checkNeeded } from './environment/needed-variables.js';
import { checkNames, fileVariable, SECRETS } from './environment/variable-names.js';
import { VARIABLES } from './environment/variables.js';
import { readReveal } from './receipts/reveal.js';

export { VARIABLES };

/** @typedef {Record<string, string | undefined>} Environment */

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
