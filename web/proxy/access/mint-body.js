// The body of a request for a token: small, whole, and JSON with nothing but what is documented.
import { readAll, sourceOf } from '../../http/body-source.js';
import { clientGone, ProxyError, refused } from '../errors.js';
import { checkMintOptions } from './tokens.js';

const MAX_BODY_BYTES = 4096;
const BODY_MS = 10_000;
const FIELDS = new Set(['operations', 'origin', 'withoutOrigin', 'expiresIn', 'uses', 'applicantId']);

/**
 * The options of the token. Rejects with REQUEST_TOO_LARGE, REQUEST_REFUSED or ABORTED: a body of which the end did not
 * come is never taken for one that ended.
 *
 * @param {Request} request
 * @param {{bodyMs?: number}} [limits] how long the body may take. Default 10 s
 * @returns {Promise<{options: ReturnType<typeof checkMintOptions>, bytes: number}>}
 */
export async function readMintOptions(request, { bodyMs = BODY_MS } = {}) {
  if (!/^application\/json(; ?charset=utf-8)?$/i.test(request.headers.get('content-type') ?? '')) {
    throw refused(415, 'the content type must be application/json');
  }
  const bytes = await readWhole(request, bodyMs);
  return { options: parseOptions(bytes), bytes: bytes.length };
}

/**
 * @param {Request} request
 * @param {number} bodyMs
 */
async function readWhole(request, bodyMs) {
  const source = sourceOf(request);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(refused(408, 'the request body came too slowly')), bodyMs);
  const ends = AbortSignal.any([request.signal, late.signal]);
  try {
    const bytes = await Promise.race([readAll(source, MAX_BODY_BYTES, tooLong), rejectAt(ends)]);
    const length = request.headers.get('content-length');
    if (length !== null && Number(length) !== bytes.length)
      throw refused(400, 'the request body has not the announced length');
    return bytes;
  } catch (error) {
    // Not before: a reader that is cancelled says that the body has ended.
    source.cancel();
    throw endOf(error, request, late.signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<never>}
 */
function rejectAt(signal) {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/**
 * @param {unknown} error
 * @param {Request} request
 * @param {AbortSignal} late
 */
function endOf(error, request, late) {
  if (request.signal.aborted) return clientGone();
  if (late.aborted) return late.reason;
  return error instanceof ProxyError ? error : refused(400, 'the request body broke off');
}

function tooLong() {
  return new ProxyError('REQUEST_TOO_LARGE', 413, 'the request body is too large');
}

/** @param {Uint8Array} bytes */
function parseOptions(bytes) {
  let options;
  try {
    options = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refused(400, 'the body is not JSON');
  }
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options);
  if (!isObject || !Object.keys(options).every((name) => FIELDS.has(name))) {
    throw refused(400, `the body must be an object with ${[...FIELDS].join(', ')} and nothing else`);
  }
  try {
    return checkMintOptions(options);
  } catch (error) {
    throw error instanceof TypeError ? refused(400, error.message) : error;
  }
}
