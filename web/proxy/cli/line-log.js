// Lines for stdout or stderr, written beside the program: a reader that stalls, a reader that is gone and a full disk cost
// lines, which are counted, and never the service. Lines are written together, since the write is what a line costs.
import { fstatSync, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Where bytes go. One write at a time.
 *
 * @typedef {object} Output
 * @property {(bytes: Buffer, done: (error: Error | null, isTorn: boolean) => void) => void} write `isTorn`: it failed after
 *   a part was written
 * @property {(bytes: Buffer) => void} writeNow at the process's end: as much as can be written without waiting
 * @property {() => void} close gives up what is still being written
 */

/**
 * @typedef {object} LineLog
 * @property {(line: string) => void} write a line with its line end. Never waits, never throws
 * @property {() => number} dropped how many lines were lost
 * @property {(options?: {graceMs?: number}) => Promise<void>} close resolves when all is written, or after `graceMs`
 *   (default 1 s); later lines are dropped
 * @property {() => void} flushNow for the process's `exit` event
 */

/** How much may wait: some thousands of lines. */
const MAX_BYTES = 1 << 20;
const BATCH_BYTES = 8192;

/**
 * @param {Output} output
 * @param {{maxBytes?: number, flushMs?: number}} [options] `flushMs`: how long a line waits for others
 * @returns {LineLog}
 */
export function createLineLog(output, { maxBytes = MAX_BYTES, flushMs = 50 } = {}) {
  /** @type {string[]} */
  let waiting = [];
  let waitingBytes = 0;
  let writtenBytes = 0; // of the batch that is being written; 0 when none is
  let isTorn = false;
  let isClosed = false;
  let dropped = 0;
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  /** @type {() => void} */
  let idle = () => {};

  function takeBatch() {
    // What was cut off in the middle must not run into the next line.
    const text = (isTorn ? '\n' : '') + waiting.join('');
    const lines = waiting.length;
    waiting = [];
    waitingBytes = 0;
    isTorn = false;
    return { bytes: Buffer.from(text), lines };
  }

  function flush() {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (writtenBytes > 0) return;
    if (waiting.length === 0) return idle();
    const { bytes, lines } = takeBatch();
    writtenBytes = bytes.length;
    output.write(bytes, (error, torn) => {
      writtenBytes = 0;
      if (error) dropped += lines;
      isTorn = torn;
      flush();
    });
  }

  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (isClosed || waitingBytes + writtenBytes + bytes > maxBytes) {
        dropped += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += bytes;
      if (waitingBytes >= BATCH_BYTES) flush();
      else timer ??= setTimeout(flush, flushMs);
    },
    dropped: () => dropped,
    async close({ graceMs = 1000 } = {}) {
      isClosed = true;
      const limit = new Promise((resolve) => void setTimeout(resolve, graceMs).unref());
      const done = new Promise((resolve) => {
        idle = () => resolve(undefined);
      });
      flush();
      await Promise.race([done, limit]);
      output.close();
    },
    flushNow() {
      if (writtenBytes === 0 && waiting.length > 0) output.writeNow(takeBatch().bytes);
    },
  };
}

/**
 * @param {1 | 2} descriptor stdout or stderr
 * @returns {Output}
 */
export function openOutput(descriptor) {
  /** @param {Buffer} bytes */
  function writeNow(bytes) {
    try {
      writeSync(descriptor, bytes);
    } catch {
      // A pipe that is full or closed, a full disk: nobody is left who could be told.
    }
  }
  return { ...(isStream(descriptor) ? toStream(descriptor) : toFile(descriptor)), writeNow };
}

/** @param {number} descriptor */
function isStream(descriptor) {
  const stat = fstatSync(descriptor);
  return stat.isFIFO() || stat.isSocket();
}

/** @param {number} descriptor @returns {Omit<Output, 'writeNow'>} */
function toStream(descriptor) {
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  socket.on('error', () => {}); // told by the write's own callback
  return {
    write: (bytes, done) => void socket.write(bytes, (error) => done(error ?? null, false)),
    close: () => void socket.destroy(),
  };
}

/**
 * A file or a terminal: the system's write may wait, so it runs in a thread.
 *
 * @param {number} descriptor
 * @returns {Omit<Output, 'writeNow'>}
 */
function toFile(descriptor) {
  /** @param {Buffer} bytes @param {number} from @param {Parameters<Output['write']>[1]} done */
  function writeFrom(bytes, from, done) {
    write(descriptor, bytes, from, bytes.length - from, null, (error, count) => {
      if (error) done(error, from > 0);
      else if (from + count < bytes.length) writeFrom(bytes, from + count, done);
      else done(null, false);
    });
  }
  return { write: (bytes, done) => writeFrom(bytes, 0, done), close: () => {} };
}
