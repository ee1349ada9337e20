// A map of bounded size whose entries expire. Entries that have expired are dropped a few at a time, at each insertion.

const SWEEP_STEPS = 4;

/**
 * @template T
 * @typedef {object} ExpiringMap
 * @property {(key: string) => T | undefined} get
 * @property {(key: string, value: T, expires: number) => boolean} set false when there is no room
 * @property {(key: string) => void} remove
 * @property {() => number} size entries held, expired ones that were not dropped yet among them
 */

/**
 * @template T
 * @param {object} options
 * @param {number} options.maxEntries
 * @param {() => number} options.now
 * @param {boolean} options.forgets when it is full the entry that was written first makes room; else nothing does
 * @returns {ExpiringMap<T>}
 */
export function createExpiringMap({ maxEntries, now, forgets }) {
  /** @type {Map<string, {value: T, expires: number}>} */
  const entries = new Map();
  /** @type {IterableIterator<[string, {expires: number}]>} */
  let cursor = entries.entries();

  function sweep() {
    for (let step = 0; step < SWEEP_STEPS; ++step) {
      const { done, value } = cursor.next();
      if (done) {
        cursor = entries.entries();
        return;
      }
      if (value[1].expires <= now()) entries.delete(value[0]);
    }
  }

  /** @returns {boolean} */
  function makeRoom() {
    if (entries.size < maxEntries) return true;
    const [oldest] = entries.keys();
    if (!forgets) return false;
    entries.delete(oldest);
    return true;
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (entry.expires > now()) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value, expires) {
      sweep();
      if (!entries.has(key) && !makeRoom()) return false;
      entries.set(key, { value, expires });
      return true;
    },
    remove: (key) => void entries.delete(key),
    size: () => entries.size,
  };
}
