// What the webhook's receipt says of the reply beyond verdict, score and status: signals, the ID card, the message and
// all items, within a bound that verifyReceipt accepts.

/** In characters: of one text. A portrait is longer. */
const MAX_TEXT_LENGTH = 4096;
/** In bytes of JSON: of all texts. As base64url, with the other claims and the signature, a receipt is under 64 KiB. */
const MAX_TEXTS_BYTES = 40_960;
/** In bytes: what JSON puts around the two texts of an item, or a name before a field of the card. */
const AROUND_BYTES = 32;

/**
 * @typedef {object} ReplyClaims
 * @property {import('../../client/shared/types.js').VideoSignals | null} signals null for operations that have none
 * @property {import('../../client/shared/types.js').IdCard | null} idCard null for operations that have none; a text that is left out is ''
 * @property {string} message the service's text beside its status
 * @property {{desc: string, content: string}[]} items everything the service said, without texts that are left out
 */

/**
 * Texts over 4096 characters are left out, and those for which there is no room any more.
 *
 * @param {Pick<import('./judge.js').Judgement, 'signals' | 'idCard' | 'message' | 'items'>} judgement
 * @returns {ReplyClaims}
 */
export function replyClaims({ signals, idCard, message, items }) {
  const fits = createBound(MAX_TEXTS_BYTES);
  const textOf = (/** @type {string} */ text) => (fits(text) ? text : '');
  return {
    signals,
    idCard: idCard && {
      name: textOf(idCard.name),
      sex: textOf(idCard.sex),
      ethnicity: textOf(idCard.ethnicity),
      birth: textOf(idCard.birth),
      address: textOf(idCard.address),
      number: textOf(idCard.number),
    },
    message: textOf(message),
    items: items.filter(({ desc, content }) => fits(desc, content)),
  };
}

/**
 * @param {number} bytes
 * @returns {(...texts: string[]) => boolean} whether the texts fit together; they then take their room
 */
function createBound(bytes) {
  const encoder = new TextEncoder();
  let left = bytes;
  return (...texts) => {
    if (texts.some((text) => text.length > MAX_TEXT_LENGTH)) return false;
    const needed = encoder.encode(JSON.stringify(texts)).length + AROUND_BYTES;
    if (needed > left) return false;
    left -= needed;
    return true;
  };
}
