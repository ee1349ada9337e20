// Plays a fuzz target: each round has a seed of its own, so that one number is enough to play a failing round again.
import { randomInts } from '../scanner-cases.mjs';

/**
 * @typedef {object} Target
 * @property {(random: (n: number) => number) => string} make an input
 * @property {(input: string) => boolean} check throws when the proxy and an independent reading of the input differ;
 *   whether the proxy accepts it
 */

/**
 * Ends with the first failure, or after so many rounds or seconds.
 *
 * @param {Target} target
 * @param {{seed: number, rounds?: number, seconds?: number}} options `seed` of the first round; the next has the one after it
 * @returns {{rounds: number, accepted: number, failure: {seed: number, input: string, message: string} | null}}
 */
export function play(
  target,
  { seed, rounds = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY },
) {
  const end = performance.now() + 1000 * seconds;
  let accepted = 0;
  let round = 0;
  while (round < rounds && performance.now() < end) {
    const input = target.make(randomInts(seed + round));
    round += 1;
    try {
      if (target.check(input)) accepted += 1;
    } catch (error) {
      const message = `${JSON.stringify(input)}: ${error.stack}`;
      return { rounds: round, accepted, failure: { seed: seed + round - 1, input, message } };
    }
  }
  return { rounds: round, accepted, failure: null };
}
