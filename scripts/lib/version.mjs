// Version numbers: reading them out of what tools print, and comparing them.

/**
 * @param {string} text anything that contains a version, such as the first line of `emcc --version`
 * @returns {number[] | null} the first dotted number in it, e.g. [3, 1, 69]
 */
export function parseVersion(text) {
  const match = /\d+(?:\.\d+)+/.exec(text);
  return match ? match[0].split('.').map(Number) : null;
}

/**
 * @param {readonly number[]} version
 * @param {readonly number[]} least
 * @returns {boolean} true when version >= least; missing parts count as 0
 */
export function isAtLeast(version, least) {
  const length = Math.max(version.length, least.length);
  for (let i = 0; i < length; i++) {
    const difference = (version[i] ?? 0) - (least[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
