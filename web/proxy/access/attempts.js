// Attempts: how often the same person may try the same operation, whatever their tokens permit. A backend that mints a
// token for each call would else let one applicant look for a picture that passes.
import { attemptsExhausted } from '../errors.js';
import { OPERATIONS } from '../routes.js';
import { createPseudonym } from './pseudonym.js';

/** @typedef {import('../routes.js').Operation} Operation */
/** @typedef {import('../state/attempts.js').AttemptLimit} AttemptLimit */

/**
 * For all operations, and over that for single ones; null counts none. What is left out is as in DEFAULT_ATTEMPTS.
 *
 * @typedef {Partial<AttemptLimit> & Partial<Record<Operation, Partial<AttemptLimit> | null>>} AttemptOptions
 */

/**
 * @typedef {object} AttemptSettings
 * @property {Readonly<Record<Operation, AttemptLimit | null>>} limits
 * @property {boolean} ofAnonymous calls without a token count too, by address
 */

/** @type {Readonly<AttemptLimit>} */
export const DEFAULT_ATTEMPTS = Object.freeze({ max: 5, perMs: 180_000, blockMs: 1_800_000 });

const MAX_ATTEMPTS = 1000;
/** Clients believe no longer wait. */
const MAX_BLOCK_MS = 30 * 24 * 3_600_000;

/**
 * Throws a TypeError that names the option.
 *
 * @param {AttemptOptions | null | undefined} given undefined: the default
 * @param {{store: import('../state/store.js').StateStore, isOnNetwork: boolean}} proxy `isOnNetwork`: others than this
 *   machine may call without a token, who then count by default as well
 * @returns {AttemptSettings}
 */
export function checkAttempts(given, { store, isOnNetwork }) {
  const all = given ?? {};
  const isOption = (/** @type {string} */ name) => Object.hasOwn(DEFAULT_ATTEMPTS, name);
  const isOperation = (/** @type {any} */ name) => OPERATIONS.includes(name);
  if (!isObject(all) || !Object.keys(all).every((name) => isOption(name) || isOperation(name)))
    throw new TypeError(`attempts must be null or of max, perMs, blockMs, ${OPERATIONS.join(', ')}`);
  const base = Object.fromEntries(Object.entries(all).filter(([name]) => isOption(name)));
  const limits = /** @type {AttemptSettings['limits']} */ (
    Object.fromEntries(
      OPERATIONS.map((name) => [name, given === null ? null : checkLimit(name, base, all[name])]),
    )
  );
  const counts = Object.values(limits).some((limit) => limit !== null);
  if (counts && (!store.takeAttempt || !store.giveBackAttempt))
    throw new TypeError('store must have takeAttempt and giveBackAttempt, or attempts be null');
  return { limits, ofAnonymous: given === undefined ? isOnNetwork : given !== null };
}

/**
 * @param {Operation} operation
 * @param {Partial<AttemptLimit>} base
 * @param {Partial<AttemptLimit> | null | undefined} own
 * @returns {AttemptLimit | null}
 */
function checkLimit(operation, base, own) {
  if (own === null) return null;
  const limit = { ...DEFAULT_ATTEMPTS, ...base, ...own };
  const { max, perMs, blockMs } = limit;
  const sound =
    (own === undefined || isObject(own)) &&
    Object.keys(limit).length === 3 &&
    [max, perMs, blockMs].every((value) => Number.isSafeInteger(value) && value > 0) &&
    max <= MAX_ATTEMPTS &&
    blockMs <= MAX_BLOCK_MS;
  if (!sound)
    throw new TypeError(
      `attempts of ${operation} must be {max, perMs, blockMs}, whole numbers (max to ${MAX_ATTEMPTS}, 30 days), or null`,
    );
  if (blockMs < perMs) throw new TypeError(`attempts of ${operation}: blockMs must not be under perMs`);
  return Object.freeze(limit);
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The variable NETOCR_ATTEMPTS.
 *
 * @param {string | undefined} value such as 5/180/1800 (attempts/seconds/seconds of the block) or off
 * @returns {AttemptOptions | null | undefined}
 */
export function readAttempts(value) {
  if (!value) return undefined;
  if (value === 'off') return null;
  const [, max, per, block] = /^([1-9]\d{0,3})\/([1-9]\d{0,6})\/([1-9]\d{0,6})$/.exec(value) ?? [];
  if (!max)
    throw new TypeError(
      'NETOCR_ATTEMPTS must look like 5/180/1800 (attempts/seconds/blocked seconds), or off',
    );
  return { max: Number(max), perMs: Number(per) * 1000, blockMs: Number(block) * 1000 };
}

/**
 * @typedef {object} Attempts
 * @property {(mark: string, operation: Operation) => Promise<() => Promise<void>>} take counts one attempt of whom `mark`
 *   stands for; resolves with what gives it back, which never rejects. Rejects with ATTEMPTS_EXHAUSTED, or with a
 *   StoreError: an attempt that nobody counted is none
 * @property {boolean} ofAnonymous
 */

/**
 * @param {{attempts: AttemptSettings, store: import('../state/store.js').StateStore, secret: string}} settings
 * @returns {Attempts}
 */
export function createAttempts({ attempts: { limits, ofAnonymous }, store, secret }) {
  const pseudonym = createPseudonym(secret);
  return {
    ofAnonymous,
    async take(mark, operation) {
      const limit = limits[operation];
      if (limit === null) return async () => {};
      // The store learns nobody's name.
      const key = await pseudonym(`attempt:${operation}:${mark}`);
      const answer = await store.takeAttempt(key, limit);
      if (!answer.allowed) throw attemptsExhausted(answer.retryAfterMs);
      return () => store.giveBackAttempt(key, answer.at).catch(() => {});
    },
  };
}
