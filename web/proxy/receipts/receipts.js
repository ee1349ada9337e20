// Receipts: the proxy's signed word for what the service said (JWS of RFC 7515, ES256). A page can forge what it shows;
// it cannot forge this. Signed with a private key, so that a backend verifies with the public one: who can check
// receipts cannot make them. P-256 and not Ed25519, which not every WebCrypto has without a flag or a warning.
import { calculateJwkThumbprint, exportJWK, importJWK, importPKCS8, SignJWT } from 'jose';
import { hexOf } from '../hexadecimal.js';
import { operationOf } from '../routes.js';
import { replyClaims } from './receipt-reply.js';

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
 * @property {string} [webhook] URL of the site's backend that gets a receipt of every call, with all that the service said,
 *   an ID card's texts too; https unless on loopback
 * @property {Judge} [judge] reads replies, where the proxy's own option `judge` is not set
 * @property {() => Hash} [createHash] SHA-256. In Node its own; elsewhere crypto.DigestStream where there is one
 */

/**
 * What every receipt says.
 *
 * @typedef {object} ReceiptOfCall
 * @property {string} requestId names the call; accept each only once
 * @property {Date} time when the service's reply was there
 * @property {import('../routes.js').Operation} operation
 * @property {'pass' | 'fail' | 'indeterminate'} verdict 'indeterminate' when it is withheld
 * @property {import('./judge.js').Judgement['score']} score null also when it is withheld
 * @property {('verdict' | 'score')[]} withheld what the page may not see and its receipt does not say; the webhook's says all
 * @property {{code: string, httpStatus: number}} status of the service
 * @property {string} error '' or the code that the page's call ended with. Where `reveal` withholds anything, a page gets
 *   UPSTREAM_ERROR for a reply that cannot be read, and here stands why
 * @property {string} tokenId '' when the call came without a token
 * @property {string} applicantId '' when the token named none
 * @property {string} origin of the page; '' when the call had none
 * @property {{sha256: string, bytes: number}} sent the request body as the page sent it (without key and secret)
 * @property {boolean} sandbox the stand-in service answered: worth nothing
 */

/**
 * What a receipt says: one from the page without ReplyClaims, one of the webhook with all of them.
 *
 * @typedef {ReceiptOfCall & Partial<import('./receipt-reply.js').ReplyClaims>} Receipt
 */

export const HEADER = Object.freeze({ alg: 'ES256', typ: 'netocr-receipt+jwt' });
/** @type {readonly ('verdict' | 'score')[]} */
const WITHHELD_CLAIMS = Object.freeze(['verdict', 'score']);

/**
 * @param {ReceiptOptions & {judge: Judge}} options
 */
export function createReceipts({ key, judge, createHash = digestStreamHash }) {
  checkPrivateKey(key);
  /** @type {ReturnType<typeof importPrivate> | undefined} */
  let imported;
  return {
    createHash,
    /**
     * The page's receipt travels in a header: it is short, and lacks what is withheld from the page. The full one is for
     * the site's backend, and signed when it is asked for.
     *
     * @param {object} call
     * @param {Readonly<import('../routes.js').Route>} call.route
     * @param {Uint8Array} call.reply
     * @param {string} call.requestId
     * @param {{id: string, applicantId: string} | null} call.token
     * @param {string} call.origin
     * @param {{sha256: string, bytes: number}} call.sent
     * @param {boolean} call.sandbox
     * @param {readonly string[]} call.withheld
     * @returns {Promise<{page: string, full: () => Promise<string>}>}
     */
    async issue({ route, reply, requestId, token, origin, sent, sandbox, withheld }) {
      imported ??= importPrivate(key);
      const judgement = await judge.read(route.operation, reply);
      const { verdict, score, statusCode, error } = judgement;
      const { privateKey, kid } = await imported;
      const sign = (/** @type {Record<string, unknown>} */ claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ ...HEADER, kid })
          .setIssuedAt()
          .setJti(requestId)
          .setSubject(token?.applicantId ?? '')
          .sign(privateKey);
      const claims = {
        operation: operationOf(route),
        verdict,
        score,
        status: { code: statusCode.slice(0, 64), httpStatus: 200 },
        error,
        token: token?.id ?? '',
        origin,
        sent,
        sandbox,
      };
      return {
        page: await sign(withheld.length === 0 ? claims : claimsWithout(claims, withheld)),
        full: () => sign({ ...claims, ...replyClaims(judgement) }),
      };
    },
  };
}

/**
 * What the page's receipt says. A status that is no number could say anything; the core writes the same word for it.
 *
 * @param {Record<string, any> & {status: {code: string}}} claims
 * @param {readonly string[]} withheld
 */
function claimsWithout(claims, withheld) {
  const hidden = WITHHELD_CLAIMS.filter((claim) => withheld.includes(claim));
  const shown = Object.entries(claims).filter(([claim]) => !withheld.includes(claim));
  const code = /^-?\d{1,9}$/.test(claims.status.code) ? claims.status.code : 'unknown';
  return { ...Object.fromEntries(shown), withheld: hidden, status: { ...claims.status, code } };
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
      return hexOf(new Uint8Array(await stream.digest));
    },
  };
}
