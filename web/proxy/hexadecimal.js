// Bytes as text.

/**
 * @param {Uint8Array} bytes
 * @returns {string} two lower-case digits for each byte
 */
export function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
