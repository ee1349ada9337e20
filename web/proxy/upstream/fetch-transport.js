// Calls the service with the runtime's own fetch: for edge runtimes. In Node use createNodeTransport (node.js),
// which can tell a failed connection from a broken one and sends no header of its own.
import { toStream } from '../../http/body-source.js';
import { upstreamError, upstreamUnreachable } from '../errors.js';

/**
 * @typedef {object} UpstreamCall
 * @property {string} url
 * @property {'GET' | 'POST'} method
 * @property {Record<string, string>} headers with an exact content-length when there is a body
 * @property {import('../../http/body-source.js').BodySource | null} source the body; when it rejects the request must be cut off
 * @property {number} bodyBytes
 * @property {number} connectMs
 * @property {AbortSignal} signal aborts the call at any point. Fires at the call's end in any case: then nothing of the
 *   call may be left, nor of a reply that was not read to its end
 */

/**
 * `status`: redirects are not followed.
 *
 * @typedef {{status: number, headers: Headers} & import('../../http/body-source.js').HasBody} UpstreamReply
 */

/**
 * Resolves with the head of the reply, even when the body has not been sent to its end; from then on it asks for no
 * more of the body. Rejects with a ProxyError (UPSTREAM_UNREACHABLE, or UNAVAILABLE for want of a descriptor, only when
 * nothing can have been sent).
 *
 * @typedef {(call: UpstreamCall) => Promise<UpstreamReply>} Transport
 */

// What fetch reports (error.cause.code in Node and Bun) when no connection was made.
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * A body of known length. Node's fetch sends a stream with the content-length header it is given and fails on a
 * mismatch; Cloudflare Workers ignore that header and want a FixedLengthStream instead of chunked encoding.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {number} bytes
 */
function withKnownLength(body, bytes) {
  const { FixedLengthStream } = /** @type {any} */ (globalThis);
  return typeof FixedLengthStream === 'function' ? body.pipeThrough(new FixedLengthStream(bytes)) : body;
}

/**
 * @param {{fetch?: typeof globalThis.fetch}} [options]
 * @returns {Transport}
 */
export function createFetchTransport({ fetch = (...args) => globalThis.fetch(...args) } = {}) {
  return async ({ url, method, headers, source, bodyBytes, signal }) => {
    /** @type {RequestInit & {duplex: 'half'}} */
    const init = {
      method,
      headers,
      body: source && withKnownLength(toStream(source), bodyBytes),
      duplex: 'half',
      redirect: 'manual',
      signal,
    };
    try {
      const reply = await fetch(url, init);
      return { status: reply.status, headers: reply.headers, body: reply.body };
    } catch (error) {
      const code = /** @type {any} */ (error)?.cause?.code;
      if (NOT_CONNECTED.has(code)) throw upstreamUnreachable(error);
      throw upstreamError('the connection to the service broke', error);
    }
  };
}
