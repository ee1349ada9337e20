// Wrong secrets are limited, by address and in all, in this process's memory.
import { createExpiringMap } from '../state/expiring-map.js';
import { nextTurn } from '../state/store.js';

const MINUTE_MS = 60_000;

/**
 * @typedef {object} Guesses
 * @property {(address: string) => number} waitMs how long the address must wait before its next secret is looked at; 0
 *   when it need not
 * @property {(address: string) => void} count a wrong secret
 */

/**
 * Secrets that an address has just shown in vain. To show one again is no guess, so that a program with an old secret does
 * not use up the guesses of its neighbour with the right one behind the same address.
 *
 * @param {object} [options]
 * @param {number} [options.maxEntries] Default 10,000
 * @param {() => number} [options.now] in milliseconds
 * @returns {{has: (guess: string) => boolean, add: (guess: string) => void}} `guess`: the address and a digest
 */
export function createWrongSecrets({ maxEntries = 10_000, now = () => performance.now() } = {}) {
  const known = /** @type {import('../state/expiring-map.js').ExpiringMap<true>} */ (
    createExpiringMap({ maxEntries, now, forgets: true })
  );
  return {
    has: (guess) => known.get(guess) === true,
    add: (guess) => void known.set(guess, true, now() + MINUTE_MS),
  };
}

/**
 * @param {object} [options]
 * @param {import('../state/store.js').Rate} [options.perAddress] Default 10 a minute
 * @param {import('../state/store.js').Rate} [options.inAll] beyond it an address has one wrong secret. Whoever guesses from
 *   many addresses must not keep the backend out, which makes none. Default 100 a minute
 * @param {number} [options.maxAddresses] Default 10,000
 * @param {() => number} [options.now] in milliseconds
 * @returns {Guesses}
 */
export function createGuesses({
  perAddress = { events: 10, perMs: MINUTE_MS },
  inAll = { events: 100, perMs: MINUTE_MS },
  maxAddresses = 10_000,
  now = () => performance.now(),
} = {}) {
  /** Kept for a whole period, so that an address whose last guess was wrong is known as one that guesses. */
  const turns = /** @type {import('../state/expiring-map.js').ExpiringMap<number>} */ (
    createExpiringMap({ maxEntries: maxAddresses, now, forgets: true })
  );
  let turnInAll = 0;

  return {
    waitMs(address) {
      const turn = turns.get(address);
      if (turn === undefined) return 0;
      const waits = [nextTurn(turn, now(), perAddress), nextTurn(turnInAll, now(), inAll)];
      return Math.max(...waits.map(({ answer }) => (answer.allowed ? 0 : answer.retryAfterMs)));
    },
    count(address) {
      const { tat } = nextTurn(turns.get(address) ?? 0, now(), perAddress);
      turns.set(address, tat, now() + perAddress.perMs);
      turnInAll = nextTurn(turnInAll, now(), inAll).tat;
    },
  };
}
