// What a balancer or supervisor asks: `/healthz` (the process runs) and `/readyz` (it should get calls: it is not ending,
// its store answers, and the service is not known to fail). Neither says anything about calls or persons.
import { fixedResponse } from '../../http/fixed-response.js';

export const HEALTH_PATHS = Object.freeze(['/healthz', '/readyz']);

/**
 * @typedef {object} Health
 * @property {() => void} drain from now on it is not ready
 * @property {(request: Request) => Promise<Response | null>} answer null when the request is for something else
 */

/**
 * @param {() => Promise<import('../handler.js').ProxyState>} state of the proxy
 * @returns {Health}
 */
export function createHealth(state) {
  let draining = false;

  async function readiness() {
    if (draining) return 'draining';
    const { storeUp, breakerOpen } = await state();
    if (!storeUp) return 'store failing';
    return breakerOpen ? 'service failing' : 'ready';
  }

  return {
    drain() {
      draining = true;
    },
    async answer(request) {
      if (!/\/(healthz|readyz)/.test(request.url)) return null; // nearly every request, and a URL costs something
      const { pathname } = new URL(request.url);
      if (!HEALTH_PATHS.includes(pathname)) return null;
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return text(405, 'only GET', { allow: 'GET, HEAD' });
      const word = pathname === '/healthz' ? 'ok' : await readiness();
      return text(word === 'ok' || word === 'ready' ? 200 : 503, word);
    },
  };
}

/**
 * @param {number} status
 * @param {string} body
 * @param {Record<string, string>} [headers]
 */
function text(status, body, headers = {}) {
  const fixed = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return fixedResponse(`${body}\n`, { status, headers: { ...headers, ...fixed } });
}
