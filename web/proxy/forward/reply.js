// Reads the reply of the service, up to a limit, and turns one that cannot be used into a typed error.
import { readAll, sourceOf } from '../../http/body-source.js';
import { ProxyError, upstreamError, upstreamStatus } from '../errors.js';
import { credentialsEchoed } from '../upstream/echo.js';

/**
 * Reads the reply. One that is not accepted is given up, with its connection.
 *
 * @param {import('../upstream/fetch-transport.js').UpstreamReply} reply
 * @param {number} maxBytes
 * @param {(bytes: Uint8Array) => boolean} [isEcho] true for a body that must not be handed on
 */
export async function acceptReply(reply, maxBytes, isEcho = () => false) {
  const source = sourceOf(reply);
  /** @type {Record<string, string>} */
  const headers = reply.headers.get('x-netocr-sandbox') === '1' ? { 'x-netocr-sandbox': '1' } : {};
  try {
    if (reply.status === 429) throw overloaded(reply);
    if (reply.status !== 200) throw upstreamStatus(reply.status);
    const bytes = await readAll(source, maxBytes, replyTooLong);
    if (isEcho(bytes)) throw credentialsEchoed();
    return { headers, bytes };
  } catch (error) {
    source.cancel();
    const known =
      error instanceof ProxyError ? error : upstreamError('the reply of the service broke off', error);
    Object.assign(known.headers, headers);
    throw known;
  }
}

/** @param {import('../upstream/fetch-transport.js').UpstreamReply} reply */
function overloaded(reply) {
  const after = reply.headers.get('retry-after') ?? '';
  const retryAfterMs = /^\d{1,6}$/.test(after) ? Number(after) * 1000 : undefined;
  return new ProxyError('RATE_LIMITED', 429, 'the service takes no more calls for now', { retryAfterMs });
}

function replyTooLong() {
  return upstreamError('the reply of the service is over the limit');
}
