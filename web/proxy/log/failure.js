// Turns whatever a request failed with into the error that is answered and logged.
import { clientGone, ProxyError } from '../errors.js';

/**
 * What is answered for an error, whose code and cause go to the meter.
 *
 * @param {unknown} error
 * @param {Request} request
 * @param {import('../handler.js').Meter} meter
 */
export function describeFailure(error, request, meter) {
  const known = error instanceof ProxyError ? error : unexpected(error, request, meter);
  meter.origin = known.origin;
  const cause = /** @type {any} */ (known.cause);
  const systemCode = cause?.code ?? cause?.cause?.code;
  if (typeof systemCode === 'string' && /^[A-Z0-9_]{1,64}$/.test(systemCode)) meter.cause = systemCode;
  return known;
}

/**
 * An error that no part of the proxy foresaw. The log gets its class and its place in the source, never its message,
 * which may quote a value.
 *
 * @param {unknown} error
 * @param {Request} request
 * @param {import('../handler.js').Meter} meter
 */
function unexpected(error, request, meter) {
  if (request.signal.aborted) return clientGone();
  const { name = 'Error', stack = '' } = error instanceof Error ? error : {};
  const place = /[\w.-]+\.m?js:\d+:\d+/.exec(stack.split('\n    at ').slice(1).join('\n'));
  meter.cause = `${/^\w{1,40}$/.test(name) ? name : 'Error'} at ${place ? place[0] : 'unknown place'}`;
  return new ProxyError('INTERNAL', 500, 'the proxy failed; its log tells more under the request id');
}
