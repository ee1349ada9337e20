// A lane: one worker (or its stand-in) and what it owes. It starts the worker when it is first needed, pays an error for
// everything owed when the worker dies, ends one that is stuck in an aborted synchronous step, and ends an idle one.

import { remembered } from '../core/loader.js';
import { fromRecord, NetocrError, nameOf } from '../shared/errors.js';

/** @typedef {import('./connect.js').Port} Port */
/** @typedef {import('../shared/protocol.js').FromWorker} FromWorker */
/**
 * @typedef {object} Task
 * @property {import('../shared/protocol.js').Method} method
 * @property {any} params
 * @property {Transferable[]} [transfer]
 * @property {AbortSignal} signal
 * @property {(stage: import('../shared/protocol.js').HostStage, fraction: number) => void} [onProgress]
 */
/** @typedef {{resolve: (value: any) => void, reject: (error: unknown) => void, task: Task}} Debt */

// The memory of a WebAssembly module does not shrink: it is given back after this long without work.
const IDLE_MS = 60_000;
// Methods whose work cannot hear an abort message.
const SYNCHRONOUS = new Set(['prepareImage']);

/**
 * @param {ReturnType<typeof import('./connect.js').createConnector>['connect']} connect
 */
export function createLane(connect) {
  /** @type {Map<number, Debt>} */
  const owed = new Map();
  /** @type {Port | null} */
  let port = null;
  /** @type {any} */
  let idle;
  let lastId = 0;
  let waiting = 0;
  // Counts the stops: a connection that was asked for before the last one is not wanted any more.
  let stops = 0;

  const opened = remembered(async () => {
    const asked = stops;
    const made = await connect(onMessage, (error) => {
      if (port === made) die(error);
    });
    if (asked !== stops) {
      made.end();
      throw new NetocrError('CLIENT_CLOSED');
    }
    port = made;
    return made;
  });

  /** @param {FromWorker} message */
  function onMessage(message) {
    if (!('id' in message)) return;
    const debt = owed.get(message.id);
    if (!debt) return;
    if (message.type === 'progress') {
      debt.task.onProgress?.(message.stage, message.fraction);
      return;
    }
    settle(message.id);
    if (message.type === 'result') debt.resolve(message.value);
    else debt.reject(fromRecord(message.error));
  }

  /** @param {number} id */
  function settle(id) {
    owed.delete(id);
    if (owed.size > 0 || !port) return;
    port.busy(false);
    idle = setTimeout(stop, IDLE_MS);
    idle.unref?.();
  }

  /** Ends the worker; the next task starts another one. */
  function stop() {
    clearTimeout(idle);
    stops += 1;
    port?.end();
    port = null;
    opened.drop();
  }

  /** @param {unknown} error */
  function die(error) {
    stop();
    const debts = [...owed.values()];
    owed.clear();
    for (const debt of debts) debt.reject(error);
  }

  /** @param {number} id @param {Task} task */
  function abandon(id, task) {
    settle(id);
    if (!port) return;
    if (SYNCHRONOUS.has(task.method) && port.interruptible && owed.size === 0) stop();
    else port.post({ type: 'abort', id });
  }

  /** @param {AbortSignal} signal @returns {Promise<Port>} the port that is in use now */
  async function currentPort(signal) {
    for (;;) {
      const open = await abortable(opened.get(), signal);
      // It may have been ended since the promise was settled.
      if (open === port) return open;
    }
  }

  /** @param {Port} open @param {Task} task */
  function owe(open, task) {
    const { method, params, transfer, signal } = task;
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        abandon(id, task);
        reject(signal.reason);
      };
      const forget = () => signal.removeEventListener('abort', onAbort);
      owed.set(id, { task, resolve: after(forget, resolve), reject: after(forget, reject) });
      clearTimeout(idle);
      open.busy(true);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        open.post({ type: 'request', id, method, params }, transfer);
      } catch (cause) {
        settle(id);
        forget();
        reject(new NetocrError('INVALID_ARGUMENT', { detail: `cannot be posted: ${nameOf(cause)}`, cause }));
      }
    });
  }

  return {
    /** How many tasks it has. */
    load: () => owed.size + waiting,

    /**
     * Resolves when the worker is ready; one that has nothing to do then practises. Errors: ENGINE_LOAD_FAILED; the
     * signal's reason.
     * @param {AbortSignal} signal
     */
    async open(signal) {
      const open = await currentPort(signal);
      // In this thread it would be felt.
      if (open.interruptible && owed.size + waiting === 0) open.post({ type: 'practise' });
    },

    /** Whether a worker is there and ready. */
    isOpen: () => port !== null,

    /**
     * Errors: ENGINE_LOAD_FAILED, ENGINE_CRASHED, those of the method; the signal's reason.
     * @param {Task} task
     * @param {() => {run: (task: Task) => Promise<any>} | undefined} [standby] who does it when this lane's worker does
     *   not start; nothing of the task has been handed over then
     * @returns {Promise<any>}
     */
    async run(task, standby) {
      waiting += 1;
      let open;
      try {
        open = await currentPort(task.signal);
      } catch (error) {
        const other = task.signal.aborted ? undefined : standby?.();
        if (!other) throw error;
        return other.run(task);
      } finally {
        waiting -= 1;
      }
      task.signal.throwIfAborted();
      return owe(open, task);
    },

    /** Ends the worker. What it owes is aborted by its own signal. */
    stop,
  };
}

/**
 * @template T
 * @param {() => void} first
 * @param {(value: T) => void} then
 * @returns {(value: T) => void}
 */
function after(first, then) {
  return (value) => {
    first();
    then(value);
  };
}

/**
 * `promise`, or the signal's reason as soon as it is aborted; the promise goes on for others.
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function abortable(promise, signal) {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
