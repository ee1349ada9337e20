// What the page may see of a reply: the operator's list, and the reply that the core writes anew with that and nothing
// else.
import { upstreamError } from '../errors.js';

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
 * Throws a TypeError, which names the list as `name` and the word that is wrong.
 *
 * @param {unknown} list undefined: everything
 * @param {string} [name]
 * @returns {Reveal | null} null when nothing is withheld
 */
export function checkReveal(list = REPLY_PARTS, name = 'reveal') {
  if (!Array.isArray(list)) throw new TypeError(`${name} must list some of ${REPLY_PARTS.join(', ')}`);
  const index = list.findIndex((word, at) => !REPLY_PARTS.includes(word) || list.indexOf(word) !== at);
  if (index !== -1) throw new TypeError(`${name}: ${wordMistake(list, index)}`);
  const withheld = REPLY_PARTS.filter((part) => !list.includes(part));
  if (withheld.length === 0) return null;
  return { withheld, allowed: list.join(', '), header: withheld.join(', ') };
}

/**
 * Whatever is no word is not repeated: it may have been meant for another variable.
 *
 * @param {unknown[]} list
 * @param {number} index of the first that is wrong
 */
function wordMistake(list, index) {
  const word = list[index];
  const isShown = typeof word === 'string' && /^[a-z ]{1,30}$/i.test(word);
  const shown = isShown ? `"${word}"` : `entry ${index + 1}`;
  if (list.indexOf(word) !== index) return `${shown} is there twice`;
  return `${shown} is not one of ${REPLY_PARTS.join(', ')} (or none alone)`;
}

/**
 * The list in a variable: words with commas between them, or `none`. A variable that is set but empty looks like `none` and
 * would show everything, so that it is an error.
 *
 * @param {string | undefined} text
 * @returns {ReplyPart[] | undefined}
 */
export function readReveal(text) {
  if (text === undefined) return undefined;
  if (text.trim() === '')
    throw new TypeError(
      'NETOCR_REVEAL is empty: list what pages may see, or "none"; leave the variable out to show everything',
    );
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
    warn(
      'reveal withholds the verdict and receipts.webhook is not set: nobody gets it, and calls are billed',
    );
  if (!reveal.withheld.includes('score'))
    warn('reveal withholds the verdict but not the score, which a page can tell it from');
}

/**
 * The reply as the page gets it, with headers. Throws UPSTREAM_ERROR for a reply that cannot be read, and what the judge
 * throws when the core fails: nothing is handed on that is not understood.
 *
 * @param {{reveal: Reveal | null, judge: import('./judge.js').Judge | null}} settings
 * @param {Readonly<import('../routes.js').Route>} route
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
