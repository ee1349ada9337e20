// Maps that forget, one for each kind of key (what stands before its first colon): however many entries of one kind there
// are, such as callers' addresses, none of another kind is pushed out, such as the one rate that everybody shares.
import { createExpiringMap } from './expiring-map.js';

/** The proxy's own code has few kinds; of keys of more kinds, the rest share a map. */
const MAX_KINDS = 16;

/**
 * @template T
 * @param {{maxEntries: number, now: () => number}} options `maxEntries` of each kind
 * @returns {(key: string) => import('./expiring-map.js').ExpiringMap<T>} the map that the key is in
 */
export function createKindMaps({ maxEntries, now }) {
  /** @type {Map<string, import('./expiring-map.js').ExpiringMap<T>>} */
  const maps = new Map();
  return (key) => {
    const kind = key.slice(0, Math.max(key.indexOf(':'), 0));
    const name = maps.has(kind) || maps.size < MAX_KINDS ? kind : '';
    const map = maps.get(name) ?? createExpiringMap({ maxEntries, now, forgets: true });
    maps.set(name, map);
    return map;
  };
}
