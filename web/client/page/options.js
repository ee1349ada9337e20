// Checks what the caller passes as options and copies it: the caller's objects are never changed, and later changes to
// them have no effect. An unknown name is an error, so that a typing mistake is not silently a default.
import { invalidArgument } from '../shared/errors.js';

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const MAX_UINT32 = 0xffffffff;
// Timers of browsers take 31 bits and fire at once beyond that.
const MAX_TIMER_MS = 0x7fffffff;
const TOKEN_CHARACTERS = /^[\x21-\x7e]+$/;
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
// Headers that a page may not set, or that the client sets itself.
const RESERVED_HEADERS = new Set(['authorization', 'content-type', 'content-length', 'host', 'cookie']);

/** @typedef {(value: any, name: string) => any} Check returns the checked copy or throws INVALID_ARGUMENT */

/**
 * @param {number} min
 * @param {number} max
 * @returns {Check}
 */
const whole = (min, max) => (value, name) => {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidArgument(`${name} must be a whole number from ${min} to ${max}`);
};

/**
 * @param {readonly string[]} words
 * @returns {Check}
 */
const oneOf = (words) => (value, name) => {
  if (words.includes(value)) return value;
  throw invalidArgument(`${name} must be one of: ${words.join(', ')}`);
};

/** @param {unknown} value @param {string} name */
const urlText = (value, name) => {
  if (value instanceof URL) return value.href;
  if (typeof value === 'string' && value !== '') return value;
  throw invalidArgument(`${name} must be a URL or a non-empty string`);
};

/** @param {unknown} value @param {string} name */
const isBoolean = (value, name) => {
  if (typeof value === 'boolean') return value;
  throw invalidArgument(`${name} must be true or false`);
};

/** @param {unknown} value @param {string} name */
const isFunction = (value, name) => {
  if (typeof value === 'function') return value;
  throw invalidArgument(`${name} must be a function`);
};

/** @param {any} value @param {string} name */
const abortSignal = (value, name) => {
  if (typeof value?.aborted === 'boolean' && typeof value.addEventListener === 'function') return value;
  throw invalidArgument(`${name} must be an AbortSignal`);
};

/** @param {unknown} value @param {string} name */
const tokenOption = (value, name) => (typeof value === 'function' ? value : checkToken(value, name));

/**
 * A checked copy of an options object: only the names of `table`, undefined values left out.
 * @param {unknown} options
 * @param {Record<string, Check>} table
 * @param {string} name of the options object, '' for the outermost
 * @returns {Record<string, any>}
 */
function pick(options, table, name) {
  if (options === undefined) return {};
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidArgument(`${name || 'options'} must be an object`);
  }
  /** @type {Record<string, any>} */
  const picked = {};
  for (const [key, value] of Object.entries(options)) {
    const label = name ? `${name}.${key}` : key;
    if (!Object.hasOwn(table, key)) throw invalidArgument(`unknown option ${label}`);
    if (value !== undefined) picked[key] = table[key](value, label);
  }
  return picked;
}

/** @param {Record<string, Check>} table @returns {Check} */
const group = (table) => (value, name) => pick(value, table, name);

const LIMITS = {
  maxInputBytes: whole(1, MAX_SAFE),
  maxDimension: whole(1, MAX_UINT32),
  maxPixels: whole(1, MAX_SAFE),
  maxDecoderBytes: whole(1, MAX_SAFE),
  maxReplyBytes: whole(1, MAX_SAFE),
  maxReplyDepth: whole(1, MAX_UINT32),
};
const IMAGE = {
  maxBytes: whole(1024, MAX_UINT32),
  maxEdge: whole(16, 65500),
  minQuality: whole(1, 95),
  maxQuality: whole(1, 100),
  effort: oneOf(['default', 'best']),
  allowTruncated: isBoolean,
  heic: oneOf(['auto', 'named-only', 'off']),
};
const SEVERITY = oneOf(['error', 'warning', 'ignore']);
const VIDEO = {
  maxBytes: whole(1, MAX_UINT32),
  minDurationMs: whole(0, MAX_UINT32),
  maxDurationMs: whole(0, MAX_UINT32),
  durationToleranceMs: whole(0, MAX_UINT32),
  size: SEVERITY,
  duration: SEVERITY,
};
const ENGINE = {
  workers: whole(0, 2),
  wasmUrl: urlText,
  codecsUrl: urlText,
  workerUrl: urlText,
  heicDecoderUrl: urlText,
};
const LANGUAGE = { lang: oneOf(['en', 'zh-CN']) };
const CLIENT = {
  ...ENGINE,
  ...LANGUAGE,
  endpoint: urlText,
  token: tokenOption,
  headers: checkHeaders,
  timeoutMs: whole(1, MAX_TIMER_MS),
  credentials: oneOf(['same-origin', 'include']),
  limits: group(LIMITS),
  image: group(IMAGE),
  video: group(VIDEO),
};
const CALL = { signal: abortSignal, onProgress: isFunction };

