// Which pages may call (the Fetch standard's CORS protocol). A form post needs no preflight, so a page that may not
// call is refused outright, not only kept from reading the reply: every call is billed.
import { refused } from './errors.js';

const EXPOSED = 'X-Request-Id, X-Netocr-Receipt, X-Netocr-Sandbox, Retry-After';
const PREFLIGHT_MAX_AGE_S = '600';

/**
 * True for what a browser sends as Origin: scheme, host and port in their normal form, nothing else.
 *
 * @param {unknown} value
 */
export function isOrigin(value) {
  // URL lets a * stand in a host's name.
  if (typeof value !== 'string' || !/^https?:\/\/([\w.-]+|\[[\da-f:]+\])(:\d+)?$/.test(value)) return false;
  return URL.canParse(value) && new URL(value).origin === value;
}

/**
 * The CORS headers of a reply. Throws REQUEST_REFUSED (403) when the page's origin is not listed, nor the proxy's own
 * where that is enough. It is not in general: any name can be made to point here (DNS rebinding).
 *
 * @param {Request} request
 * @param {{allowedOrigins: ReadonlySet<string>, allowSameOrigin: boolean}} settings
 * @returns {Record<string, string>}
 */
export function checkOriginOf(request, { allowedOrigins, allowSameOrigin }) {
  const origin = request.headers.get('origin');
  if (origin === null) return {};
  if (allowedOrigins.has(origin)) {
    return {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED,
      vary: 'Origin',
    };
  }
  if (allowSameOrigin && isSameOrigin(request, origin)) return {};
  throw refused(403, 'pages of this origin may not call the proxy');
}

/**
 * The scheme is left out of the comparison: behind a reverse proxy that ends TLS the request arrives as http.
 *
 * @param {Request} request
 * @param {string} origin
 */
function isSameOrigin(request, origin) {
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === new URL(request.url).host;
}

/**
 * @param {boolean} sandbox
 * @returns {Record<string, string>}
 */
export function preflightHeaders(sandbox) {
  return {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': `authorization, content-type${sandbox ? ', x-sandbox-scenario' : ''}`,
    'access-control-max-age': PREFLIGHT_MAX_AGE_S,
  };
}
