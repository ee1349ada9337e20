// The operator's options about who may call, checked at start. Messages name the option, never its value; origins are public.

import { createMemoryStore } from '../state/memory.js';
import { createGroupOf, DEFAULT_ADDRESS_HEADER } from './addresses.js';
import { checkAttempts } from './attempts.js';
import { checkAddressHeader, checkAllowedHeaders } from './header-names.js';
import { originMistake } from './origin-mistake.js';
import { checkSecret, createTokenCheck } from './tokens.js';

/**
 * How many requests may come; null for no limit. Defaults: 60 a minute from one address, 30 with one token, 6000 in all.
 * What is refused for want of a good token or for its path, method or origin counts by itself, also 60 a minute from one
 * address, and never keeps out good calls; each process counts it on its own.
 *
 * @typedef {object} Rates
 * @property {import('../state/store.js').Rate | null} address calls that were let in, or would have been
 * @property {import('../state/store.js').Rate | null} token
 * @property {import('../state/store.js').Rate | null} global
 * @property {import('../state/store.js').Rate | null} failed calls without a good token, from one address
 * @property {import('../state/store.js').Rate | null} refused requests refused by path, method or origin, from one address
 */

/**
 * @typedef {object} AccessOptions
 * @property {readonly string[]} [allowedOrigins] origins of the pages that may call, compared exactly; also those of apps,
 *   such as capacitor://localhost. Required, unless `allowSameOrigin`
 * @property {boolean} [allowSameOrigin] for development: also pages of the host that the request names
 * @property {boolean} [allowCredentials] whether pages of other origins may call with `credentials: 'include'`. Cookies are
 *   for servers in front: the proxy reads none
 * @property {readonly string[]} [allowedHeaders] request headers that pages of other origins may send besides the proxy's
 *   own, for servers in front: the proxy neither reads them nor sends them on
 * @property {string} [tokenSecret] what session tokens are signed with, at least 32 bytes. Required, unless
 *   `allowAnonymous`
 * @property {string} [previousTokenSecret] the one before it, still accepted
 * @property {never} [mintSecret] belongs to createMintHandler, or to createServer with `internalPort`
 * @property {boolean} [allowAnonymous] for development: calls without a token are let in
 * @property {boolean} [allowAnonymousOnNetwork] also where others than this machine can reach the proxy: without it
 *   createServer listens on a loopback address only
 * @property {import('./attempts.js').AttemptOptions | null} [attempts] how often one applicant may try each operation; null:
 *   as often as tokens permit. Default 5 in 3 minutes, then none for 30 minutes; calls without a token count, by address,
 *   when this or `allowAnonymousOnNetwork` is set
 * @property {Partial<Rates> | null} [rates] null: no limits at all
 * @property {'closed' | 'open'} [ratesOnStoreFailure] what becomes of calls that nobody can count. Default 'closed'
 * @property {number} [trustProxy] how many reverse proxies in front of this one append to the address header. Default 0
 * @property {string} [addressHeader] where the caller's address is: 'x-forwarded-for' (the default) or 'forwarded' with
 *   `trustProxy`, or a header in which the server in front sends one address and that no caller can set past it, such as
 *   'cf-connecting-ip'
 * @property {import('../state/store.js').StateStore} [store] Default: this process's memory
 * @property {(message: string) => void} [warn] hears what the operator should know
 */

/**
 * @typedef {object} Access
 * @property {ReadonlySet<string>} allowedOrigins
 * @property {boolean} allowSameOrigin
 * @property {boolean} allowCredentials
 * @property {readonly string[]} allowedHeaders in lower case
 * @property {import('./tokens.js').CheckToken | null} checkToken
 * @property {boolean} allowAnonymous
 * @property {import('./attempts.js').AttemptSettings} attempts
 * @property {Rates} rates
 * @property {'closed' | 'open'} ratesOnStoreFailure
 * @property {number} trustProxy
 * @property {import('./addresses.js').GroupOf} groupOf
 * @property {import('../state/store.js').StateStore} store
 * @property {(message: string) => void} warn
 */

const MINUTE_MS = 60_000;

/** @type {Readonly<Rates>} */
export const DEFAULT_RATES = Object.freeze({
  address: Object.freeze({ events: 60, perMs: MINUTE_MS }),
  token: Object.freeze({ events: 30, perMs: MINUTE_MS }),
  global: Object.freeze({ events: 6000, perMs: MINUTE_MS }),
  failed: Object.freeze({ events: 60, perMs: MINUTE_MS }),
  refused: Object.freeze({ events: 60, perMs: MINUTE_MS }),
});

