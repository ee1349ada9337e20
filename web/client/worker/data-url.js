// Decodes a data: URL to its bytes, as RFC 2397 and the fetch standard say.
import { invalidArgument } from '../shared/errors.js';

/**
 * RFC 2397, with the forgiving base64 of the WHATWG fetch standard.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function decodeDataUrl(text) {
  const comma = text.indexOf(',');
  if (comma < 0) throw invalidArgument('the data: URL has no comma');
  const data = text.slice(comma + 1);
  return /;\s*base64\s*$/i.test(text.slice(0, comma)) ? decodeBase64(data) : percentDecode(data);
}

/** @param {string} data */
function decodeBase64(data) {
  const plain = data.includes('%') ? new TextDecoder('latin1').decode(percentDecode(data)) : data;
  let binary;
  try {
    binary = atob(plain);
  } catch {
    throw invalidArgument('the data: URL is not base64');
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** @param {string} data */
function percentDecode(data) {
  const encoded = new TextEncoder().encode(data);
  const decoded = new Uint8Array(encoded.length);
  let length = 0;
  for (let i = 0; i < encoded.length; i += 1, length += 1) {
    const byte = encoded[i] === 0x25 ? hexByte(encoded, i + 1) : -1;
    decoded[length] = byte < 0 ? encoded[i] : byte;
    if (byte >= 0) i += 2;
  }
  return decoded.slice(0, length);
}

/** @param {Uint8Array} bytes @param {number} at @returns {number} the byte of two hex digits, -1 when there are none */
function hexByte(bytes, at) {
  const text = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0);
  return /^[0-9a-f]{2}$/i.test(text) ? Number.parseInt(text, 16) : -1;
}
