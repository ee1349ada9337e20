// The proxy for edge runtimes that call `fetch` of a module's default export with their bindings (Cloudflare Workers and
// the like). The bindings are the variables of the command. Each isolate counts uses and rates for itself: see the README.
import { checkListening } from './anonymous.js';
import { readEnvironment } from './environment.js';
import { createProxyHandler } from './handler.js';

/** @typedef {ReturnType<typeof createProxyHandler>} Handle */

/**
 * @param {Partial<import('./settings.js').ProxyOptions>} [more] over what the bindings say, such as a shared `store`
 * @returns {{fetch: (request: Request, env: import('./environment.js').Environment) => Promise<Response>}}
 */
export function createEdgeProxy(more = {}) {
  /** @type {{env: unknown, handle: Handle} | null} one set of bindings for each isolate */
  let made = null;
  return {
    async fetch(request, env) {
      if (made?.env !== env) made = { env, handle: createHandle({ ...optionsOf(env), ...more }) };
      return made.handle(request);
    },
  };
}

/** @param {import('./settings.js').ProxyOptions} options */
function createHandle(options) {
  checkListening(options, null);
  return createProxyHandler(options);
}

/** @param {import('./environment.js').Environment} env */
function optionsOf(env) {
  const { redis, ...options } = readEnvironment(env);
  if (redis) throw new TypeError('REDIS_URL cannot be used here: hand over a store');
  return {
    ...options,
    log: (/** @type {object} */ record) => console.log(JSON.stringify(record)),
    warn: (/** @type {string} */ message) => console.warn(message),
  };
}

export default createEdgeProxy();
