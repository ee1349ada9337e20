// What a field of a request may be called and hold: the rules that both body scanners share. A name counts only as the
// literal bytes of the table, so no other spelling (case, percent-encoding, duplicates) can mean something to the
// service that it does not mean here.
import { refused } from '../errors.js';

/** @typedef {'media' | 'typeId' | 'format'} FieldKind */

/** No accepted typeId or format is longer, nor any field name with every byte percent-encoded (12 * 3). */
export const MAX_SMALL_VALUE_BYTES = 8;
export const MAX_NAME_BYTES = 64;

/**
 * @typedef {object} FieldRules
 * @property {(name: string) => FieldKind} begin throws REQUEST_REFUSED on an unknown or repeated field
 * @property {(kind: FieldKind, value: string) => void} check of a small value; throws REQUEST_REFUSED
 * @property {() => void} finish throws REQUEST_REFUSED when a required field was not there
 * @property {() => 'json' | 'xml' | null} format what was asked for so far; null while nothing was
 */

/**
 * @param {import('../routes.js').Route} route
 * @returns {FieldRules}
 */
export function createFieldRules(route) {
  /** @type {Set<string>} */
  const seen = new Set();
  /** @type {'json' | 'xml' | null} */
  let format = null;
  return {
    begin(name) {
      const kind = kindOf(name, route);
      if (seen.has(name)) throw refused(400, 'a field is there twice');
      seen.add(name);
      return kind;
    },
    check(kind, value) {
      if (kind === 'typeId' && value !== route.typeId)
        throw refused(400, `typeId must be ${route.typeId} here`);
      if (kind === 'format') {
        // The documentation: an empty format means xml.
        if (value !== 'json' && value !== 'xml' && value !== '')
          throw refused(400, 'format must be json or xml');
        format = value === 'json' ? 'json' : 'xml';
      }
    },
    finish() {
      for (const name of ['typeId', ...route.fields]) {
        if (!seen.has(name)) throw refused(400, `the field ${name} is missing`);
      }
    },
    format: () => format,
  };
}

/**
 * @param {string} name
 * @param {import('../routes.js').Route} route
 * @returns {FieldKind}
 */
function kindOf(name, route) {
  if (name === 'typeId' || name === 'format') return name;
  if (route.fields.includes(name)) return 'media';
  if (/^(key|secret)$/i.test(loosely(name))) {
    throw refused(400, 'the request brings its own key or secret; the proxy adds them');
  }
  throw refused(400, 'the request has a field that this operation does not know');
}

/**
 * The name as a lenient reader may understand it; only to choose the message.
 *
 * @param {string} name
 */
function loosely(name) {
  const decoded = name.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decoded.replace(/[^A-Za-z]/g, '');
}
