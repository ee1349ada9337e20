// What is wrong with a receipt key that is a PEM of another kind, and what to do about it. Nothing of the key is repeated.

const CONVERT = 'convert: openssl pkcs8 -topk8 -nodes -in key.pem';

/** The label between the dashes -> what to do. @type {readonly (readonly [RegExp, string])[]} */
const KINDS = Object.freeze([
  // Of `openssl ecparam -genkey`: SEC1, with the curve in a block before it.
  [/-----BEGIN EC P(RIVATE KEY|ARAMETERS)-----/, ` (${CONVERT})`],
  [/-----BEGIN ENCRYPTED PRIVATE KEY-----/, `, without a passphrase (${CONVERT})`],
  [/-----BEGIN PUBLIC KEY-----/, ': this is the public key: it belongs to your backend'],
]);

/**
 * @param {unknown} key
 * @returns {string} for the end of the sentence that says what the key must be; '' when nothing is known
 */
export function keyRemedy(key) {
  if (typeof key !== 'string') return '';
  return KINDS.find(([label]) => label.test(key))?.[1] ?? '';
}
