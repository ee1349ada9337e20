// The way to the service: a slot, then the circuit breaker, then the call; and what the call's end tells the breaker.

import { createPseudonym } from '../access/pseudonym.js';
import { createGathering } from '../body/gathering.js';
import { unavailable } from '../errors.js';
import { createBreaker, outcomeOf } from './breaker.js';
import { createFreshAnswer } from './fresh-answer.js';
import { createSlots } from './slots.js';

/**
 * What operators want to see of it.
 *
 * @typedef {object} GuardState
 * @property {number} calls under way
 * @property {number} queued
 * @property {boolean} breakerOpen
 */

/**
 * A call that wants to go to the service.
 *
 * @typedef {object} Passage
 * @property {AbortSignal} signal fires when the client goes away
 * @property {import('./call-scope.js').CallScope} scope owns the slot from then on
 * @property {readonly string[]} marks who calls
 * @property {import('../body/scanned-body.js').ScannedBody} body
 * @property {Uint8Array[]} queue what was read of the body; all of it is, before the call probes the service
 */

/**
 * @typedef {object} Guard
 * @property {(caller: {scope: import('./call-scope.js').CallScope, marks: readonly string[]}) => void} enter a request
 *   that was let in, before its body is read, until the scope's end; throws UNAVAILABLE or RATE_LIMITED
 * @property {<T>(passage: Passage, call: () => Promise<T>) => Promise<T>} run rejects with UNAVAILABLE when the call was
 *   not made
 * @property {() => Promise<GuardState>} state
 */

const STATE_AGE_MS = 1000;

/**
 * @param {Pick<import('../settings.js').Settings, 'store' | 'slots' | 'breaker' | 'secret' | 'room' | 'warn'>} settings
 * @returns {Guard}
 */
export function createGuard({ store, slots: slotOptions, breaker: breakerOptions, secret, room, warn }) {
  const slots = createSlots(slotOptions);
  const gathering = createGathering();
  const breaker =
    breakerOptions &&
    createBreaker(store, breakerOptions, {
      pseudonym: createPseudonym(secret),
      changed(isOpen) {
        breakerOpen.forget();
        warn(
          isOpen ? 'the service fails: the circuit breaker opens' : 'the service is back: the breaker closes',
        );
      },
    });
  // Other proxies' changes are seen so late at most.
  const breakerOpen = createFreshAnswer(async () => (await breaker?.isOpen()) ?? false, STATE_AGE_MS);

  /** Before the breaker, whose probe it may be, and before a use of the token is spent. */
  function checkRoom() {
    const lack = room(slots.state().calls);
    if (lack !== null)
      throw unavailable(`the proxy has no ${lack} left; nothing was sent`, { retryAfterMs: 2000 });
  }

  /** @param {Passage} passage */
  async function passBreaker({ marks, body, queue }) {
    const report = await breaker?.enter({ marks, isWhole: body.complete() });
    if (report !== null) return report;
    await gathering.gather(body, queue);
    return breaker?.enter({ marks, isWhole: true });
  }

  return {
    enter: ({ scope, marks }) => scope.own(slots.upload(marks)),
    async run(passage, call) {
      passage.scope.own(await slots.take(passage.signal, passage.marks));
      checkRoom();
      const report = await passBreaker(passage);
      try {
        const result = await call();
        await report?.('answered');
        return result;
      } catch (error) {
        await report?.(outcomeOf(error, passage.body.complete()));
        throw error;
      }
    },
    async state() {
      return { ...slots.state(), breakerOpen: await breakerOpen.get() };
    },
  };
}
