// A body that is read piece by piece on demand. Web streams do the same, but cost Node a few tens of microseconds a
// piece, so that a server that has something better attaches it to its request under BODY_SOURCE.

/**
 * @typedef {object} BodySource
 * @property {() => Promise<Uint8Array | null>} read the next piece, null after the last; rejects when the body breaks
 *   off. One call at a time
 * @property {() => void} cancel nothing more will be read
 */

/** Key of a message's own BodySource, which then stands for its `body`. */
export const BODY_SOURCE = Symbol('netocr.bodySource');

/**
 * What has a body: a request or a reply.
 *
 * @typedef {{readonly body: ReadableStream<Uint8Array> | null, readonly [BODY_SOURCE]?: BodySource}} HasBody
 */

/**
 * @param {HasBody} message
 * @returns {BodySource}
 */
export function sourceOf(message) {
  return message[BODY_SOURCE] ?? fromStream(message.body);
}

/**
 * @param {ReadableStream<Uint8Array> | null} stream
 * @returns {BodySource}
 */
export function fromStream(stream) {
  const reader = stream?.getReader();
  return {
    async read() {
      const result = await reader?.read();
      return !result || result.done ? null : result.value;
    },
    cancel() {
      reader?.cancel().catch(() => {});
    },
  };
}

/**
 * @param {BodySource} source
 * @returns {ReadableStream<Uint8Array>}
 */
export function toStream(source) {
  return new ReadableStream(
    {
      async pull(controller) {
        const piece = await source.read();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
      cancel() {
        source.cancel();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * The whole body, when it is a small one.
 *
 * @param {BodySource} source
 * @param {number} maxBytes
 * @param {() => Error} tooLong makes what is thrown for a longer one
 * @returns {Promise<Uint8Array>}
 */
export async function readAll(source, maxBytes, tooLong) {
  /** @type {Uint8Array[]} */
  const pieces = [];
  let size = 0;
  for (let piece = await source.read(); piece !== null; piece = await source.read()) {
    size += piece.length;
    if (size > maxBytes) {
      source.cancel();
      throw tooLong();
    }
    pieces.push(piece);
  }
  if (pieces.length === 1) return pieces[0];
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}