/**
 * @param {AccessOptions} options
 * @returns {Access}
 */
export function checkAccess(options) {
  const { allowAnonymous = false, allowSameOrigin = false, warn = () => {} } = options;
  checkNoMintSecret(options);
  const secrets = checkTokenSecrets(options, allowAnonymous);
  const store = options.store ?? createMemoryStore();
  if (allowAnonymous) {
    warn('calls without a token are let in: anybody can spend the account (development only)');
  }
  const trustProxy = checkHops(options.trustProxy ?? 0);
  const addressHeader =
    options.addressHeader === undefined
      ? DEFAULT_ADDRESS_HEADER
      : checkAddressHeader(options.addressHeader, trustProxy);
  return {
    allowedOrigins: checkOrigins(options.allowedOrigins ?? [], allowSameOrigin),
    allowSameOrigin,
    allowCredentials: checkFlag('allowCredentials', options.allowCredentials ?? false),
    allowedHeaders: checkAllowedHeaders(options.allowedHeaders ?? [], addressHeader),
    checkToken: secrets.length > 0 ? createTokenCheck(secrets) : null,
    allowAnonymous,
    attempts: checkAttempts(options.attempts, {
      store,
      isOnNetwork: options.allowAnonymousOnNetwork ?? false,
    }),
    rates: checkRates(options.rates),
    ratesOnStoreFailure: checkChoice(options.ratesOnStoreFailure ?? 'closed'),
    trustProxy,
    groupOf: createGroupOf({ trustProxy, addressHeader, warn }),
    store,
    warn,
  };
}

/**
 * @param {AccessOptions} options
 * @param {boolean} allowAnonymous
 * @returns {string[]}
 */
function checkTokenSecrets({ tokenSecret, previousTokenSecret }, allowAnonymous) {
  if (tokenSecret === undefined) {
    if (previousTokenSecret !== undefined)
      throw new TypeError('tokenSecret is missing beside the previous one');
    if (!allowAnonymous) {
      throw new TypeError(
        'tokenSecret is missing: without tokens anybody could call (allowAnonymous lets them)',
      );
    }
    return [];
  }
  const secrets = [checkSecret('tokenSecret', tokenSecret)];
  if (previousTokenSecret !== undefined)
    secrets.push(checkSecret('previousTokenSecret', previousTokenSecret));
  return secrets;
}

/**
 * Where pages call, nobody mints: a handler for pages that was given the secret would be expected to.
 *
 * @param {object} options
 */
function checkNoMintSecret(options) {
  if (!('mintSecret' in options) || options.mintSecret === undefined) return;
  throw new TypeError(
    'mintSecret is no option of the handler, which serves no /tokens: mount createMintHandler where your backend alone ' +
      'can reach it, or mint there by mintToken()',
  );
}

/**
 * @param {readonly string[]} origins
 * @param {boolean} allowSameOrigin
 * @returns {ReadonlySet<string>}
 */
export function checkOrigins(origins, allowSameOrigin) {
  const mistake = originMistake(origins);
  if (mistake !== null) throw new TypeError(`allowedOrigins: ${mistake}`);
  if (origins.length === 0 && !allowSameOrigin) {
    throw new TypeError('allowedOrigins must list the origins of the pages that may call');
  }
  return new Set(origins);
}

/**
 * @param {AccessOptions['rates']} given
 * @returns {Rates}
 */
function checkRates(given) {
  if (given === null) return { address: null, token: null, global: null, failed: null, refused: null };
  const rates = { ...DEFAULT_RATES, ...given };
  for (const [name, rate] of Object.entries(rates)) {
    const { events, perMs } = rate ?? { events: 1, perMs: 1 };
    const sound = [events, perMs].every((value) => Number.isSafeInteger(value) && value > 0);
    if (!(name in DEFAULT_RATES))
      throw new TypeError(`rates must be of ${Object.keys(DEFAULT_RATES).join(', ')}`);
    if (!sound) throw new TypeError(`rates.${name} must be {events, perMs}, two whole numbers, or null`);
  }
  return rates;
}

/** @param {unknown} value @returns {'closed' | 'open'} */
function checkChoice(value) {
  if (value !== 'closed' && value !== 'open')
    throw new TypeError("ratesOnStoreFailure must be 'closed' or 'open'");
  return value;
}

/** @param {string} name @param {unknown} value */
function checkFlag(name, value) {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false`);
  return value;
}

/** @param {number} value */
function checkHops(value) {
  if (!Number.isSafeInteger(value) || value < 0 || value > 10) {
    throw new TypeError('trustProxy must be a number of reverse proxies, 0 to 10');
  }
  return value;
}