/** @param {unknown} value @param {string} name @returns {string[]} name, value, name, value, ... */
function checkHeaders(value, name) {
  if (typeof value !== 'object' || value === null)
    throw invalidArgument(`${name} must be an object of strings`);
  const flat = [];
  for (const [key, text] of Object.entries(value)) {
    if (!HEADER_NAME.test(key) || RESERVED_HEADERS.has(key.toLowerCase())) {
      throw invalidArgument(`${name} has a name that cannot be set: ${key}`);
    }
    if (typeof text !== 'string' || !HEADER_VALUE.test(text)) {
      throw invalidArgument(`${name}.${key} must be a string of visible ASCII characters`);
    }
    flat.push(key, text);
  }
  return flat;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
export function checkToken(value, name = 'token') {
  if (typeof value === 'string' && TOKEN_CHARACTERS.test(value)) return value;
  throw invalidArgument(`${name} must be a non-empty string of visible ASCII characters`);
}

/**
 * @param {unknown} options
 * @returns {import('./types.js').ClientSettings}
 */
export function clientSettings(options) {
  const given = pick(options, CLIENT, '');
  if (given.endpoint === undefined) throw invalidArgument('endpoint is missing');
  const { workers, wasmUrl, codecsUrl, workerUrl, heicDecoderUrl } = given;
  return {
    endpoint: given.endpoint,
    token: given.token,
    headers: given.headers ?? [],
    timeoutMs: given.timeoutMs,
    withCredentials: given.credentials === 'include',
    limits: given.limits,
    image: given.image,
    video: given.video,
    engine: { workers, wasmUrl, codecsUrl, workerUrl, heicDecoderUrl },
    lang: given.lang ?? 'en',
  };
}

/** @param {unknown} options @returns {import('./types.js').CallSettings} */
export function callSettings(options) {
  return /** @type {import('./types.js').CallSettings} */ (pick(options, CALL, ''));
}

/** @param {unknown} options @returns {import('./types.js').CallSettings & {transfer: 'base64' | 'file'}} */
export function idCardSettings(options) {
  const given = pick(options, { ...CALL, transfer: oneOf(['base64', 'file']) }, '');
  return { signal: given.signal, onProgress: given.onProgress, transfer: given.transfer ?? 'base64' };
}

/**
 * @param {unknown} options
 * @returns {import('./types.js').CallSettings & {image: import('../shared/types.js').ImageOptions,
 *   limits: import('../shared/types.js').LimitOptions | undefined}}
 */
export function prepareSettings(options) {
  const { signal, onProgress, limits, ...image } = pick(
    options,
    { ...CALL, ...IMAGE, limits: group(LIMITS) },
    '',
  );
  return { signal, onProgress, limits, image };
}

/** @param {unknown} options @returns {import('./types.js').CallSettings & {limits: import('../shared/types.js').LimitOptions | undefined}} */
export function inspectSettings(options) {
  const { signal, onProgress, limits } = pick(options, { ...CALL, limits: group(LIMITS) }, '');
  return { signal, onProgress, limits };
}

/**
 * The absolute URL of the proxy's mount, without a trailing slash.
 * @param {string} endpoint
 * @param {string | undefined} base the page's own address
 */
export function resolveEndpoint(endpoint, base) {
  const url = parseUrl(endpoint, base, 'endpoint');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw invalidArgument('endpoint must be http or https');
  if (url.username || url.password || url.search || url.hash) {
    throw invalidArgument('endpoint must have no user name, password, query or fragment');
  }
  return url.href.replace(/\/+$/, '');
}

/**
 * @param {string} given
 * @param {string | undefined} base of relative URLs
 * @param {string} name of the option
 */
export function parseUrl(given, base, name) {
  try {
    return new URL(given, base);
  } catch {
    throw invalidArgument(`${name} is not a URL; outside a page it must be absolute`);
  }
}
