// A circuit breaker in front of the service: after a row of failures in which no usable reply came, calls are refused at
// once for a while (no person waits for a dead service, none is billed), then one call is let through as a probe. The
// count and the state lie in the store, so that all proxies of a site learn from each other's failures and successes.
import { ProxyError, unavailable } from '../errors.js';
import { StoreError } from '../state/store.js';

/**
 * @typedef {object} BreakerOptions
 * @property {number} failures in a row after which it opens
 * @property {number} windowMs within which they must happen
 * @property {number} openMs how long it refuses calls before it lets a probe through
 */

/** @type {Readonly<BreakerOptions>} */
export const DEFAULT_BREAKER = Object.freeze({ failures: 8, windowMs: 30_000, openMs: 15_000 });

/**
 * How a call that was let in ended. `answered`: a usable reply came. `failed`: the service did not do its part (no
 * connection, a reset, a timeout, HTTP 502 to 504). `rejected`: it replied with something else that cannot be used, such as
 * HTTP 500, or gave up before it had all of the request: this very picture, or its sender, may be the reason. `unknown`: nothing can be said (the client went away, its body
 * was refused).
 *
 * @typedef {'answered' | 'failed' | 'rejected' | 'unknown'} Outcome
 * @typedef {(outcome: Outcome) => Promise<void>} Report
 */

/**
 * `marks` say who calls (an address, a token); `isWhole`: all of the client's body is here, so that the call depends on
 * nobody but the service.
 *
 * @typedef {{marks?: readonly string[], isWhole: boolean}} Entrant
 */

/**
 * @typedef {object} Breaker
 * @property {(entrant: Entrant) => Promise<Report | null>} enter rejects with UNAVAILABLE while it is open or another call
 *   probes the service; null when this call may become the probe once its body is whole
 * @property {() => Promise<boolean>} isOpen false from the moment on when a probe may come
 */

const COUNT = 'breaker:failures';
const OPEN = 'breaker:open'; // until when it is open, in milliseconds since 1970
const PROBE = 'breaker:probe';
const CALLER = 'breaker:caller:'; // somebody whose rejected call was counted

/** How long the store remembers that it was open: the first call after a quiet hour is no probe any more. */
const HALF_OPEN_MS = 3_600_000;
/** A probe holds its place so long, and again for as long as it is under way: that of a proxy that was killed is free soon. */
const LEASE_MS = 5_000;

/** What says that the service, and not the call, is at fault. */
const FAULTS = new Set(['UPSTREAM_UNREACHABLE', 'UPSTREAM_ERROR', 'UPSTREAM_TIMEOUT']);
/** Replies of a gateway before the service, or of a service that is overloaded; any picture would have had them. */
const GATEWAY_STATUSES = new Set([502, 503, 504]);

/**
 * @param {unknown} error that a call ended with
 * @param {boolean} [isWhole] the service could have had all of the request. Else a slow client may be why it gave up
 * @returns {Outcome}
 */
export function outcomeOf(error, isWhole = true) {
  if (!(error instanceof ProxyError)) return 'unknown';
  if (error.code === 'RATE_LIMITED') return 'answered';
  if (!FAULTS.has(error.code)) return 'unknown';
  if (!isWhole && error.code === 'UPSTREAM_ERROR') return 'rejected';
  const { serviceStatus } = error;
  return serviceStatus === undefined || GATEWAY_STATUSES.has(serviceStatus) ? 'failed' : 'rejected';
}

/** @param {() => void} work @param {number} ms @returns {() => void} */
function repeatEvery(work, ms) {
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
}

/**
 * @typedef {object} BreakerParts
 * @property {(text: string) => Promise<string>} [pseudonym] stands for a mark in the store
 * @property {number} [leaseMs]
 * @property {() => number} [now]
 * @property {(work: () => void, ms: number) => () => void} [repeat] runs it each `ms` until the function is called that
 *   it returns
 * @property {(isOpen: boolean) => void} [changed]
 */

/**
 * @param {import('../state/store.js').StateStore} store
 * @param {BreakerOptions} options
 * @param {BreakerParts} [parts]
 * @returns {Breaker}
 */
export function createBreaker(store, { failures, windowMs, openMs }, parts = {}) {
  const { leaseMs = LEASE_MS, now = Date.now, repeat = repeatEvery, changed = () => {} } = parts;
  const { pseudonym = async (/** @type {string} */ text) => text } = parts;

  /** Without the store the breaker lets calls pass: it spares the service, it does not guard anything. */
  const orElse = (/** @type {any} */ fallback) => (/** @type {unknown} */ error) => {
    if (error instanceof StoreError) return fallback;
    throw error;
  };

  async function close() {
    await store.remove(OPEN);
    await store.remove(PROBE);
    changed(false);
  }

  async function open() {
    await store.set(OPEN, String(now() + openMs), openMs + HALF_OPEN_MS);
    await store.remove(PROBE);
    await store.remove(COUNT);
    changed(true);
  }

  async function count() {
    if ((await store.increment(COUNT, windowMs)) < failures) return;
    // Calls that were under way when it opened fail too, and must not prolong the rest.
    if (Number(await store.get(OPEN)) <= now()) await open();
  }

  /** A caller is counted once in the window, so that one picture cannot open it for everybody. @param {readonly string[]} marks */
  async function countOnce(marks) {
    const names = await Promise.all(marks.map(pseudonym));
    const isNew = await Promise.all(names.map((name) => store.setIfAbsent(CALLER + name, '1', windowMs)));
    if (isNew.every(Boolean)) await count();
  }

  /** @param {Outcome} outcome @param {readonly string[]} marks */
  async function settle(outcome, marks) {
    // Any proxy's success ends the row of all; nobody waits for that.
    if (outcome === 'answered') void store.remove(COUNT).catch(() => {});
    else if (outcome === 'failed') await count();
    else if (outcome === 'rejected') await countOnce(marks);
  }

  /** @param {Outcome} outcome */
  async function settleProbe(outcome) {
    if (outcome === 'failed') await open();
    else if (outcome === 'answered') await close();
    else await store.remove(PROBE); // the next call may try
  }

  /**
   * The place of the probe, or null when somebody has it.
   *
   * @returns {Promise<Report | null>}
   */
  async function takeProbe() {
    if (!(await store.setIfAbsent(PROBE, '1', leaseMs))) return null;
    const end = repeat(() => void store.set(PROBE, '1', leaseMs).catch(() => {}), leaseMs / 2);
    return (outcome) => {
      end();
      return settleProbe(outcome).catch(orElse(undefined));
    };
  }

  /** @type {Report} */
  const unheard = async () => {};

  return {
    async enter({ marks = [], isWhole }) {
      const until = await store.get(OPEN).catch(orElse(null));
      if (until === null) return (outcome) => settle(outcome, marks).catch(orElse(undefined));
      const waitMs = Number(until) - now();
      if (waitMs > 0) throw isOpenError(waitMs);
      if (!isWhole && (await store.get(PROBE).catch(orElse(null))) === null) return null;
      const report = isWhole ? await takeProbe().catch(orElse(unheard)) : null;
      if (report === null) throw isOpenError(1000);
      return report;
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
