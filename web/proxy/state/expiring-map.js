// A map of bounded size whose entries expire. Entries that have expired are dropped a few at a time, at each insertion.

const SWEEP_STEPS = 4;
const CANDIDATES = 16;

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
 * @param {boolean} options.forgets when it is full one of the entries that expire first makes room, so that what lasts
 *   longest is not pushed out by what comes and goes; else nothing does
 * @returns {ExpiringMap<T>}
 */
export function createExpiringMap({ maxEntries, now, forgets }) {
  /** @type {Map<string, {value: T, expires: number}>} */
  const entries = new Map();
  /** @type {IterableIterator<[string, {expires: number}]>} */
  let cursor = entries.entries();

  function sweep() {
    for (let steps = 0; steps < SWEEP_STEPS; ++steps) {
      const entry = step();
      if (!entry) return;
      if (entry[1] <= now()) entries.delete(entry[0]);
    }
  }

  /** @returns {[string, number] | null} the next entry in turn and when it expires; null at the end of a round */
  function step() {
    const { done, value } = cursor.next();
    if (done) cursor = entries.entries();
    return done ? null : [value[0], value[1].expires];
  }

  /** Of a few entries, others each time, that which expires first; of a small map's the oldest of those. */
  function firstToExpire() {
    if (entries.size <= CANDIDATES) cursor = entries.entries();
    /** @type {[string, number] | null} */
    let first = null;
    for (let looked = 0; looked < CANDIDATES; ++looked) {
      const entry = step() ?? step();
      if (entry && (!first || entry[1] < first[1])) first = entry;
    }
    return first?.[0] ?? '';
  }

  /** @returns {boolean} */
  function makeRoom() {
    if (entries.size < maxEntries) return true;
    if (forgets) entries.delete(firstToExpire());
    return forgets;
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
