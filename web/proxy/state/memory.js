// The store of a single proxy: maps of bounded size. What must not be forgotten (spent uses, attempts) is never pushed out
// before it expires: a full map refuses. Its memory begins with the process, so it knows nothing of tokens minted before.
import { nextAttempt } from './attempts.js';
import { createExpiringMap } from './expiring-map.js';
import { createKindMaps } from './kind-maps.js';
import { nextTurn, StoreError } from './store.js';

const noRoom = () =>
  new StoreError('no room for what must not be forgotten', undefined, { code: 'STORE_FULL' });

/**
 * @param {{maxEntries?: number, now?: () => number}} [options] `maxEntries` of each kind of key (default 100,000,
 *   about 7 MB when full); `now` in milliseconds since 1970
 * @returns {import('./store.js').StateStore}
 */
export function createMemoryStore({ maxEntries = 100_000, now = Date.now } = {}) {
  const epoch = now();
  /** @type {import('./expiring-map.js').ExpiringMap<{spent: number, expires: number}>} */
  const uses = createExpiringMap({ maxEntries, now, forgets: false });
  /** @type {import('./expiring-map.js').ExpiringMap<{times: readonly number[], expires: number}>} */
  const attempts = createExpiringMap({ maxEntries, now, forgets: false });
  /** @type {(key: string) => import('./expiring-map.js').ExpiringMap<number>} */
  const turns = createKindMaps({ maxEntries, now });
  /** @type {(key: string) => import('./expiring-map.js').ExpiringMap<{text: string, expires: number}>} */
  const values = createKindMaps({ maxEntries, now });

  /** @param {string} key @param {string} text @param {number} expires */
  const write = (key, text, expires) => void values(key).set(key, { text, expires }, expires);

  return {
    async spend(key, { limit, issuedMs, ttlMs }) {
      const { spent, expires } = uses.get(key) ?? { spent: 0, expires: now() + ttlMs };
      if (issuedMs < epoch || spent >= limit) return false;
      if (!uses.set(key, { spent: spent + 1, expires }, expires)) throw noRoom();
      return true;
    },
    async giveBack(key) {
      const use = uses.get(key);
      if (use) use.spent -= 1;
    },
    async takeAttempt(key, limit) {
      const { times, answer } = nextAttempt(attempts.get(key)?.times ?? [], now(), limit);
      const expires = now() + (times.length < limit.max ? limit.perMs : limit.blockMs);
      if (answer.allowed && !attempts.set(key, { times, expires }, expires)) throw noRoom();
      return answer;
    },
    async giveBackAttempt(key, at) {
      const { times = [], expires = 0 } = attempts.get(key) ?? {};
      const index = times.findIndex((time) => String(time) === at);
      if (index >= 0) attempts.set(key, { times: times.toSpliced(index, 1), expires }, expires);
    },
    async takeTurn(key, rate) {
      const { tat, answer } = nextTurn(turns(key).get(key) ?? 0, now(), rate);
      if (answer.allowed) turns(key).set(key, tat, tat);
      return answer;
    },
    get: async (key) => values(key).get(key)?.text ?? null,
    set: async (key, text, ttlMs) => write(key, text, now() + ttlMs),
    async setIfAbsent(key, text, ttlMs) {
      if (values(key).get(key)) return false;
      write(key, text, now() + ttlMs);
      return true;
    },
    async increment(key, ttlMs) {
      const { text = '0', expires = now() + ttlMs } = values(key).get(key) ?? {};
      const count = Number(text) + 1;
      write(key, String(count), expires);
      return count;
    },
    remove: async (key) => values(key).remove(key),
    ping: async () => {},
    close: async () => {},
  };
}
