// Counts what is refused before a call is let in, by address and apart from good calls: a program that guesses tokens or
// paths must not lock out everybody who shares its address. In this process's memory: garbage is not worth a trip to Redis.
import { rateLimited } from '../errors.js';
import { createMemoryStore } from '../state/memory.js';

const MAX_ADDRESSES = 10_000;

/** @typedef {import('../errors.js').ProxyError} ProxyError */

/**
 * @typedef {(group: string | undefined, refusal: ProxyError) => Promise<ProxyError>} CountRefusal gives back what is to be
 *   answered: the refusal, or RATE_LIMITED when there were too many. `group`: of the address, where it is known
 */

/**
 * @param {import('../state/store.js').Rate | null} rate of one address; null for no limit
 * @returns {CountRefusal}
 */
export function createRefusalRate(rate) {
  const turns = createMemoryStore({ maxEntries: MAX_ADDRESSES });
  return async (group = 'unknown', refusal) => {
    if (!rate) return refusal;
    const answer = await turns.takeTurn(`address:${group}`, rate);
    return answer.allowed ? refusal : rateLimited(answer.retryAfterMs);
  };
}
