// Receipts: the proxy's signed word for what the service said (JWS of RFC 7515, ES256). A page can forge what it shows;
// it cannot forge this. Signed with a private key, so that a backend verifies with the public one: who can check
// receipts cannot make them. P-256 and not Ed25519, which not every WebCrypto has without a flag or a warning.
import {
  calculateJwkThumbprint,
  errors,
  exportJWK,
  importJWK,
  importPKCS8,
  importSPKI,
  jwtVerify,
  SignJWT,
} from 'jose';
import { operationOf } from './routes.js';

/** @typedef {Record<string, any>} Jwk */
/** @typedef {import('./judge.js').Judge} Judge */

/**
 * @typedef {object} Hash
 * @property {(bytes: Uint8Array) => void} update
 * @property {() => Promise<string> | string} digest lower-case hexadecimal
 */

/**
 * @typedef {object} ReceiptOptions
 * @property {string | Jwk} key the private key: P-256, as PKCS #8 PEM or JWK
 * @property {string} [webhook] URL of the site's backend that gets every receipt; https unless on loopback
 * @property {Judge} [judge] reads replies. In Node the package's own; elsewhere createJudge()
 * @property {() => Hash} [createHash] SHA-256. In Node its own; elsewhere crypto.DigestStream where there is one
 */

/**
 * What a receipt says.
 *
 * @typedef {object} Receipt
 * @property {string} requestId names the call; accept each only once
 * @property {Date} time when the service's reply was there
 * @property {import('./routes.js').Operation} operation
 * @property {'pass' | 'fail' | 'indeterminate'} verdict
 * @property {import('./judge.js').Judgement['score']} score
 * @property {{code: string, httpStatus: number}} status of the service
 * @property {string} error '' or the code that the page's call ended with
 * @property {string} tokenId '' when the call came without a token
 * @property {string} applicantId '' when the token named none
 * @property {string} origin of the page; '' when the call had none
 * @property {{sha256: string, bytes: number}} sent the request body as the page sent it (without key and secret)
 * @property {boolean} sandbox the stand-in service answered: worth nothing
 */

const HEADER = Object.freeze({ alg: 'ES256', typ: 'netocr-receipt+jwt' });
const MAX_RECEIPT_LENGTH = 4096;
const MAX_AGE_S = 600;
/** Of the clocks of proxy and backend. */
const SKEW_S = 5;

/**
 * @param {ReceiptOptions & {judge: Judge}} options
 */
export function createReceipts({ key, judge, createHash = digestStreamHash }) {
  checkPrivateKey(key);
  /** @type {ReturnType<typeof importPrivate> | undefined} */
  let imported;
  return {
    judge,
    createHash,
    /**
     * @param {object} call
     * @param {Readonly<import('./routes.js').Route>} call.route
     * @param {Uint8Array} call.reply
     * @param {string} call.requestId
     * @param {{id: string, applicantId: string} | null} call.token
     * @param {string} call.origin
     * @param {{sha256: string, bytes: number}} call.sent
     * @param {boolean} call.sandbox
     * @returns {Promise<string>}
     */
    async issue({ route, reply, requestId, token, origin, sent, sandbox }) {
      imported ??= importPrivate(key);
      const { verdict, score, statusCode, error } = await judge.read(route.operation, reply);
      const { privateKey, kid } = await imported;
      return new SignJWT({
        operation: operationOf(route),
        verdict,
        score,
        status: { code: statusCode.slice(0, 64), httpStatus: 200 },
        error,
        token: token?.id ?? '',
        origin,
        sent,
        sandbox,
      })
        .setProtectedHeader({ ...HEADER, kid })
        .setIssuedAt()
        .setJti(requestId)
        .setSubject(token?.applicantId ?? '')
        .sign(privateKey);
    },
  };
}

/** @param {string | Jwk} key */
function checkPrivateKey(key) {
  const sound =
    typeof key === 'string'
      ? /^\s*-----BEGIN PRIVATE KEY-----[\s\S]+-----END PRIVATE KEY-----\s*$/.test(key)
      : key?.kty === 'EC' && key.crv === 'P-256' && typeof key.d === 'string';
  if (!sound)
    throw new TypeError('the key of receipts must be a private key of P-256, as PKCS #8 PEM or JWK');
}

/** @param {string | Jwk} key */
async function importPrivate(key) {
  const privateKey =
    typeof key === 'string'
      ? await importPKCS8(key, HEADER.alg, { extractable: true })
      : await importJWK({ ...key, ext: true }, HEADER.alg);
  const { kty, crv, x, y } = await exportJWK(privateKey);
  return { privateKey, kid: await calculateJwkThumbprint({ kty, crv, x, y }) };
}

/**
 * SHA-256 of a stream where WebCrypto has it: Cloudflare Workers.
 *
 * @returns {Hash}
 */
function digestStreamHash() {
  const { DigestStream } = /** @type {any} */ (crypto);
  if (!DigestStream) throw new TypeError('receipts need the option createHash on this runtime');
  const stream = new DigestStream('SHA-256');
  const writer = stream.getWriter();
  return {
    update: (bytes) => void writer.write(bytes),
    async digest() {
      await writer.close();
      return [...new Uint8Array(await stream.digest)]
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join('');
    },
  };
}

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
 * @property {string | null} applicantId whose receipt it must be; null when tokens name nobody
 * @property {import('./routes.js').Operation} [operation] which operation it must be of
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
    throw new TypeError('applicantId must name whose receipt it is, or be null');
  }
  if (!Number.isFinite(maxAge) || maxAge <= 0) throw new TypeError('maxAge must be a number of seconds');
  const keys = await Promise.all([publicKey].flat().map(importPublic));
  if (keys.length === 0) throw new TypeError('publicKey is missing');
  const read = receiptOf(await readClaims(receipt, keys, maxAge));
  if (read.sandbox && !allowSandbox) {
    throw new ReceiptError('RECEIPT_OF_SANDBOX', 'the sandbox answered, not the service');
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
        requiredClaims: ['iat', 'jti', 'sub', 'operation', 'verdict', 'sent', 'sandbox'],
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

/** @param {any} claims @returns {Receipt} */
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
}) {
  return {
    requestId: jti,
    time: new Date(iat * 1000),
    operation,
    verdict,
    score,
    status,
    error,
    tokenId: token,
    applicantId: sub,
    origin,
    sent,
    sandbox,
  };
}
