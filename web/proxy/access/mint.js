// Tokens for backends in other languages: mintToken() as a request. It is for servers that hold the mint secret, and
// belongs where pages cannot call: the command serves it at `POST /tokens` of its internal port.

import { addressGroup } from '../../http/address-group.js';
import { fixedResponse } from '../../http/fixed-response.js';
import { errorResponse, ProxyError, rateLimited, refused } from '../errors.js';
import { describeFailure } from '../log/failure.js';
import { createRequestLog } from '../log/request-log.js';
import { checkOrigins } from './access.js';
import { createGuesses, createWrongSecrets } from './guesses.js';
import { readMintOptions } from './mint-body.js';
import { createMintWarning } from './mint-warning.js';
import { checkPath } from './paths.js';
import { checkSecret, signToken } from './tokens.js';

/**
 * @typedef {object} MintHandlerOptions
 * @property {string} tokenSecret what tokens are signed with, at least 32 bytes
 * @property {string} [previousTokenSecret] the one before it; the mint secret must be none of the two
 * @property {string} mintSecret what the backend shows as `Authorization: Bearer ...`, at least 32 bytes
 * @property {readonly string[]} [allowedOrigins] origins that tokens may be for. Required, unless `allowSameOrigin`
 * @property {boolean} [allowSameOrigin] for development: without `allowedOrigins` tokens may be for any origin
 * @property {string} [path] the only path that is answered, such as /internal/tokens. Default: whatever the host mounts
 * @property {(record: import('../settings.js').LogRecord) => void} [log] requests with the mint secret one by one, floods of
 *   others as lines with a `count`
 * @property {(record: import('../settings.js').LogRecord) => void} [observe] hears of every request, for metrics
 * @property {(message: string) => void} [warn] hears what the operator should know. Default: a warning of the process, or
 *   the console where there is none
 * @property {import('./guesses.js').Guesses} [guesses] limits wrong secrets, each counted once. Default: 10 a minute from
 *   one address, 100 in all
 */

/**
 * Checks the options (throws TypeError) and returns the handler of `POST /tokens`, for hosts that mount it themselves where
 * their backend alone can reach it. It never rejects: failures are replies `{"error": {"code", "message", "requestId"}}`
 * with UNAUTHORIZED, RATE_LIMITED, REQUEST_TOO_LARGE or REQUEST_REFUSED.
 *
 * @param {MintHandlerOptions} options
 * @returns {import('../handler.js').Handle & {close: () => void}} `address` tells callers apart that try secrets; `close`
 *   logs at once what waits
 */
export function createMintHandler(options) {
  const { path, log = () => {}, observe = () => {} } = options;
  const mint = createMint(options);
  const requestLog = createRequestLog({ log, observe });
  /** @type {import('../handler.js').Handle} */
  const handle = async (request, { address } = {}) => {
    const started = performance.now();
    /** @type {import('../handler.js').Meter} */
    const meter = {
      requestId: crypto.randomUUID(),
      path: '/tokens',
      code: 'OK',
      stage: 'head',
      bytesIn: 0,
      isLetIn: false,
    };
    let reply;
    try {
      const asked = checkPath(request.url);
      if (path !== undefined && asked !== path) throw refused(404, 'there is no such path');
      reply = await mint(request, meter, address);
      meter.stage = 'done';
    } catch (error) {
      const failure = describeFailure(error, request, meter);
      meter.code = failure.code;
      meter.reason = failure.message;
      reply = errorResponse(failure, meter.requestId);
    }
    reply.headers.set('cache-control', 'no-store');
    reply.headers.set('x-content-type-options', 'nosniff');
    reply.headers.set('x-request-id', meter.requestId);
    requestLog.write(meter, reply, performance.now() - started);
    return reply;
  };
  return Object.assign(handle, { close: requestLog.flush });
}

/**
 * @param {MintHandlerOptions} options
 * @returns {(request: Request, meter: import('../handler.js').Meter, address: string | undefined) => Promise<Response>}
 */
function createMint({ allowedOrigins = [], allowSameOrigin = false, warn, ...options }) {
  const { tokenSecret, mintSecret } = checkSecrets(options);
  const origins = checkOrigins(allowedOrigins, allowSameOrigin);
  const authenticate = createAuthentication(mintSecret, options.guesses ?? createGuesses());
  const warnOfApplicant = createMintWarning(warn);
  return async (request, meter, address) => {
    if (request.method !== 'POST') throw refused(405, 'only POST is accepted', { allow: 'POST' });
    if (request.headers.has('origin')) throw refused(403, 'tokens are for servers, not for pages');
    meter.stage = 'access';
    await authenticate(request, addressGroup(address ?? '') ?? 'unknown');
    meter.isLetIn = true;
    meter.stage = 'body';
    const { options: token, bytes } = await readMintOptions(request);
    meter.bytesIn = bytes;
    if (token.origin !== undefined && origins.size > 0 && !origins.has(token.origin))
      throw refused(400, 'origin is not one of the allowed origins');
    const signed = await signToken({ ...token, secret: tokenSecret });
    warnOfApplicant(token.applicantId);
    return fixedResponse(JSON.stringify({ token: signed, expiresIn: token.expiresIn }), {
      status: 201,
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
  };
}

/** @param {Pick<MintHandlerOptions, 'tokenSecret' | 'previousTokenSecret' | 'mintSecret'>} secrets */
function checkSecrets({ tokenSecret, previousTokenSecret, mintSecret }) {
  checkSecret('tokenSecret', tokenSecret);
  checkSecret('mintSecret', mintSecret);
  if (mintSecret === tokenSecret || mintSecret === previousTokenSecret)
    throw new TypeError('mintSecret must differ from the token secrets');
  return { tokenSecret, mintSecret };
}

/**
 * @param {string} mintSecret
 * @param {import('./guesses.js').Guesses} guesses
 * @returns {(request: Request, address: string) => Promise<void>} rejects with UNAUTHORIZED or RATE_LIMITED
 */
function createAuthentication(mintSecret, guesses) {
  // Edge runtimes allow no cryptography before the first request.
  /** @type {Promise<Uint8Array> | undefined} */
  let known;
  const wrong = createWrongSecrets();

  /** @param {string} address */
  function checkGuesses(address) {
    const waitMs = guesses.waitMs(address);
    if (waitMs > 0) throw rateLimited(waitMs, 'too many wrong mint secrets; the secret was not looked at');
  }

  return async (request, address) => {
    const header = request.headers.get('authorization');
    if (header === null) throw unauthorized(); // no guess
    known ??= digestOf(mintSecret);
    const shown = await digestOf(/^Bearer (.+)$/i.exec(header)?.[1] ?? '');
    const isRight = areEqual(await known, shown);
    // From here on without a pause, so that of many guesses at once each counts before the next one is looked at.
    const guess = `${address} ${shown}`;
    if (wrong.has(guess)) throw unauthorized();
    // Also before the right one is let through: else whoever guesses could go on as fast as requests come.
    checkGuesses(address);
    if (isRight) return;
    wrong.add(guess);
    guesses.count(address);
    throw unauthorized();
  };
}

function unauthorized() {
  return new ProxyError('UNAUTHORIZED', 401, 'the mint secret is missing or wrong', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** @param {string} text */
async function digestOf(text) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/**
 * Compares digests, byte by byte to the end: the time tells nothing about the secret.
 *
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function areEqual(a, b) {
  return a.reduce((difference, byte, i) => difference | (byte ^ b[i]), 0) === 0;
}
