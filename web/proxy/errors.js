// The proxy's own failures: a code that the client knows, an HTTP status, and static text without any byte of the
// request, but for a page's origin. Everything the proxy answers itself has this shape.
import { fixedResponse } from '../http/fixed-response.js';

/** @typedef {'REQUEST_REFUSED' | 'UNAUTHORIZED' | 'ATTEMPTS_EXHAUSTED' | 'REQUEST_TOO_LARGE' | 'INTERNAL' | 'ABORTED'} OwnCode */
/** @typedef {'TOKEN_MISSING' | 'TOKEN_INVALID' | 'TOKEN_EXPIRED' | 'TOKEN_USED_UP'} TokenCode */
/** @typedef {'RATE_LIMITED' | 'UNAVAILABLE' | 'UPSTREAM_UNREACHABLE' | 'UPSTREAM_ERROR' | 'UPSTREAM_TIMEOUT'} BusyCode */
/** @typedef {OwnCode | TokenCode | BusyCode} ProxyErrorCode */

/** A request that the proxy does not forward, or a reply that it does not hand back. */
export class ProxyError extends Error {
  /**
   * @param {ProxyErrorCode} code
   * @param {number} status HTTP status of the reply
   * @param {string} message text for developers, static but for an origin
   * @param {{cause?: unknown, headers?: Record<string, string>, retryAfterMs?: number, serviceStatus?: number,
   *   origin?: string}} [extra] `headers` join the reply; `retryAfterMs`: when the call may be tried again, as a header too;
   *   `serviceStatus`: of the service's reply, when that is the reason; `origin`: of the page, when that is the reason, for
   *   the log
   */
  constructor(code, status, message, { cause, headers = {}, retryAfterMs, serviceStatus, origin } = {}) {
    // It is an answer, not a fault in a program: nobody reads where it was made, and a stack is most of what it costs.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, { cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'ProxyError';
    this.code = code;
    this.status = status;
    this.headers = retryAfterMs === undefined ? headers : { ...headers, ...retryAfter(retryAfterMs) };
    this.retryAfterMs = retryAfterMs;
    this.serviceStatus = serviceStatus;
    this.origin = origin;
  }
}

/**
 * The request is not one that the allow-list permits.
 *
 * @param {number} status
 * @param {string} message
 * @param {Record<string, string>} [headers]
 */
export function refused(status, message, headers) {
  return new ProxyError('REQUEST_REFUSED', status, message, { headers });
}

/** The body is over the limit of its operation. */
export function tooLarge() {
  return new ProxyError('REQUEST_TOO_LARGE', 413, 'the request body is over the limit of this operation');
}

/**
 * The token is missing or does not permit this call; nothing was sent.
 *
 * @param {'TOKEN_MISSING' | 'TOKEN_INVALID' | 'TOKEN_EXPIRED' | 'TOKEN_USED_UP'} code
 * @param {string} message
 */
export function tokenRefused(code, message) {
  return new ProxyError(code, 401, message, { headers: { 'www-authenticate': 'Bearer' } });
}

/**
 * More calls than a rate allows; nothing was sent.
 *
 * @param {number} retryAfterMs
 * @param {string} [message]
 */
export function rateLimited(retryAfterMs, message = 'too many calls') {
  return new ProxyError('RATE_LIMITED', 429, message, { retryAfterMs });
}

/**
 * Somebody has tried this operation too often; nothing was sent.
 *
 * @param {number} retryAfterMs
 */
export function attemptsExhausted(retryAfterMs) {
  const message = 'too many attempts at this operation; nothing was sent';
  return new ProxyError('ATTEMPTS_EXHAUSTED', 429, message, { retryAfterMs });
}

/** One caller has as many requests under way as one caller may; nothing was sent. */
export function tooManyAtOnce() {
  const message = 'too many calls at once from this address or with this token; nothing was sent';
  return new ProxyError('RATE_LIMITED', 429, message, { retryAfterMs: 2000 });
}

/**
 * The proxy takes no calls for now; nothing was sent.
 *
 * @param {string} message
 * @param {{retryAfterMs?: number, cause?: unknown}} [more]
 */
export function unavailable(message, { retryAfterMs = 1000, cause } = {}) {
  return new ProxyError('UNAVAILABLE', 503, message, { cause, retryAfterMs });
}

/** @param {number} ms rounded up to whole seconds, as the header wants them */
function retryAfter(ms) {
  return { 'retry-after': String(Math.ceil(ms / 1000)) };
}

/** The client went away; nobody reads the reply, only the log shows it (499 as in nginx). */
export function clientGone() {
  return new ProxyError('ABORTED', 499, 'the client closed the connection');
}

/**
 * The connection could not be made, so nothing was sent or billed.
 *
 * @param {unknown} [cause]
 */
export function upstreamUnreachable(cause) {
  return new ProxyError('UPSTREAM_UNREACHABLE', 502, 'the service could not be reached; nothing was sent', {
    cause,
  });
}

/**
 * The service answered with a server error or with no usable HTTP reply.
 *
 * @param {string} message
 * @param {unknown} [cause]
 */
export function upstreamError(message, cause) {
  return new ProxyError('UPSTREAM_ERROR', 502, message, { cause });
}

/**
 * The service answered with an HTTP status that says that it did not do what it was asked for.
 *
 * @param {number} serviceStatus
 */
export function upstreamStatus(serviceStatus) {
  const message = `the service answered with HTTP status ${serviceStatus}`;
  return new ProxyError('UPSTREAM_ERROR', 502, message, { serviceStatus });
}

/** No complete reply in time; the call may have been billed. */
export function upstreamTimeout() {
  return new ProxyError('UPSTREAM_TIMEOUT', 504, 'the service did not answer in time');
}

/**
 * The JSON reply of a failure.
 *
 * @param {ProxyError} error
 * @param {string} requestId
 */
export function errorResponse(error, requestId) {
  const { code, message, retryAfterMs } = error;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(retryAfterMs) };
  const body = JSON.stringify({ error: { code, message, requestId, ...wait } });
  return fixedResponse(body, {
    status: error.status,
    headers: { ...error.headers, 'content-type': 'application/json; charset=utf-8' },
  });
}
