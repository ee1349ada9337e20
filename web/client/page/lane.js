// A lane: one worker (or its stand-in), its requests and the files that it holds. It starts the worker when it is first
// needed, rejects all pending requests when the worker dies, terminates one that is stuck in an aborted synchronous step, and
// one that has been idle.

import { fromRecord, NetocrError, nameOf } from '../shared/errors.js';
import { abortable } from './abortable.js';

/** @typedef {import('./types.js').Port} Port */
/** @typedef {import('./types.js').Task} Task */

// The memory of a WebAssembly module does not shrink: it is given back after this long without work.
const IDLE_MS = 60_000;
// Methods whose work cannot hear an abort message.
const SYNCHRONOUS = new Set(['prepareImage', 'holdImage']);
const HOLDING = new Set(['holdImage', 'holdVideo']);

/**
 * @param {ReturnType<typeof import('./connect.js').createConnector>['connect']} connect
 */
export function createLane(connect) {
  /** @type {Map<number, import('./types.js').Pending>} */
  const requests = new Map();
  /** @type {Map<number, AbortController>} each aborts `lost` of a held file */
  const held = new Map();
  /** @type {import('./types.js').State} */
  let state = { name: 'closed' };
  let lastId = 0;
  let waiting = 0;

  const currentPort = () => ('port' in state ? state.port : null);

  /** Starts the worker. @returns {Promise<Port>} */
  function start() {
    /** @type {Port | undefined} */
    let made;
    const connected = connect(onMessage, (error) => {
      if (made && currentPort() === made) die(error);
    });
    /** @type {import('./types.js').State & {name: 'opening'}} */
    const opening = {
      name: 'opening',
      opened: connected.then(
        (port) => {
          // It was stopped while it opened.
          if (state !== opening) {
            port.end();
            throw new NetocrError('CLIENT_CLOSED');
          }
          made = port;
          state = { name: 'idle', port };
          return port;
        },
        (error) => {
          if (state === opening) state = { name: 'closed' };
          throw error;
        },
      ),
    };
    state = opening;
    return opening.opened;
  }

  /** @param {AbortSignal} signal @returns {Promise<Port>} the port that is in use now */
  async function openPort(signal) {
    for (;;) {
      const opened = state.name === 'closed' ? start() : state.name === 'opening' && state.opened;
      const port = opened ? await abortable(opened, signal) : currentPort();
      // It may have been ended since the promise was settled.
      if (port && port === currentPort()) return port;
    }
  }

  /** After a change of `requests` or `held`. */
  function settle() {
    if (!('port' in state)) return;
    const { port } = state;
    if (state.name === 'idle') clearTimeout(state.timer);
    port.busy(requests.size > 0);
    if (requests.size + held.size > 0) {
      state = { name: requests.size > 0 ? 'busy' : 'holding', port };
      return;
    }
    /** @type {any} */
    const timer = setTimeout(stop, IDLE_MS);
    timer.unref?.();
    state = { name: 'idle', port, timer };
  }

  /** @param {number} id */
  function remove(id) {
    requests.delete(id);
    settle();
  }

  /** @param {import('../shared/protocol-types.js').FromWorker} message */
  function onMessage(message) {
    if (!('id' in message)) return;
    const pending = requests.get(message.id);
    if (!pending) return;
    const { task } = pending;
    if (message.type === 'progress') {
      task.onProgress?.(message.stage, message.fraction);
      return;
    }
    if (message.type === 'result') {
      pending.resolve(
        HOLDING.has(task.method) ? hold(message.id, task.signal, message.value) : message.value,
      );
    } else {
      pending.reject(fromRecord(message.error));
    }
    remove(message.id);
  }

  /** @param {number} id @param {AbortSignal} signal @param {any} value @returns {import('./types.js').HeldFile} */
  function hold(id, signal, value) {
    const controller = new AbortController();
    const handedOn = () => {
      if (held.delete(id)) settle();
    };
    const free = () => {
      if (held.has(id)) currentPort()?.post({ type: 'abort', id });
      handedOn();
    };
    held.set(id, controller);
    signal.addEventListener('abort', free, { once: true });
    return {
      value,
      id,
      lane,
      lost: controller.signal,
      forward: (port) => currentPort()?.post({ type: 'forward', id, port }, [port]),
      handedOn,
    };
  }

  /** Ends the worker; the next task starts another one. */
  function stop() {
    if (state.name === 'idle') clearTimeout(state.timer);
    currentPort()?.end();
    state = { name: 'closed' };
  }

  /** @param {unknown} error */
  function die(error) {
    stop();
    const pending = [...requests.values()];
    const files = [...held.values()];
    requests.clear();
    held.clear();
    for (const request of pending) request.reject(error);
    for (const file of files) file.abort(error);
  }

  /** @param {number} id @param {Task} task */
  function abandon(id, task) {
    remove(id);
    if (!('port' in state)) return;
    if (SYNCHRONOUS.has(task.method) && state.port.interruptible && state.name === 'idle') stop();
    else state.port.post({ type: 'abort', id });
  }

  /** @param {Port} port @param {Task} task */
  function post(port, task) {
    const { method, params, transfer, signal } = task;
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        abandon(id, task);
        reject(signal.reason);
      };
      const forget = () => signal.removeEventListener('abort', onAbort);
      requests.set(id, { task, resolve: after(forget, resolve), reject: after(forget, reject) });
      settle();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        port.post(
          /** @type {import('../shared/protocol-types.js').Request} */ ({
            type: 'request',
            id,
            method,
            params,
          }),
          transfer,
        );
      } catch (cause) {
        remove(id);
        forget();
        reject(new NetocrError('INVALID_ARGUMENT', { detail: `cannot be posted: ${nameOf(cause)}`, cause }));
      }
    });
  }

  const lane = {
    /** How many tasks it has. */
    load: () => requests.size + waiting,

    /**
     * Resolves when the worker is ready; one that has nothing to do then warms up. Errors: ENGINE_LOAD_FAILED; the
     * signal's reason.
     * @param {AbortSignal} signal
     */
    async open(signal) {
      const port = await openPort(signal);
      // In this thread it would be felt.
      if (port.interruptible && requests.size + waiting === 0) port.post({ type: 'practise' });
    },

    /** Whether a worker is there and ready. */
    isOpen: () => 'port' in state,

    /**
     * Resolves with what the method returns, or with a HeldFile. Errors: ENGINE_LOAD_FAILED, ENGINE_CRASHED, those of the
     * method; the signal's reason.
     * @param {Task} task
     * @param {() => {run: (task: Task) => Promise<any>} | undefined} [standby] who does it when this lane's worker does
     *   not start; nothing of the task has been handed over then
     * @returns {Promise<any>}
     */
    async run(task, standby) {
      waiting += 1;
      let port;
      try {
        port = await openPort(task.signal);
      } catch (error) {
        const other = task.signal.aborted ? undefined : standby?.();
        if (!other) throw error;
        return other.run(task);
      } finally {
        waiting -= 1;
      }
      task.signal.throwIfAborted();
      return post(port, task);
    },

    /** Ends the worker. Its requests are aborted by their own signals. */
    stop,
  };
  return lane;
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
