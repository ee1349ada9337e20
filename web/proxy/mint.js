// POST /tokens: mintToken() for backends in other languages. It is for servers that hold the mint secret; a page is
// refused by its Origin header.
import { fromStream, readAll } from './body-source.js';
import { ProxyError, refused } from './errors.js';
import { createMintWarning } from './mint-warning.js';
import { checkMintOptions, signToken } from './tokens.js';

const MAX_BODY_BYTES = 4096;
const BODY_MS = 10_000;
const FIELDS = new Set(['operations', 'origin', 'withoutOrigin', 'expiresIn', 'uses', 'applicantId']);

/**
 * @param {Pick<import('./settings.js').Settings, 'tokenSecret' | 'mintSecret' | 'allowedOrigins' | 'warn'>} settings
 * @returns {((request: Request) => Promise<Response>) | null} null when there is no mint secret. It rejects with
 *   UNAUTHORIZED, REQUEST_TOO_LARGE or REQUEST_REFUSED
 */
export function createMint({ tokenSecret, mintSecret, allowedOrigins, warn }) {
  if (mintSecret === null || tokenSecret === null) return null;
  const isMintSecret = createComparison(mintSecret);
  const warnOfApplicant = createMintWarning(warn);
  return async (request) => {
    if (request.headers.has('origin')) throw refused(403, 'tokens are for servers, not for pages');
    const shown = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (shown === undefined || !(await isMintSecret(shown))) {
      throw new ProxyError('UNAUTHORIZED', 401, 'the mint secret is missing or wrong', {
        headers: { 'www-authenticate': 'Bearer' },
      });
    }
    if (!/^application\/json(; ?charset=utf-8)?$/i.test(request.headers.get('content-type') ?? '')) {
      throw refused(415, 'the content type must be application/json');
    }
    const options = readOptions(await readText(request));
    if (options.origin !== undefined && allowedOrigins.size > 0 && !allowedOrigins.has(options.origin)) {
      throw refused(400, 'origin is not one of the allowed origins');
    }
    const token = await signToken({ ...options, secret: tokenSecret });
    warnOfApplicant(options.applicantId);
    return Response.json({ token, expiresIn: options.expiresIn }, { status: 201 });
  };
}

/**
 * Compares digests, byte by byte to the end: the time tells nothing about the secret.
 *
 * @param {string} secret
 * @returns {(shown: string) => Promise<boolean>}
 */
function createComparison(secret) {
  /** @param {string} text */
  const digest = async (text) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return async (shown) => {
    const [a, b] = await Promise.all([digest(secret), digest(shown)]);
    return a.reduce((difference, byte, i) => difference | (byte ^ b[i]), 0) === 0;
  };
}

/** @param {Request} request */
async function readText(request) {
  const source = fromStream(request.body);
  const timer = setTimeout(() => source.cancel(), BODY_MS);
  try {
    return new TextDecoder().decode(await readAll(source, MAX_BODY_BYTES, tooLong));
  } finally {
    clearTimeout(timer);
  }
}

function tooLong() {
  return new ProxyError('REQUEST_TOO_LARGE', 413, 'the request body is too large');
}

/** @param {string} text */
function readOptions(text) {
  try {
    const options = JSON.parse(text);
    const isObject = typeof options === 'object' && options !== null && !Array.isArray(options);
    if (!isObject || !Object.keys(options).every((name) => FIELDS.has(name))) {
      throw new TypeError(`the body must be an object with ${[...FIELDS].join(', ')} and nothing else`);
    }
    return checkMintOptions(options);
  } catch (error) {
    throw refused(400, error instanceof TypeError ? error.message : 'the body is not JSON');
  }
}
