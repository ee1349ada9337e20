// Compares base64 and form encoding in Node: the module against Buffer and URLSearchParams.

import { loadCore } from '../wasm/core.mjs';
import { compareEncoders, formEncoderOf } from './page/encoding.js';

/** @param {{sizes: number[], rounds: number}} options */
export async function measureNodeEncoding(options) {
  const ways = {
    'netocr-wasm': formEncoderOf(await loadCore()),
    "URLSearchParams(Buffer.toString('base64'))": (bytes) => {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
      return new URLSearchParams([['x', text]]).toString();
    },
  };
  return compareEncoders(ways, options);
}
