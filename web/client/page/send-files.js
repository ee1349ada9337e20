// Sends files that workers hold, from the worker that holds the first one. The others reach it over ports.
import { follow } from './abortable.js';

/** @typedef {import('./types.js').HeldFile} HeldFile */

/**
 * Errors: ENGINE_CRASHED when a worker dies with a file that is not sent yet; those of `call`; the signal's reason.
 * @param {HeldFile[]} files
 * @param {import('../core/types.js').Send} send
 * @param {import('./types.js').Work} work
 * @returns {Promise<any>} what the core returns of the reply
 */
export async function sendFiles(files, send, work) {
  const controller = new AbortController();
  const signals = [work.signal, ...files.map((file) => file.lost)];
  const unfollow = signals.map((signal) => follow(controller, signal));
  controller.signal.throwIfAborted();
  const { lane } = files[0];
  /** @type {MessagePort[]} */
  const transfer = [];
  const parts = files.map((file) => {
    if (file.lane === lane) return { held: file.id };
    const { port1, port2 } = new MessageChannel();
    file.forward(port2);
    transfer.push(port1);
    return { port: port1 };
  });
  try {
    return await lane.run({
      method: 'call',
      params: { files: parts, send },
      transfer,
      signal: controller.signal,
      onProgress(stage, fraction) {
        // The sending worker has all files.
        for (const file of files) file.handedOn();
        work.onProgress?.(stage, fraction);
      },
    });
  } finally {
    for (const stop of unfollow) stop();
  }
}
