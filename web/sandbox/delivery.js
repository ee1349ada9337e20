// How a reply travels: at once, late, in drops, too much of it, or on a connection that dies.

const DROP_BYTES = 16;
const BLOCK_BYTES = 1 << 16;

/**
 * Waits; rejects with the signal's reason when it is aborted.
 *
 * @typedef {(ms: number, signal: AbortSignal) => Promise<void>} Delay
 */

/** @type {Delay} */
export const delayByTimer = (ms, signal) =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });

/**
 * The body of the reply as the scenario delivers it. Rejects when the client went away in the meantime.
 *
 * @param {string} text
 * @param {import('./scenarios.js').Change} change
 * @param {{delay: Delay, signal: AbortSignal}} tools
 * @returns {Promise<Uint8Array | ReadableStream<Uint8Array>>}
 */
export async function deliver(text, { delivery, amount = 0 }, { delay, signal }) {
  const bytes = new TextEncoder().encode(text);
  if (delivery === 'slow') await delay(amount, signal);
  if (delivery === 'drip') return drip(bytes, (ms) => delay(ms, signal), amount);
  if (delivery === 'huge') return pad(bytes, amount);
  if (delivery === 'reset') return breakAfter(null);
  if (delivery === 'cut') return breakAfter(bytes.subarray(0, bytes.length >> 1));
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @param {(ms: number) => Promise<void>} wait
 * @param {number} ms
 * @returns {ReadableStream<Uint8Array>}
 */
function drip(bytes, wait, ms) {
  let at = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        if (at > 0) await wait(ms);
        controller.enqueue(bytes.slice(at, at + DROP_BYTES));
        at += DROP_BYTES;
        if (at >= bytes.length) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * Valid JSON or XML with spaces behind it: only a limit of size can object.
 *
 * @param {Uint8Array} bytes
 * @param {number} total
 * @returns {ReadableStream<Uint8Array>}
 */
function pad(bytes, total) {
  let sent = 0;
  return new ReadableStream(
    {
      pull(controller) {
        const rest = Math.max(total - sent, 0);
        const chunk = sent === 0 ? bytes : new Uint8Array(Math.min(rest, BLOCK_BYTES)).fill(0x20);
        sent += chunk.length;
        if (chunk.length > 0) controller.enqueue(chunk);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * A body that errors, on which the server cuts the connection: before the head when it has no bytes.
 *
 * @param {Uint8Array | null} bytes
 * @returns {ReadableStream<Uint8Array>}
 */
function breakAfter(bytes) {
  let isSent = bytes === null;
  return new ReadableStream(
    {
      pull(controller) {
        if (!isSent && bytes) controller.enqueue(bytes);
        else controller.error(new Error('the connection is cut, as the scenario says'));
        isSent = true;
      },
    },
    { highWaterMark: 0 },
  );
}
