// What the page may see of a reply: the operator's list, and the reply that the core writes anew with that and nothing
// else.
import { upstreamError } from './errors.js';

/** @typedef {'verdict' | 'score' | 'signals' | 'idCard' | 'items' | 'message'} ReplyPart */

/**
 * @typedef {object} Reveal
 * @property {readonly ReplyPart[]} withheld at least one
 * @property {string} allowed for the core
 * @property {string} header for the page
 */

/** By the words of wasm/api/reply_parts.hpp. @type {readonly ReplyPart[]} */
export const REPLY_PARTS = Object.freeze(['verdict', 'score', 'signals', 'idCard', 'items', 'message']);

/**
 * Throws a TypeError, which names the list as `name` and never its words.
 *
 * @param {unknown} list undefined: everything
 * @param {string} [name]
 * @returns {Reveal | null} null when nothing is withheld
 */
export function checkReveal(list = REPLY_PARTS, name = 'reveal') {
  const isSound =
    Array.isArray(list) &&
    list.every((word) => REPLY_PARTS.includes(word)) &&
    new Set(list).size === list.length;
  if (!isSound) throw new TypeError(`${name} must list some of ${REPLY_PARTS.join(', ')}, each once`);
  const withheld = REPLY_PARTS.filter((part) => !list.includes(part));
  if (withheld.length === 0) return null;
  return { withheld, allowed: list.join(', '), header: withheld.join(', ') };
}

/**
 * The list in a variable: words with commas between them, or `none`.
 *
 * @param {string | undefined} text
 * @returns {ReplyPart[] | undefined}
 */
export function readReveal(text) {
  if (!text) return undefined;
  const list = text === 'none' ? [] : text.split(',').map((word) => word.trim());
  checkReveal(list, 'NETOCR_REVEAL');
  return /** @type {ReplyPart[]} */ (list);
}

/**
 * Lists that do what the operator may not expect.
 *
 * @param {Reveal | null} reveal
 * @param {{webhook?: string} | undefined} receipts
 * @param {(message: string) => void} warn
 */
export function warnOfReveal(reveal, receipts, warn) {
  if (!reveal?.withheld.includes('verdict')) return;
  if (!receipts?.webhook)
    warn('reveal withholds the verdict and there is no webhook: nobody gets it, and calls are billed');
  if (!reveal.withheld.includes('score'))
    warn('reveal withholds the verdict but not the score, which a page can tell it from');
}

/**
 * The reply as the page gets it, with headers. Throws UPSTREAM_ERROR for a reply that cannot be read, and what the judge
 * throws when the core fails: nothing is handed on that is not understood.
 *
 * @param {{reveal: Reveal | null, judge: import('./judge.js').Judge | null}} settings
 * @param {Readonly<import('./routes.js').Route>} route
 * @param {{bytes: Uint8Array, headers: Record<string, string>}} reply of the service, with status 200
 * @param {'json' | 'xml'} format that the page asked for
 */
export async function revealTo({ reveal, judge }, route, reply, format) {
  if (!reveal || !judge) return reply;
  const options = { allowed: reveal.allowed, asXml: format === 'xml' };
  const bytes = await judge.reveal(route.operation, reply.bytes, options);
  if (bytes) return { bytes, headers: { ...reply.headers, 'x-netocr-withheld': reveal.header } };
  const error = upstreamError('the reply of the service cannot be read');
  Object.assign(error.headers, reply.headers);
  throw error;
}
