// What an error on the way to Redis means: Redis is away, which passes, or it refuses the proxy as it is configured, which
// only the operator can change.
import { StoreError } from './store.js';

/** A fault of the configuration, by the code of an error, of the system or of TLS. */
const CODES = Object.freeze({
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of Redis is for another host than the one in REDIS_URL',
  CERT_HAS_EXPIRED: 'the certificate of Redis has expired',
  ERR_SSL_WRONG_VERSION_NUMBER: 'Redis does not use TLS on that port: REDIS_URL must begin with redis://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'Redis does not use TLS on that port: REDIS_URL must begin with redis://',
});
const UNKNOWN_AUTHORITY =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF)\w*|CERT_UNTRUSTED)$/;
const CLIENT_CERTIFICATE = /CERTIFICATE_REQUIRED|ALERT_(BAD|UNKNOWN)_CERTIFICATE|ALERT_UNKNOWN_CA/;
const BAD_PEM = /^ERR_OSSL_|^ERR_TLS_INVALID/;

/** The same by how Redis's own error begins. */
const REPLIES = Object.freeze([
  { begins: /^NOAUTH/, message: 'Redis requires a password and REDIS_URL has none' },
  {
    begins: /^(WRONGPASS|ERR invalid password|ERR AUTH|ERR Client sent AUTH)/,
    message: 'Redis refuses the user or the password of REDIS_URL',
  },
  {
    begins: /^ERR (DB index|SELECT is not allowed|invalid DB index)/,
    message: 'Redis has no database of the number in REDIS_URL (a cluster has only 0)',
  },
  {
    // The client sends it before any other command, so that it is met while connecting.
    begins: /^(NOPERM\b.*|ERR unknown command\W*)\bselect\b/i,
    message: 'the user of REDIS_URL lacks rights in Redis: +select (a database other than 0 needs it)',
  },
  {
    begins: /^DENIED/,
    message: 'Redis runs in protected mode: give it a password, so that it serves other hosts',
  },
]);

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
export function refusedBy(message, cause) {
  return new StoreError(message, cause, { code: 'STORE_REFUSED', reason: reasonOf(cause) });
}

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
export function awayFor(message, cause) {
  const reason = reasonOf(cause);
  return new StoreError(message, cause, { code: reason === 'OOM' ? 'STORE_FULL' : 'STORE_AWAY', reason });
}

/**
 * While there is no connection.
 *
 * @param {string} message
 * @param {unknown} why the last attempt failed
 */
export function withoutConnection(message, why) {
  const isRefused = why instanceof StoreError && why.code === 'STORE_REFUSED';
  return isRefused ? refusedBy(why.message, why) : awayFor(message, why);
}

/**
 * What an error of connecting or of a command means.
 *
 * @param {unknown} error
 * @param {string} [message] when Redis is away
 * @returns {StoreError}
 */
export function explain(error, message = 'Redis cannot be reached') {
  if (error instanceof StoreError) return error;
  const fault = faultIn(error);
  return fault === null ? awayFor(message, error) : refusedBy(fault, error);
}

/** @param {unknown} error @returns {string | null} */
function faultIn(error) {
  const { code = '', message = '' } = /** @type {NodeJS.ErrnoException} */ (error);
  if (Object.hasOwn(CODES, code)) return CODES[/** @type {keyof typeof CODES} */ (code)];
  if (UNKNOWN_AUTHORITY.test(code))
    return 'no trusted authority has signed the certificate of Redis: set NETOCR_REDIS_CA_FILE';
  if (CLIENT_CERTIFICATE.test(code))
    return 'Redis requires a client certificate: set NETOCR_REDIS_CERT_FILE and NETOCR_REDIS_KEY_FILE';
  if (BAD_PEM.test(code)) return 'a file of NETOCR_REDIS_*_FILE holds no certificate or key that can be used';
  return REPLIES.find(({ begins }) => begins.test(message))?.message ?? null;
}

/**
 * A word for the operator: a system code (ECONNREFUSED) or the first word of Redis's error (OOM); '' when there is none.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function reasonOf(error) {
  if (error instanceof StoreError) return error.reason || reasonOf(error.cause);
  const { code, message = '' } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code)) return code;
  return /^(?!ERR )([A-Z]{2,20}) /.exec(message)?.[1] ?? '';
}

/**
 * Where a Redis Cluster says that the key is. Nothing was done at the node that says so.
 *
 * @typedef {object} Redirect
 * @property {'MOVED' | 'ASK' | 'TRYAGAIN'} kind
 * @property {string} to "host:port", the host may be missing; '' for TRYAGAIN
 */

/** @param {unknown} error @returns {Redirect | null} */
export function redirectIn(error) {
  const { message = '' } = /** @type {Error} */ (error ?? {});
  const [, kind, to = ''] = /^(MOVED|ASK|TRYAGAIN)(?: \d+ (\S+))?/.exec(message) ?? [];
  return kind ? { kind: /** @type {Redirect['kind']} */ (kind), to } : null;
}
