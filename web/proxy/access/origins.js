// Which pages may call (the Fetch standard's CORS protocol). A form post needs no preflight, so a page that may not
// call is refused outright, not only kept from reading the reply: every call is billed.
import { ProxyError } from '../errors.js';

const EXPOSED = 'X-Request-Id, X-Netocr-Receipt, X-Netocr-Withheld, X-Netocr-Sandbox, Retry-After';
const PREFLIGHT_MAX_AGE_S = '600';

/** Pages of these have the origin `null`, or are none. */
const NO_APPS = /^(https?|wss?|ftp|file|data|blob|about|javascript|filesystem):/;
/** Of apps (Capacitor, Ionic, Tauri, Electron) and extensions; a URL of such a scheme has no origin to compare with. */
const APP_ORIGIN = /^[a-z][a-z0-9+.-]{0,30}:\/\/[a-z0-9._-]{1,100}(:\d{1,5})?$/;

/**
 * True for what a browser or an app's web view sends as Origin: scheme, host and port in their normal form, nothing else.
 * Never for `null`, which every sandboxed frame and file sends.
 *
 * @param {unknown} value
 */
export function isOrigin(value) {
  if (typeof value !== 'string') return false;
  // URL lets a * stand in a host's name.
  if (!/^https?:\/\/([\w.-]+|\[[\da-f:]+\])(:\d+)?$/.test(value))
    return APP_ORIGIN.test(value) && !NO_APPS.test(value);
  return URL.canParse(value) && new URL(value).origin === value;
}

/**
 * The CORS headers of a reply. Throws REQUEST_REFUSED (403) when the page's origin is not listed, nor the proxy's own
 * where that is enough. It is not in general: any name can be made to point here (DNS rebinding).
 *
 * @param {Request} request
 * @param {Pick<import('./access.js').Access, 'allowedOrigins' | 'allowSameOrigin' | 'allowCredentials'>} settings
 * @returns {Record<string, string>}
 */
export function checkOriginOf(request, { allowedOrigins, allowSameOrigin, allowCredentials }) {
  const origin = request.headers.get('origin');
  if (origin === null) return {};
  if (allowedOrigins.has(origin)) {
    return {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED,
      ...(allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
      vary: 'Origin',
    };
  }
  if (allowSameOrigin && isSameOrigin(request, origin)) return {};
  throw originRefused(origin);
}

/** A longer one is not repeated. */
const MAX_ORIGIN_LENGTH = 120;

/**
 * Says which origin it was, to the page and to the log: a wrong list is the mistake most often made here. Only what is
 * an origin is repeated.
 *
 * @param {string} origin
 */
function originRefused(origin) {
  const isShown = origin === 'null' || (origin.length <= MAX_ORIGIN_LENGTH && isOrigin(origin));
  const message = isShown
    ? `pages of the origin ${origin} may not call the proxy: its allowed origins do not list it`
    : 'the Origin header does not hold an origin';
  return new ProxyError('REQUEST_REFUSED', 403, message, { origin: isShown ? origin : 'not an origin' });
}

/**
 * The scheme is left out of the comparison: behind a reverse proxy that ends TLS the request arrives as http.
 *
 * @param {Request} request
 * @param {string} origin
 */
function isSameOrigin(request, origin) {
  if (!/^https?:/.test(origin) || !URL.canParse(origin)) return false;
  return new URL(origin).host === new URL(request.url).host;
}

/**
 * What pages of allowed origins may send.
 *
 * @param {Pick<import('../settings.js').Settings, 'sandbox' | 'allowedHeaders'>} settings
 * @returns {Record<string, string>}
 */
export function preflightHeaders({ sandbox, allowedHeaders }) {
  const own = ['authorization', 'content-type', ...(sandbox ? ['x-sandbox-scenario'] : [])];
  return {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': [...own, ...allowedHeaders].join(', '),
    'access-control-max-age': PREFLIGHT_MAX_AGE_S,
  };
}
