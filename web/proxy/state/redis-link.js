// The lasting way to one Redis server: a connection that is made anew whenever it is gone. While there is none, calls are
// rejected at once.
import { within } from './redis-connection.js';
import { explain, withoutConnection } from './redis-faults.js';

/** @typedef {import('./redis-connection.js').Connection} Connection */

/**
 * @typedef {object} Link
 * @property {Connection['send']} send rejects with a StoreError while there is no connection
 * @property {() => boolean} isReady
 * @property {Promise<void>} first ends with the first attempt: rejects with a StoreError when that failed
 * @property {() => void} close
 */

/**
 * @typedef {object} LinkParts
 * @property {() => Promise<Connection>} connect
 * @property {(connection: Connection) => Promise<void>} prepare what must be done before any call
 * @property {(isReady: boolean) => void} [changed]
 */

/** The pause after a connection was lost, and the longest one. */
const PAUSE_MS = 50;
const MAX_PAUSE_MS = 1000;

/**
 * @param {LinkParts} parts
 * @param {{answerMs: number}} times
 * @returns {Link}
 */
export function createLink({ connect, prepare, changed = () => {} }, { answerMs }) {
  /** @type {Connection | null} */
  let connection = null;
  /** @type {unknown} */
  let reason;
  const pause = createPause();
  const first = deferred();

  async function open() {
    const opened = await connect();
    try {
      if (pause.isOver()) throw new Error('closed');
      await within(prepare(opened), answerMs);
      return opened;
    } catch (error) {
      opened.close();
      throw explain(error);
    }
  }

  /** Until the connection that it made is gone; rejects when it could make none. */
  async function connectOnce() {
    const opened = await open();
    connection = opened;
    first.resolve();
    changed(true);
    reason = await opened.lost;
    connection = null;
    changed(false);
  }

  async function live() {
    for (let failures = 0; !pause.isOver(); ) {
      try {
        await connectOnce();
        failures = 0;
      } catch (error) {
        reason = error;
        failures += 1;
        first.reject(error);
      }
      await pause.take(Math.min(PAUSE_MS * 2 ** Math.min(failures, 10), MAX_PAUSE_MS));
    }
  }
  void live();

  return {
    async send(args, options) {
      if (!connection) throw withoutConnection('Redis cannot be reached', reason);
      return connection.send(args, options);
    },
    isReady: () => connection !== null,
    first: first.promise,
    close() {
      pause.end();
      connection?.close();
    },
  };
}

/** A pause that can be ended, and with it every later one. */
export function createPause() {
  let isOver = false;
  let wake = () => {};
  return {
    isOver: () => isOver,
    /** @param {number} ms @returns {Promise<void>} */
    take(ms) {
      if (isOver) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    end() {
      isOver = true;
      wake();
    },
  };
}

/**
 * Work that many ask for and that is done once for all who ask meanwhile.
 *
 * @param {() => Promise<unknown>} work whose failure is its own affair
 * @returns {() => void}
 */
export function oneAtATime(work) {
  let isUnderWay = false;
  return () => {
    if (isUnderWay) return;
    isUnderWay = true;
    const done = () => {
      isUnderWay = false;
    };
    work().then(done, done);
  };
}

function deferred() {
  /** @type {{resolve: () => void, reject: (error: unknown) => void}} */
  let ends = { resolve: () => {}, reject: () => {} };
  /** @type {Promise<void>} */
  const promise = new Promise((resolve, reject) => {
    ends = { resolve, reject };
  });
  // Nobody needs to wait for it: the calls are rejected with the same reason.
  promise.catch(() => {});
  return { promise, ...ends };
}
