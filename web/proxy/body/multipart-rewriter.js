// Rewrites a multipart body as it passes: each part's header is written anew, files are named after their field and their
// bytes. A header is held back until the first bytes of its file are there; everything else goes on as it comes.
import { createMultipartScanner } from './multipart-scanner.js';
import { partHeader } from './part-header.js';
import { pictureKindOf, SNIFF_BYTES } from './picture-kind.js';

/**
 * A part whose header has not gone on. Places count the bytes of the body.
 *
 * @typedef {object} Part
 * @property {number} from where its header begins
 * @property {{to: number, name: string, isFile: boolean} | null} header null while it is being read; `to`: its end,
 *   before the empty line
 * @property {number} to where its value ends; Infinity while that is not known
 */

const EMPTY_LINE_BYTES = 4; // the line end of the header and that of the empty line
const NOTHING = new Uint8Array(0);

/**
 * @param {import('../routes.js').Route} route
 * @param {string} boundary as given by boundaryOf
 * @returns {import('./form-scanner.js').Scanner} what `push` gives back in all is as long as the body
 */
export function createMultipartRewriter(route, boundary) {
  /** @type {Part[]} */
  const parts = [];
  let held = NOTHING;
  let start = 0; // where the held bytes begin

  const scanner = createMultipartScanner(route, boundary, {
    begins: (from) => void parts.push({ from, header: null, to: Number.POSITIVE_INFINITY }),
    hasHeader(header) {
      parts[parts.length - 1].header = header;
    },
    ends(to) {
      const part = parts.at(-1);
      if (part) part.to = to;
    },
  });

  /** @param {Uint8Array} bytes held ones and what has come, writable */
  function rewrite(bytes) {
    while (parts.length > 0) {
      const { from, header, to } = parts[0];
      if (!header) return;
      const data = header.to + EMPTY_LINE_BYTES;
      const known = Math.min(to, data + SNIFF_BYTES);
      if (header.isFile && known > start + bytes.length) return;
      const kind = header.isFile ? pictureKindOf(bytes.subarray(data - start, known - start)) : null;
      writeAscii(partHeader(header.name, kind, header.to - from), bytes, from - start);
      parts.shift();
    }
  }

  return {
    push(chunk) {
      scanner.push(chunk);
      if (held.length === 0 && parts.length === 0) {
        start += chunk.length;
        return chunk;
      }
      const bytes = joined(held, chunk);
      rewrite(bytes);
      const ready = parts.length > 0 ? parts[0].from - start : bytes.length;
      held = bytes.slice(ready);
      start += ready;
      return bytes.subarray(0, ready);
    },
    end: scanner.end,
    format: scanner.format,
  };
}

/**
 * A copy: the pieces of a body are not ours to write to.
 *
 * @param {Uint8Array} held
 * @param {Uint8Array} chunk
 */
function joined(held, chunk) {
  const bytes = new Uint8Array(held.length + chunk.length);
  bytes.set(held);
  bytes.set(chunk, held.length);
  return bytes;
}

/** @param {string} text @param {Uint8Array} bytes @param {number} at */
function writeAscii(text, bytes, at) {
  for (let i = 0; i < text.length; i += 1) bytes[at + i] = text.charCodeAt(i);
}
