// Whether this process has what one more call needs: a descriptor for the connection to the service, memory, and an event
// loop that keeps up. Asked before a use of a token is spent. Node only.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { devNull, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/**
 * What is lacking, or null. `calls`: how many are under way, this one among them.
 *
 * @typedef {(calls: number) => string | null} Room
 */

/** What a process that is out of descriptors, ports or buffers hears from the system when it connects. */
const SYSTEM_CODES = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL']);

const FULL = 0.9; // of the memory that there is
const SAMPLE_MS = 250;
const MAX_LAG_MS = 2_000;
const LAG_WEIGHT = 0.25; // of the newest sample: one long pause of the machine is no lasting lag
const LAG_MS = 100;

/** @param {unknown} error */
export function isLackOfRoom(error) {
  return SYSTEM_CODES.has(/** @type {NodeJS.ErrnoException} */ (error)?.code ?? '');
}

/** Opens a descriptor and closes it again; throws the system's error. */
function tryDescriptor() {
  closeSync(openSync(devNull, 'r'));
}

/** How full the memory is, from 0 to 1: what is resident of what the process may have, or the heap of its limit. */
function memoryInUse() {
  const limit = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
  return Math.max(process.memoryUsage.rss() / Math.min(limit, totalmem()), used / most);
}

/**
 * @param {{openDescriptor?: () => void, inUse?: () => number, now?: () => number}} [system]
 * @returns {{room: Room, stop: () => void}}
 */
export function createRoom({
  openDescriptor = tryDescriptor,
  inUse = memoryInUse,
  now = () => performance.now(),
} = {}) {
  let sampledAt = Number.NEGATIVE_INFINITY;
  let isFull = false;
  let lagMs = 0;
  let dueAt = now() + LAG_MS;
  const timer = setInterval(() => {
    lagMs += LAG_WEIGHT * (Math.max(0, now() - dueAt) - lagMs);
    dueAt = now() + LAG_MS;
  }, LAG_MS).unref();

  function isMemoryFull() {
    if (now() - sampledAt >= SAMPLE_MS) {
      sampledAt = now();
      isFull = inUse() > FULL;
    }
    return isFull;
  }

  function hasDescriptor() {
    try {
      openDescriptor();
      return true;
    } catch (error) {
      return !isLackOfRoom(error); // where there is no such file nothing is known
    }
  }

  return {
    room(calls) {
      if (!hasDescriptor()) return 'file descriptor';
      // A first call may always try: nothing that ends could free what is held, and new work makes the collector run.
      if (calls > 1 && isMemoryFull()) return 'memory';
      return lagMs > MAX_LAG_MS ? 'processor time' : null;
    },
    stop: () => clearInterval(timer),
  };
}

/** For the program itself: its modules, Redis, the log, the internal port, the webhook, the reserved connections. */
const OWN_DESCRIPTORS = 64;

/**
 * How many connections and calls the limit of open files has room for, in the given proportion.
 *
 * @param {{maxConnections: number, maxCalls: number}} wanted
 * @param {number} limit
 */
export function fitDescriptors({ maxConnections, maxCalls }, limit) {
  const share = Math.min(1, Math.max(0, limit - OWN_DESCRIPTORS) / (maxConnections + maxCalls));
  return {
    maxConnections: Math.max(1, Math.floor(maxConnections * share)),
    maxCalls: Math.max(1, Math.floor(maxCalls * share)),
  };
}

/** How many files this process may have open; Infinity where the system does not tell. */
export function descriptorLimit() {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit ? Number(limit) : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
