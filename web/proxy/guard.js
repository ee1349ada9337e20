// The way to the service: a slot, then the circuit breaker, then the call; and what the call's end tells the breaker.
import { createBreaker, outcomeOf } from './breaker.js';
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
 * @typedef {object} Guard
 * @property {<T>(client: {signal: AbortSignal, scope: import('./call-scope.js').CallScope}, call: () => Promise<T>) =>
 *   Promise<T>} run rejects with UNAVAILABLE when the call was not made. The slot is the scope's, until its end
 * @property {() => Promise<GuardState>} state
 */

/**
 * @param {Pick<import('./settings.js').Settings, 'store' | 'slots' | 'breaker' | 'limits' | 'warn'>} settings
 * @returns {Guard}
 */
export function createGuard({ store, slots: slotOptions, breaker: breakerOptions, limits, warn }) {
  const slots = createSlots(slotOptions);
  const breaker =
    breakerOptions &&
    createBreaker(store, breakerOptions, {
      probeMs: limits.connectMs + limits.bodyTotalMs + limits.replyMs,
      changed: (isOpen) =>
        warn(
          isOpen ? 'the service fails: the circuit breaker opens' : 'the service is back: the breaker closes',
        ),
    });

  return {
    async run({ signal, scope }, call) {
      scope.own(await slots.take(signal));
      const report = await breaker?.enter();
      try {
        const result = await call();
        await report?.('answered');
        return result;
      } catch (error) {
        await report?.(outcomeOf(error));
        throw error;
      }
    },
    async state() {
      return { ...slots.state(), breakerOpen: (await breaker?.isOpen()) ?? false };
    },
  };
}
