// Names of the keys in Redis: `{prefix}{tag}:family:key`. The part in braces is the hash tag of a Redis Cluster: what one
// call touches has one tag, so that it lies in one slot; different calls spread over all tags, so over all nodes.

/** Every hash tag, two hexadecimal digits. Any number of nodes up to a few dozen gets about the same share of them. */
export const TAGS = Object.freeze(Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0')));

const SLOTS = 16_384;

/**
 * The tag of what is stored under `key`: FNV-1a (32 bits), folded.
 *
 * @param {string} key ASCII
 * @returns {string}
 */
export function tagOf(key) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; ++i) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return TAGS[(hash ^ (hash >>> 16)) & 0xff];
}

/**
 * The slot of a Redis Cluster in which keys with this tag lie: CRC16 (XMODEM) of the tag, as its specification says.
 *
 * @param {string} tag
 * @returns {number}
 */
export function slotOf(tag) {
  let crc = 0;
  for (let i = 0; i < tag.length; ++i) {
    crc ^= tag.charCodeAt(i) << 8;
    for (let bit = 0; bit < 8; ++bit) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc % SLOTS;
}

/**
 * @typedef {object} KeyNames
 * @property {(tag: string, family: string, key: string) => string} entry
 * @property {(tag: string) => string} epoch since when the server process remembers uses with this tag
 * @property {(tag: string) => string} scratch a key whose value means nothing
 */

/**
 * Throws a TypeError for a prefix with a brace, which would be taken for the hash tag.
 *
 * @param {string} prefix
 * @returns {KeyNames}
 */
export function createKeyNames(prefix) {
  if (/[{}]/.test(prefix))
    throw new TypeError('the prefix of keys (NETOCR_REDIS_PREFIX) must have no braces');
  return {
    entry: (tag, family, key) => `${prefix}{${tag}}:${family}:${key}`,
    epoch: (tag) => `${prefix}{${tag}}:epoch`,
    scratch: (tag) => `${prefix}{${tag}}:scratch`,
  };
}
