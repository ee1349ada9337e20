// What receipts need from Node: a streaming hash, and a close look at the key.
import { createHash, createPrivateKey } from 'node:crypto';
import { keyRemedy } from '../receipts/key-mistake.js';

/**
 * The options with what Node can fill in. Throws a TypeError when the key is no private key of P-256.
 *
 * @param {import('../receipts/receipts.js').ReceiptOptions} options
 * @returns {import('../receipts/receipts.js').ReceiptOptions}
 */
export function nodeReceipts(options) {
  checkKey(options.key);
  return { createHash: sha256, ...options };
}

/** @returns {import('../receipts/receipts.js').Hash} */
function sha256() {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
}

/** @param {import('../receipts/receipts.js').ReceiptOptions['key']} key */
function checkKey(key) {
  const remedy = keyRemedy(key);
  try {
    const read = createPrivateKey(typeof key === 'string' ? key : { key, format: 'jwk' });
    if (read.asymmetricKeyDetails?.namedCurve === 'prime256v1' && remedy === '') return;
  } catch {
    // The cause may quote the key.
  }
  throw new TypeError(`the key of receipts must be a private key of P-256, as PKCS #8 PEM or JWK${remedy}`);
}
