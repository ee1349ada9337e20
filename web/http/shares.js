// How much of a limit one caller may have: a quarter, so that three others find room whatever one does.

/** Of any limit. */
const SHARE = 4;

/** @param {number} max the whole limit */
export const shareOf = (max) => Math.ceil(max / SHARE);

/**
 * @typedef {object} Shares
 * @property {(marks: readonly string[]) => boolean} hasRoom for one more of everybody who is named
 * @property {(marks: readonly string[]) => void} take counts one for each
 * @property {(marks: readonly string[]) => void} giveBack
 */

/**
 * Counts by what callers are known by (an address, a token).
 *
 * @param {number} max the whole limit
 * @returns {Shares}
 */
export function createShares(max) {
  const share = shareOf(max);
  /** @type {Map<string, number>} */
  const counts = new Map();
  return {
    hasRoom: (marks) => marks.every((mark) => (counts.get(mark) ?? 0) < share),
    take(marks) {
      for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1);
    },
    giveBack(marks) {
      for (const mark of marks) {
        const left = (counts.get(mark) ?? 0) - 1;
        if (left > 0) counts.set(mark, left);
        else counts.delete(mark);
      }
    },
  };
}
