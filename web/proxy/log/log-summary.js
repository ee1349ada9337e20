// Keeps the log from being flooded by requests that cost their sender nothing: those that were not let in are logged a few
// at a time, and what comes beyond that becomes one line with a count.
import { nextTurn } from '../state/store.js';

/** @typedef {import('../settings.js').LogRecord} LogRecord */

/** Of refused requests that are alike, such as unknown paths: garbage of which one line a second says enough. */
const REFUSED = Object.freeze({ events: 1, perMs: 1000 });
/** Of others, such as calls without a good token: whoever looks for one by its request id mostly finds it. */
const OTHERS = Object.freeze({ events: 50, perMs: 1000 });

const FLUSH_MS = 1000;

/**
 * @typedef {object} LogSummary
 * @property {(record: LogRecord) => void} write a request that was not let in
 * @property {() => void} flush logs at once what waits
 */

/**
 * Requests are alike when path, status and code are: all three come from short lists, so there are few kinds. A line with
 * a `count` has its other fields from the newest of them.
 *
 * @param {(record: LogRecord) => void} log
 * @param {{now?: () => number, later?: (work: () => void, ms: number) => void}} [clock]
 * @returns {LogSummary}
 */
export function createLogSummary(log, { now = Date.now, later = afterwards } = {}) {
  /** @type {Map<string, {rate: import('../state/store.js').Rate, tat: number, newest: LogRecord | null, count: number}>} */
  const kinds = new Map();
  let isPlanned = false;

  /** @param {LogRecord} record */
  function kindOf({ path, status, code }) {
    const name = `${status} ${code} ${path}`;
    const rate = code === 'REQUEST_REFUSED' || code === 'RATE_LIMITED' ? REFUSED : OTHERS;
    const kind = kinds.get(name) ?? { rate, tat: 0, newest: null, count: 0 };
    kinds.set(name, kind);
    return kind;
  }

  function flush() {
    isPlanned = false;
    for (const kind of kinds.values()) {
      const { newest, count } = kind;
      if (!newest) continue;
      log(count > 1 ? { ...newest, count } : newest);
      kind.tat = nextTurn(kind.tat, now(), kind.rate).tat;
      kind.newest = null;
      kind.count = 0;
    }
  }

  return {
    write(record) {
      const kind = kindOf(record);
      const { tat, answer } = nextTurn(kind.tat, now(), kind.rate);
      kind.tat = tat;
      if (answer.allowed && !kind.newest) return log(record);
      kind.newest = record;
      kind.count += 1;
      if (!isPlanned) later(flush, FLUSH_MS);
      isPlanned = true;
    },
    flush,
  };
}

/** A line that waits keeps no process alive. @param {() => void} work @param {number} ms */
function afterwards(work, ms) {
  const timer = /** @type {{unref?: () => void}} */ (/** @type {unknown} */ (setTimeout(work, ms)));
  timer.unref?.();
}
