// A response whose whole body is at hand. Its bytes are kept beside it, so that the Node server writes them with the head
// in one go instead of reading the platform's stream of them.

/** Key of the bytes. */
export const RESPONSE_BYTES = Symbol('netocr.responseBytes');

/**
 * @param {Uint8Array | string} body
 * @param {{status?: number, headers: Record<string, string>}} init
 * @returns {Response}
 */
export function fixedResponse(body, { status = 200, headers }) {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const response = new Response(bytes, {
    status,
    headers: { ...headers, 'content-length': String(bytes.length) },
  });
  return Object.defineProperty(response, RESPONSE_BYTES, { value: bytes });
}

/**
 * @param {Response} response
 * @returns {Uint8Array | null} null for a response that is a stream or has no body
 */
export function bytesOf(response) {
  return /** @type {{[RESPONSE_BYTES]?: Uint8Array}} */ (response)[RESPONSE_BYTES] ?? null;
}
