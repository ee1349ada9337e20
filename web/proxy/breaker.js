// A circuit breaker in front of the service: after a row of failures in which no usable reply came, calls are refused at
// once for a while (no person waits for a dead service, none is billed), then one call is let through as a probe. The
// count and the state lie in the store, so that all proxies of a site learn from each other's failures.
import { ProxyError, unavailable } from './errors.js';
import { StoreError } from './state/store.js';

/**
 * @typedef {object} BreakerOptions
 * @property {number} failures in a row after which it opens
 * @property {number} windowMs within which they must happen
 * @property {number} openMs how long it refuses calls before it lets a probe through
 */

/** @type {Readonly<BreakerOptions>} */
export const DEFAULT_BREAKER = Object.freeze({ failures: 8, windowMs: 30_000, openMs: 15_000 });

/**
 * How a call that was let in ended: `answered` for any usable reply, `failed` for none, `unknown` when neither can be
 * said (the client went away, its body was refused).
 *
 * @typedef {(outcome: 'answered' | 'failed' | 'unknown') => Promise<void>} Report
 */

/**
 * @typedef {object} Breaker
 * @property {() => Promise<Report>} enter rejects with UNAVAILABLE while it is open
 * @property {() => Promise<boolean>} isOpen false from the moment on when a probe may come
 */

const COUNT = 'breaker:failures';
const OPEN = 'breaker:open'; // until when it is open, in milliseconds since 1970
const PROBE = 'breaker:probe';

/** What says that the service, and not the call, is at fault. */
const FAULTS = new Set(['UPSTREAM_UNREACHABLE', 'UPSTREAM_ERROR', 'UPSTREAM_TIMEOUT']);

/**
 * @param {unknown} error that a call ended with
 * @returns {'answered' | 'failed' | 'unknown'}
 */
export function outcomeOf(error) {
  if (!(error instanceof ProxyError)) return 'unknown';
  if (FAULTS.has(error.code)) return 'failed';
  return error.code === 'RATE_LIMITED' ? 'answered' : 'unknown';
}

/**
 * @param {import('./state/store.js').StateStore} store
 * @param {BreakerOptions} options
 * @param {{probeMs: number, now?: () => number, changed?: (isOpen: boolean) => void}} more `probeMs`: how long a call
 *   may take; a probe that nobody reported after that is forgotten
 * @returns {Breaker}
 */
export function createBreaker(
  store,
  { failures, windowMs, openMs },
  { probeMs, now = Date.now, changed = () => {} },
) {
  let failedHere = false; // since the last reply: a good call then has something to clear

  /** Without the store the breaker lets calls pass: it spares the service, it does not guard anything. */
  const orElse = (/** @type {any} */ fallback) => (/** @type {unknown} */ error) => {
    if (error instanceof StoreError) return fallback;
    throw error;
  };

  /** @param {boolean} wasProbe */
  async function close(wasProbe) {
    failedHere = false;
    await store.remove(COUNT);
    if (!wasProbe) return;
    await store.remove(OPEN);
    await store.remove(PROBE);
    changed(false);
  }

  async function open() {
    // The state outlives its time, so that the next call knows that it is a probe.
    await store.set(OPEN, String(now() + openMs), openMs + 10 * probeMs);
    await store.remove(PROBE);
    changed(true);
  }

  async function fail(/** @type {boolean} */ wasProbe) {
    failedHere = true;
    if (wasProbe || (await store.increment(COUNT, windowMs)) >= failures) await open();
  }

  /**
   * @param {'answered' | 'failed' | 'unknown'} outcome
   * @param {boolean} wasProbe
   */
  async function settle(outcome, wasProbe) {
    if (outcome === 'failed') await fail(wasProbe);
    else if (outcome === 'answered' && (wasProbe || failedHere)) await close(wasProbe);
    else if (outcome === 'unknown' && wasProbe) await store.remove(PROBE); // the next call may try
  }

  /**
   * @param {boolean} wasProbe
   * @returns {Report}
   */
  function reporter(wasProbe) {
    return (outcome) => settle(outcome, wasProbe).catch(orElse(undefined));
  }

  return {
    async enter() {
      const until = await store.get(OPEN).catch(orElse(null));
      if (until === null) return reporter(false);
      const waitMs = Number(until) - now();
      if (waitMs > 0) throw isOpenError(waitMs);
      if (await store.setIfAbsent(PROBE, '1', probeMs).catch(orElse(true))) return reporter(true);
      throw isOpenError(1000);
    },
    async isOpen() {
      const until = await store.get(OPEN).catch(orElse(null));
      return until !== null && Number(until) > now();
    },
  };
}

/** @param {number} retryAfterMs */
function isOpenError(retryAfterMs) {
  return unavailable('the service does not answer at present; nothing was sent', { retryAfterMs });
}
