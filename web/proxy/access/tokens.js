// Session tokens: the site's own backend says who may call what, from which page, how often and how long (JWT of
// RFC 7519, HS256). What a token permits is in it, so that any proxy can check it; how much of it is spent is in the
// state store.
import { errors, jwtVerify, SignJWT } from 'jose';
import { tokenRefused } from '../errors.js';
import { OPERATIONS } from '../routes.js';
import { createMintWarning } from './mint-warning.js';
import { checkClaimed, checkUsedWhere } from './token-origin.js';

/** @typedef {import('../routes.js').Operation} Operation */

/**
 * @typedef {object} MintOptions
 * @property {string} secret the proxy's token secret (NETOCR_TOKEN_SECRET), at least 32 bytes
 * @property {Operation | readonly Operation[]} operations what the token permits
 * @property {string} [origin] of the page that will call, such as https://www.example.com. Required, unless `withoutOrigin`
 * @property {boolean} [withoutOrigin] the token is for callers that send no Origin, such as mini-programs and native apps,
 *   and for no page: whoever reads it can use it from anywhere, so hand it out only there
 * @property {number} [expiresIn] seconds, 1 to 86400. Default 600
 * @property {number | Partial<Record<Operation, number>>} [uses] calls of each operation, 1 to 100. Default 3, for both
 *   kinds of liveness 1, which is also the most: who can try again and again can look for a picture that passes
 * @property {string} [applicantId] your name for the person or the case, 1 to 128 visible ASCII characters. The page can
 *   read it; receipts repeat it; attempts are counted by it, and for each token where there is none
 */

/**
 * What a valid token says about one call.
 *
 * @typedef {object} Permit
 * @property {string} id the token's own
 * @property {string} applicantId '' when the token names none
 * @property {number} limit how many calls of this operation it permits
 * @property {number} issuedMs since 1970
 * @property {number} expiresMs since 1970
 */

/** @typedef {(token: string, call: {operation: Operation, origin: string | null}) => Promise<Permit>} CheckToken */

const MIN_SECRET_BYTES = 32;
const MAX_TOKEN_LENGTH = 2048;
const MAX_LIFETIME_S = 86_400;
const MAX_USES = 100;
const DEFAULT_USES = 3;
/** How far the clocks of backends, proxies and their store may be off. */
const SKEW_S = 2;
export const SKEW_MS = SKEW_S * 1000;
// Its own type, so that no other JWT under the same secret counts as a session token (RFC 8725, 3.11).
const HEADER = Object.freeze({ alg: 'HS256', typ: 'netocr-session+jwt' });

const warnOfProcess = createMintWarning();

/**
 * Makes a token: for the site's backend, once it knows who is calling. Rejects with a TypeError that names the option.
 * The first token of a process that names no applicant is warned of.
 *
 * @param {MintOptions} options
 * @returns {Promise<string>}
 */
export async function mintToken(options) {
  const token = await signToken(options);
  warnOfProcess(options.applicantId);
  return token;
}

/**
 * mintToken() without a warning.
 *
 * @param {MintOptions} options
 * @returns {Promise<string>}
 */
export async function signToken({ secret, ...options }) {
  const key = await importSecret(checkSecret('secret', secret));
  const { operations, expiresIn, uses, applicantId, ...caller } = checkMintOptions(options);
  const issued = Date.now() / 1000;
  const jwt = new SignJWT({ ...caller, uses })
    .setProtectedHeader(HEADER)
    .setAudience(operations)
    .setJti(crypto.randomUUID())
    // With its fraction: tokens of the second in which a store began are told apart.
    .setIssuedAt(issued)
    .setExpirationTime(Math.ceil(issued + expiresIn));
  return (applicantId === undefined ? jwt : jwt.setSubject(applicantId)).sign(key);
}

/**
 * @param {Omit<MintOptions, 'secret'>} options
 * @returns {import('./token-origin.js').Claimed & {operations: Operation[], expiresIn: number, uses: Partial<Record<Operation, number>>,
 *   applicantId: string | undefined}}
 */
export function checkMintOptions({ operations, expiresIn = 600, uses, applicantId, ...caller }) {
  const list = [operations].flat();
  const known = list.every((name) => OPERATIONS.includes(name));
  if (list.length === 0 || !known || new Set(list).size !== list.length) {
    throw new TypeError(`operations must be one or several of ${OPERATIONS.join(', ')}`);
  }
  if (!Number.isSafeInteger(expiresIn) || expiresIn < 1 || expiresIn > MAX_LIFETIME_S) {
    throw new TypeError(`expiresIn must be a whole number of seconds from 1 to ${MAX_LIFETIME_S}`);
  }
  if (applicantId !== undefined && !isApplicantId(applicantId)) {
    throw new TypeError('applicantId must be 1 to 128 visible ASCII characters');
  }
  return { ...checkClaimed(caller), operations: list, expiresIn, uses: checkUses(list, uses), applicantId };
}

