// What the proxy remembers between requests: spent uses of tokens, attempts, rates, and small values such as the state
// of a circuit breaker. A store may be shared by many proxies; every function is one atomic step in it.

/**
 * All keys are short ASCII strings; one key is used with one family of functions only (uses, attempts, rates or
 * values). Every function rejects with a StoreError when the store cannot answer: nobody knows then whether the step was made.
 *
 * @typedef {Steps & import('./attempts.js').AttemptSteps} StateStore
 */

/**
 * @typedef {object} Steps
 * @property {string} [name] for the operator, such as Redis
 * @property {(key: string, use: UseOfToken) => Promise<boolean>} spend spends one use; false when all are spent, or
 *   when the token is older than what the store can remember
 * @property {(key: string) => Promise<void>} giveBack gives one spent use back: only when nothing was done with it
 * @property {(key: string, rate: Rate) => Promise<RateAnswer>} takeTurn counts one event when the rate allows it
 * @property {(key: string) => Promise<string | null>} get a value that is there and has not expired
 * @property {(key: string, value: string, ttlMs: number) => Promise<void>} set
 * @property {(key: string, value: string, ttlMs: number) => Promise<boolean>} setIfAbsent false when there is one
 *   already: the one caller who gets true may do what only one may do
 * @property {(key: string, ttlMs: number) => Promise<number>} increment the new count; `ttlMs` runs from the first one
 * @property {(key: string) => Promise<void>} remove
 * @property {() => Promise<void>} ping resolves when the store answers
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} UseOfToken
 * @property {number} limit how many uses the token has
 * @property {number} issuedMs when the token was minted, in milliseconds since 1970
 * @property {number} ttlMs how long the token can still be used: spent uses are remembered at least as long
 */

/**
 * `events` in each `perMs` on the long run, and up to `events` at once after a pause (GCRA, the leaky bucket as a meter).
 *
 * @typedef {{events: number, perMs: number}} Rate
 */

/** @typedef {{allowed: true} | {allowed: false, retryAfterMs: number}} RateAnswer */

/**
 * `STORE_AWAY`: it does not answer. `STORE_FULL`: it has no room for what it must not forget. `STORE_REFUSED`: it answers,
 * but not to this proxy as it is configured.
 *
 * @typedef {'STORE_AWAY' | 'STORE_FULL' | 'STORE_REFUSED'} StoreErrorCode
 */

/** The store could not answer, or has no room for what it must not forget. */
export class StoreError extends Error {
  /**
   * @param {string} message static text
   * @param {unknown} [cause]
   * @param {{code?: StoreErrorCode, reason?: string}} [more] `code` is in the log beside UNAVAILABLE; `reason`: a word of
   *   the system or of the store for the operator, such as ECONNREFUSED
   */
  constructor(message, cause, { code = 'STORE_AWAY', reason = '' } = {}) {
    super(message, { cause });
    this.name = 'StoreError';
    this.code = code;
    this.reason = reason;
  }
}

/**
 * One event of a rate (GCRA): `tat`, the theoretical arrival time, is when the bucket is empty again.
 *
 * @param {number} tat as it was left by the event before, 0 at first
 * @param {number} now in the same clock
 * @param {Rate} rate
 * @returns {{tat: number, answer: RateAnswer}}
 */
export function nextTurn(tat, now, { events, perMs }) {
  const spacing = perMs / events;
  const next = Math.max(tat, now) + spacing;
  const wait = next - now - perMs;
  // One event too many makes it `spacing`; half of that leaves room for sums of fractions that are not exact.
  if (wait > spacing / 2) return { tat, answer: { allowed: false, retryAfterMs: wait } };
  return { tat: next, answer: { allowed: true } };
}
