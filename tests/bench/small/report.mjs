// The scores of small pictures as a table for the terminal, with what ours gains on the better of mozjpeg's two.

/** @typedef {import('./compare.mjs').Row} Row */

const OURS = 'ours';
const MOZJPEG = /^mozjpeg/;

/** @param {Row} row @returns {number} */
export function gainOf({ scores }) {
  const theirs = Object.keys(scores).filter((name) => MOZJPEG.test(name));
  return scores[OURS] - Math.max(...theirs.map((name) => scores[name]));
}

/** @param {{measure: string, rows: Row[]}} small @returns {string} */
export function smallReport({ measure, rows }) {
  const names = Object.keys(rows[0].scores);
  const parts = [];
  for (const maxBytes of new Set(rows.map((row) => row.maxBytes))) {
    const own = rows.filter((row) => row.maxBytes === maxBytes);
    const gains = own.map(gainOf);
    const line = (/** @type {string} */ first, /** @type {string[]} */ cells) =>
      `  ${first.padEnd(16)}${cells.map((cell) => cell.padStart(15)).join('')}`;
    parts.push(
      `\nsmall pictures within ${maxBytes} bytes, ${measure}`,
      line('', [...names, 'gain']),
      ...own.map(({ picture, scores }, i) =>
        line(picture, [...names.map((name) => scores[name].toFixed(2)), gains[i].toFixed(2)]),
      ),
      `  gain on the better of mozjpeg's two: ${(gains.reduce((sum, gain) => sum + gain) / gains.length).toFixed(2)} on average, ${Math.min(...gains).toFixed(2)} at worst`,
    );
  }
  return parts.join('\n');
}