/**
 * @param {Operation[]} operations
 * @param {MintOptions['uses']} given
 */
function checkUses(operations, given) {
  const each = typeof given === 'object' && given !== null ? given : null;
  if (each && Object.keys(each).some((name) => !operations.includes(/** @type {Operation} */ (name)))) {
    throw new TypeError('uses names an operation that the token is not for');
  }
  /** @type {Partial<Record<Operation, number>>} */
  const uses = {};
  for (const name of operations) {
    const most = isLiveness(name) ? 1 : MAX_USES;
    const count = (each ? each[name] : /** @type {any} */ (given)) ?? Math.min(DEFAULT_USES, most);
    if (!Number.isSafeInteger(count) || count < 1 || count > most) {
      throw new TypeError(`uses of ${name} must be ${most === 1 ? '1' : `a whole number from 1 to ${most}`}`);
    }
    uses[name] = count;
  }
  return uses;
}

/** @param {Operation} operation */
function isLiveness(operation) {
  return operation === 'checkLiveness' || operation === 'checkVideoLiveness';
}

/** @param {unknown} value */
function isApplicantId(value) {
  return typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value);
}

/**
 * A secret must not be guessable: at least as many bytes as the hash has (RFC 7518, 3.2). Throws a TypeError that does
 * not tell the value.
 *
 * @param {string} name
 * @param {unknown} value
 * @returns {string}
 */
export function checkSecret(name, value) {
  if (typeof value !== 'string' || new TextEncoder().encode(value).length < MIN_SECRET_BYTES) {
    throw new TypeError(`${name} must have at least ${MIN_SECRET_BYTES} bytes`);
  }
  return value;
}

/** @param {string} secret */
function importSecret(secret) {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), hmac, false, ['sign', 'verify']);
}

/**
 * Checks tokens that were signed with one of the secrets. The function rejects with TOKEN_INVALID or TOKEN_EXPIRED.
 *
 * @param {readonly string[]} secrets the present one first, then the one before it
 * @param {{now?: () => number}} [clock] in milliseconds since 1970
 * @returns {CheckToken}
 */
export function createTokenCheck(secrets, { now = Date.now } = {}) {
  // Edge runtimes allow no cryptography before the first request.
  /** @type {Promise<import('jose').CryptoKey[]> | undefined} */
  let imported;
  return async (token, call) => {
    imported ??= Promise.all(secrets.map(importSecret));
    const nowMs = now();
    const claims = await readClaims(token, await imported, nowMs);
    return permitOf(claims, call, nowMs);
  };
}

/**
 * @param {string} token
 * @param {import('jose').CryptoKey[]} keys
 * @param {number} nowMs
 * @returns {Promise<import('jose').JWTPayload>}
 */
async function readClaims(token, keys, nowMs) {
  if (token.length > MAX_TOKEN_LENGTH) throw tokenRefused('TOKEN_INVALID', 'the token is too long');
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [HEADER.alg],
        typ: HEADER.typ,
        requiredClaims: ['exp', 'iat', 'jti', 'aud'],
        currentDate: new Date(nowMs),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw tokenRefused('TOKEN_EXPIRED', 'the token has expired');
      if (error instanceof errors.JWSSignatureVerificationFailed) continue;
      throw tokenRefused('TOKEN_INVALID', 'the token is not a session token');
    }
  }
  throw tokenRefused('TOKEN_INVALID', 'the token was not signed with a secret of this proxy');
}

/**
 * The signature is good, but a backend may have made the claims by other means than mintToken().
 *
 * @param {any} claims
 * @param {{operation: Operation, origin: string | null}} call
 * @param {number} nowMs
 * @returns {Permit}
 */
function permitOf({ aud, exp, iat, jti, sub, origin, withoutOrigin, uses }, call, nowMs) {
  if (![aud].flat().includes(call.operation)) {
    throw tokenRefused('TOKEN_INVALID', 'the token is for another operation');
  }
  checkUsedWhere({ origin, withoutOrigin }, call.origin);
  const limit = Object(uses)[call.operation];
  const sound =
    /^[\w-]{1,64}$/.test(jti) &&
    iat <= nowMs / 1000 + SKEW_S &&
    exp - iat <= MAX_LIFETIME_S + 1 &&
    Number.isSafeInteger(limit) &&
    limit >= 1 &&
    limit <= (isLiveness(call.operation) ? 1 : MAX_USES) &&
    (sub === undefined || isApplicantId(sub));
  if (!sound) throw tokenRefused('TOKEN_INVALID', 'a claim of the token is out of its bounds');
  return { id: jti, applicantId: sub ?? '', limit, issuedMs: iat * 1000, expiresMs: exp * 1000 };
}
