// Scans a multipart/form-data body (RFC 7578, RFC 2046 section 5.1) as it passes, in chunks of any size. Stricter than
// the RFCs: no preamble, no epilogue, no padding after a boundary, two kinds of part header in one spelling. The
// boundary may occur only as a delimiter, so that no lenient reader sees a part that is not seen here.
import { refused } from '../errors.js';
import { createFieldRules, MAX_SMALL_VALUE_BYTES } from './fields.js';

const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;
const MAX_HEADER_BYTES = 1024;

const DISPOSITION =
  /^content-disposition: ?form-data; ?name="([^"\\;=]{1,64})"(; ?filename="[^"\\;]{1,255}")?$/i;
const CONTENT_TYPE =
  /^content-type: ?(image\/[a-z0-9.+-]{1,64}|application\/octet-stream|text\/plain(; ?charset=utf-8)?)$/i;

/**
 * The boundary of a content type, or null when it is not exactly `multipart/form-data; boundary=...`. Only characters
 * that are allowed both in a boundary and in a header without quotes, so that it can be sent on in one spelling.
 *
 * @param {string} contentType
 */
export function boundaryOf(contentType) {
  const match = /^multipart\/form-data; ?boundary=(?:"([\w.+'-]{1,70})"|([\w.+'-]{1,70}))$/i.exec(
    contentType,
  );
  return match ? (match[1] ?? match[2]) : null;
}

/**
 * Hears where the parts of the body are. Places count the bytes of the body.
 *
 * @typedef {object} PartListener
 * @property {(from: number) => void} begins the header of a part begins there
 * @property {(header: {to: number, name: string, isFile: boolean}) => void} hasHeader it ends there, before the line end
 * @property {(to: number) => void} ends the value ends there, before the line end
 */

/** @type {Readonly<PartListener>} */
const NOBODY = Object.freeze({ begins() {}, hasHeader() {}, ends() {} });

/**
 * @param {import('../routes.js').Route} route
 * @param {string} boundary as given by boundaryOf
 * @param {PartListener} [listener]
 * @returns {import('./form-scanner.js').Scanner}
 */
export function createMultipartScanner(route, boundary, listener = NOBODY) {
  const rules = createFieldRules(route);
  const mark = new TextEncoder().encode(`--${boundary}`);
  const fallback = borderTable(mark);
  /** @type {'open' | 'after' | 'headers' | 'data' | 'closed'} */
  let state = 'open';
  /** @type {import('./fields.js').FieldKind} */
  let kind = 'media';
  let text = ''; // of the header block, the small value (with the delimiter) or what follows a boundary
  let matched = 0; // bytes of `mark` that the last bytes equal
  let dataBytes = 0; // of this part so far, its delimiter included
  let lineStart = -1; // value of dataBytes right after the last CRLF
  let last = 0; // the byte before this one
  let lineEndBytes = 0; // how many of the last bytes of the header block are CR or LF
  let place = 0; // how many bytes of the body came before this one

  /** @param {number} byte */
  function pushOpen(byte) {
    if (byte !== mark[matched]) throw refused(400, 'the body does not begin with its boundary');
    matched += 1;
    if (matched === mark.length) enter('after');
  }

  /** @param {number} byte */
  function pushAfter(byte) {
    text += String.fromCharCode(byte);
    if (text === '\r\n') {
      enter('headers');
      listener.begins(place + 1);
    } else if (text === '--') enter('closed');
    else if (text !== '\r' && text !== '-') throw refused(400, 'a boundary is not followed by a line end');
  }

  /** @param {number} byte */
  function pushHeader(byte) {
    if (text.length === MAX_HEADER_BYTES) throw refused(400, 'the header of a part is too long');
    // Line ends are CRLF and nothing else: a bare one would be a line end only for some readers.
    const control = byte === 0x7f || (byte < 0x20 && byte !== CR && byte !== LF);
    if (control || (byte === LF) !== (last === CR))
      throw refused(400, 'a part has a header that is not allowed');
    last = byte;
    lineEndBytes = byte === CR || byte === LF ? lineEndBytes + 1 : 0;
    text += String.fromCharCode(byte);
    if (lineEndBytes < 4) return;
    const headers = text.slice(0, -4);
    enter('data');
    kind = beginPart(headers);
  }

  /** @param {string} headers */
  function beginPart(headers) {
    if (headers.includes(`--${boundary}`)) throw refused(400, 'the boundary occurs inside a part');
    const [first, second, ...more] = headers.split('\r\n');
    const disposition = DISPOSITION.exec(first);
    if (!disposition || more.length > 0 || (second !== undefined && !CONTENT_TYPE.test(second))) {
      throw refused(400, 'a part has a header that is not allowed');
    }
    const begun = rules.begin(disposition[1]);
    if ((begun === 'media') !== (disposition[2] !== undefined)) {
      throw refused(400, 'image parts must have a filename, other parts must not');
    }
    listener.hasHeader({ to: place - 3, name: disposition[1], isFile: begun === 'media' });
    return begun;
  }

  /** @param {number} byte */
  function pushData(byte) {
    dataBytes += 1;
    if (byte === LF && last === CR) lineStart = dataBytes;
    last = byte;
    if (kind !== 'media') {
      if (text.length === MAX_SMALL_VALUE_BYTES + mark.length + 2)
        throw refused(400, 'typeId or format is too long');
      text += String.fromCharCode(byte);
    }
    while (matched > 0 && byte !== mark[matched]) matched = fallback[matched - 1];
    if (byte === mark[matched]) matched += 1;
    if (matched === mark.length) endPart();
  }

  function endPart() {
    if (lineStart !== dataBytes - mark.length) throw refused(400, 'the boundary occurs inside a part');
    const valueBytes = lineStart - 2;
    if (kind !== 'media') rules.check(kind, text.slice(0, valueBytes));
    else if (valueBytes === 0) throw refused(400, 'an image or video field is empty');
    listener.ends(place + 1 - mark.length - 2);
    enter('after');
  }

  /** @param {number} byte */
  function pushClosed(byte) {
    text += String.fromCharCode(byte);
    if (text !== '\r' && text !== '\r\n') throw refused(400, 'there are bytes after the last boundary');
  }

  /** @param {typeof state} next */
  function enter(next) {
    state = next;
    text = '';
    matched = 0;
    dataBytes = 0;
    lineStart = -1;
    last = 0;
    lineEndBytes = 0;
  }

  const steps = { open: pushOpen, after: pushAfter, headers: pushHeader, data: pushData, closed: pushClosed };

  return {
    push(chunk) {
      const before = place;
      for (let i = 0; i < chunk.length; i += 1) {
        if (state === 'data' && kind === 'media' && matched === 0) i = skipPlain(chunk, i);
        place = before + i;
        if (i < chunk.length) steps[state](chunk[i]);
      }
      place = before + chunk.length;
      return chunk;
    },
    end() {
      if (state !== 'closed' || text === '\r') throw refused(400, 'the body ends before its last boundary');
      rules.finish();
    },
    format: rules.format,
  };

  /**
   * Jumps over raw bytes to the next that could begin a boundary: a native search instead of a step for each byte.
   *
   * @param {Uint8Array} chunk
   * @param {number} from
   */
  function skipPlain(chunk, from) {
    const found = chunk.indexOf(DASH, from);
    const to = found === -1 ? chunk.length : found;
    const count = to - from;
    if (count > 0) {
      const beforeLast = count > 1 ? chunk[to - 2] : last;
      dataBytes += count;
      last = chunk[to - 1];
      if (last === LF && beforeLast === CR) lineStart = dataBytes;
    }
    return to;
  }
}

/**
 * Knuth-Morris-Pratt: for each prefix of the pattern the length of its longest proper border. Boundaries of browsers
 * begin with many dashes, so a failed match may contain the start of the next one.
 *
 * @param {Uint8Array} pattern
 */
function borderTable(pattern) {
  const table = new Uint8Array(pattern.length);
  let border = 0;
  for (let i = 1; i < pattern.length; i += 1) {
    while (border > 0 && pattern[i] !== pattern[border]) border = table[border - 1];
    if (pattern[i] === pattern[border]) border += 1;
    table[i] = border;
  }
  return table;
}
