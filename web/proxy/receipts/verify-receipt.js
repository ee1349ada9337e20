// For the site's backend: what a receipt says, if the proxy signed it.
import { errors, importJWK, importSPKI, jwtVerify } from 'jose';
import { HEADER } from './receipts.js';

/** @typedef {import('./receipts.js').Jwk} Jwk */
/** @typedef {import('./receipts.js').Receipt} Receipt */

/** The webhook's; one from a page is under 4 KiB. */
const MAX_RECEIPT_LENGTH = 65_536;
const MAX_AGE_S = 600;
/** Of the clocks of proxy and backend. */
const SKEW_S = 5;

/** A receipt that says nothing: forged, damaged, too old, of the sandbox, or of another case. */
export class ReceiptError extends Error {
  /**
   * @param {'RECEIPT_INVALID' | 'RECEIPT_EXPIRED' | 'RECEIPT_OF_SANDBOX' | 'RECEIPT_OF_ANOTHER'} code
   * @param {string} message
   * @param {unknown} [cause]
   */
  constructor(code, message, cause) {
    super(message, { cause });
    this.name = 'ReceiptError';
    this.code = code;
  }
}

/**
 * @typedef {object} VerifyOptions
 * @property {string | Jwk | readonly (string | Jwk)[]} publicKey of the proxy (SPKI PEM or JWK); several while it changes
 * @property {string | null} applicantId whose receipt it must be, of your own session. null: of any applicant, for the
 *   webhook, which reads the applicant from the answer, and where tokens name nobody; never for a receipt from a page else
 * @property {import('../routes.js').Operation} [operation] which operation it must be of
 * @property {number} [maxAge] seconds. Default 600
 * @property {boolean} [allowSandbox] for tests. Default false
 */

/**
 * For the site's backend: what the receipt says, if the proxy signed it. Rejects with a ReceiptError, or a TypeError for
 * wrong options. The page can send the same receipt again: accept each `requestId` once.
 *
 * @param {string} receipt from the page or the webhook
 * @param {VerifyOptions} options
 * @returns {Promise<Receipt>}
 */
export async function verifyReceipt(receipt, options) {
  const { publicKey, applicantId, operation, maxAge = MAX_AGE_S, allowSandbox = false } = options;
  if (applicantId !== null && (typeof applicantId !== 'string' || applicantId === '')) {
    throw new TypeError(
      'applicantId must name whose receipt it is (null only for the webhook: any applicant)',
    );
  }
  if (!Number.isFinite(maxAge) || maxAge <= 0) throw new TypeError('maxAge must be a number of seconds');
  const keys = await Promise.all([publicKey].flat().map(importPublic));
  if (keys.length === 0) throw new TypeError('publicKey is missing');
  const read = receiptOf(await readClaims(receipt, keys, maxAge));
  if (read.sandbox && !allowSandbox) {
    throw new ReceiptError(
      'RECEIPT_OF_SANDBOX',
      'the sandbox answered, not the service (in tests: allowSandbox: true)',
    );
  }
  if (applicantId !== null && read.applicantId !== applicantId) {
    throw new ReceiptError('RECEIPT_OF_ANOTHER', 'the receipt is of another applicant');
  }
  if (operation !== undefined && read.operation !== operation) {
    throw new ReceiptError('RECEIPT_OF_ANOTHER', 'the receipt is of another operation');
  }
  return read;
}

/** @param {string | Jwk} key */
async function importPublic(key) {
  try {
    if (typeof key === 'string') return await importSPKI(key.trim(), HEADER.alg);
    // The private half has no business in a backend, and is not needed.
    const { kty, crv, x, y } = key;
    return await importJWK({ kty, crv, x, y }, HEADER.alg);
  } catch (error) {
    throw new TypeError('publicKey must be a public key of P-256, as SPKI PEM or JWK', { cause: error });
  }
}

/**
 * @param {string} receipt
 * @param {Awaited<ReturnType<typeof importPublic>>[]} keys
 * @param {number} maxAge
 */
async function readClaims(receipt, keys, maxAge) {
  if (typeof receipt !== 'string' || receipt.length > MAX_RECEIPT_LENGTH) {
    throw new ReceiptError('RECEIPT_INVALID', 'there is no receipt, or it is too long');
  }
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(receipt, key, {
        algorithms: [HEADER.alg],
        typ: HEADER.typ,
        maxTokenAge: maxAge,
        clockTolerance: SKEW_S,
        requiredClaims: ['iat', 'jti', 'sub', 'operation', 'sent', 'sandbox'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) continue;
      if (error instanceof errors.JWTExpired) {
        throw new ReceiptError('RECEIPT_EXPIRED', 'the receipt is older than maxAge', error);
      }
      throw new ReceiptError('RECEIPT_INVALID', 'this is no receipt', error);
    }
  }
  throw new ReceiptError('RECEIPT_INVALID', 'the receipt was not signed with this key');
}

/**
 * A claim that is withheld counts for nothing, whatever it says.
 *
 * @param {any} claims
 * @returns {Receipt}
 */
function receiptOf({
  jti,
  iat,
  operation,
  verdict,
  score,
  status,
  error,
  token,
  sub,
  origin,
  sent,
  sandbox,
  withheld = [],
  ...more
}) {
  const isHidden = (/** @type {'verdict' | 'score'} */ claim) => withheld.includes(claim);
  if (!Array.isArray(withheld) || (verdict === undefined && !isHidden('verdict')))
    throw new ReceiptError('RECEIPT_INVALID', 'this is no receipt');
  return {
    requestId: jti,
    time: new Date(iat * 1000),
    operation,
    verdict: isHidden('verdict') ? 'indeterminate' : verdict,
    score: isHidden('score') ? null : score,
    withheld,
    status,
    error,
    tokenId: token,
    applicantId: sub,
    origin,
    sent,
    sandbox,
    ...replyOf(more),
  };
}

/**
 * What only the webhook's receipt says.
 *
 * @param {Record<string, any>} claims
 * @returns {Partial<import('./receipt-reply.js').ReplyClaims>}
 */
function replyOf({ signals, idCard, message, items }) {
  return items === undefined ? {} : { signals, idCard, message, items };
}
