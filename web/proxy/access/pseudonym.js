// Names for the store that tell nobody who is meant: an HMAC of what a person or a device is known by.
import { hexOf } from '../hexadecimal.js';

const BYTES = 16;

/**
 * @param {string} secret that the store does not know
 * @returns {(text: string) => Promise<string>} the same hexadecimal name for the same text
 */
export function createPseudonym(secret) {
  const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);
  /** @type {ReturnType<typeof crypto.subtle.importKey> | undefined} */
  let key;
  return async (text) => {
    key ??= crypto.subtle.importKey('raw', bytesOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
    ]);
    const code = await crypto.subtle.sign('HMAC', await key, bytesOf(text));
    return hexOf(new Uint8Array(code, 0, BYTES));
  };
}
