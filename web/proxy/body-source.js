// A body that is read piece by piece on demand. Web streams do the same, but cost Node a few tens of microseconds a
// piece, so that a server that has something better attaches it to its request under BODY_SOURCE.

/**
 * @typedef {object} BodySource
 * @property {() => Promise<Uint8Array | null>} read the next piece, null after the last; rejects when the body breaks
 *   off. One call at a time
 * @property {() => void} cancel nothing more will be read
 */

/** Key of a request's own BodySource, which then stands for its `body`. */
export const BODY_SOURCE = Symbol('netocr.bodySource');

/**
 * @param {Request} request
 * @returns {BodySource}
 */
export function sourceOf(request) {
  const own = /** @type {{[BODY_SOURCE]?: BodySource}} */ (request)[BODY_SOURCE];
  return own ?? fromStream(request.body);
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
