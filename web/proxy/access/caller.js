// One call that was let in, and what it takes at the last moment before it goes to the service: one of its token's uses
// and one attempt of its applicant, both or neither.
import { tokenRefused, unavailable } from '../errors.js';
import { StoreError } from '../state/store.js';
import { SKEW_MS } from './tokens.js';

/**
 * @typedef {object} Caller
 * @property {{id: string, applicantId: string} | null} token null when the call came without one
 * @property {readonly string[]} marks what the caller is known by: the address, the applicant or else the token
 * @property {() => Promise<void>} spend before the first byte goes to the service; rejects with TOKEN_EXPIRED,
 *   TOKEN_USED_UP or ATTEMPTS_EXHAUSTED, or with UNAVAILABLE when the store does not answer: a use that nobody counted is
 *   none
 * @property {() => Promise<void>} giveBack only when no byte went there; never rejects
 */

/**
 * `marks`: of the address.
 *
 * @typedef {object} Call
 * @property {import('../routes.js').Operation} operation
 * @property {readonly string[]} marks
 */

/**
 * @typedef {object} Parts
 * @property {import('../state/store.js').StateStore} store
 * @property {import('./attempts.js').Attempts} attempts
 * @property {() => number} now in milliseconds since 1970
 */

/** Takes something; resolves with what gives it back, which never rejects. @typedef {() => Promise<() => Promise<void>>} Take */

/**
 * How much longer than its token a spent use is remembered. The proxy that spent it may be ahead by the allowed skew and
 * another one as much behind, and that one's step may come to the store some seconds after it looked at its clock.
 */
const KEEP_MS = 2 * SKEW_MS + 5000;

/**
 * @param {import('./tokens.js').Permit} permit
 * @param {Call} call
 * @param {Parts} parts
 * @returns {Caller}
 */
export function callerWith({ id, applicantId, limit, issuedMs, expiresMs }, call, { store, attempts, now }) {
  const { operation, marks } = call;
  const mark = applicantId ? `applicant:${applicantId}` : `token:${id}`;
  const key = `${id}:${operation}`;

  /** @type {Take} */
  async function takeUse() {
    const leftMs = expiresMs - now();
    // The body may have taken long.
    if (leftMs <= 0) throw tokenRefused('TOKEN_EXPIRED', 'the token has expired');
    if (!(await store.spend(key, { limit, issuedMs, ttlMs: leftMs + KEEP_MS }))) {
      throw tokenRefused('TOKEN_USED_UP', 'all uses of the token are spent');
    }
    return () => store.giveBack(key).catch(() => {});
  }
  // The use first: of many calls with a token that is used up none takes an attempt, not even for a moment.
  const both = allOrNone([takeUse, () => attempts.take(mark, operation)]);
  return { token: { id, applicantId }, marks: [...marks, mark], ...both };
}

/**
 * @param {Call} call
 * @param {Pick<Parts, 'attempts'>} parts
 * @returns {Caller}
 */
export function anonymousCaller({ operation, marks }, { attempts }) {
  // Callers whose address is not known count as one: an attempt that nobody counted is none.
  const [mark = 'address:unknown'] = marks;
  const takeAttempt = () => attempts.take(mark, operation);
  return { token: null, marks, ...allOrNone(attempts.ofAnonymous ? [takeAttempt] : []) };
}

/**
 * @param {readonly Take[]} takes in this order
 * @returns {Pick<Caller, 'spend' | 'giveBack'>}
 */
function allOrNone(takes) {
  /** @type {(() => Promise<void>)[]} */
  const taken = [];
  async function giveBack() {
    await Promise.all(taken.splice(0).map((undo) => undo()));
  }
  return {
    async spend() {
      try {
        for (const take of takes) taken.push(await take());
      } catch (error) {
        await giveBack();
        throw error instanceof StoreError ? storeIsAway(error) : error;
      }
    },
    giveBack,
  };
}

/** @param {StoreError} error */
export function storeIsAway(error) {
  return unavailable('the proxy cannot reach its memory; nothing was sent', { cause: error });
}
