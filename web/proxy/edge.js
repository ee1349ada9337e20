// The proxy for edge runtimes that call `fetch` of a module's default export with their bindings (Cloudflare Workers and
// the like). The bindings are the variables of the command. Each isolate counts uses and rates for itself: see docs/proxy/embedding.md.
// There is no /tokens: mint in the backend.
import { checkListening } from './access/anonymous.js';
import { withVariables } from './environment/option-names.js';
import { readEnvironment } from './environment.js';
import { createProxyHandler } from './handler.js';

/** @typedef {ReturnType<typeof createProxyHandler>} Handle */
/** @typedef {Readonly<Record<string, unknown>>} Bindings */

/**
 * @param {Partial<import('./settings.js').ProxyOptions>} [more] over what the bindings say, such as a shared `store`
 * @returns {{fetch: (request: Request, env: Bindings, context?: {waitUntil: import('./handler.js').WaitUntil}) =>
 *   Promise<Response>}} `context`: receipts are delivered to the webhook after the reply, as long as the runtime waits
 */
export function createEdgeProxy(more = {}) {
  /** @type {{env: unknown, handle: Handle} | null} one set of bindings for each isolate */
  let made = null;
  return {
    async fetch(request, env, context) {
      if (made?.env !== env) made = { env, handle: handlerOf(env, more) };
      return made.handle(request, context && { waitUntil: (work) => context.waitUntil(work) });
    },
  };
}

/**
 * @param {Bindings} bindings
 * @param {Partial<import('./settings.js').ProxyOptions>} more
 * @returns {Handle}
 */
function handlerOf(bindings, more) {
  try {
    const options = { ...optionsOf(bindings), ...more };
    checkListening(options, null);
    return createProxyHandler(options);
  } catch (error) {
    // Who deploys a worker sets bindings, not options.
    throw new TypeError(withVariables(/** @type {Error} */ (error).message), { cause: error });
  }
}

/** @param {Bindings} bindings */
function optionsOf(bindings) {
  const { redis, mintSecret, ...options } = readEnvironment(variablesOf(bindings));
  return {
    ...options,
    log: (/** @type {object} */ record) => console.log(JSON.stringify(record)),
    warn: (/** @type {string} */ message) => console.warn(withVariables(message)),
  };
}

/** Variables of the command that nothing on an edge runtime would read: set there, they would mislead. */
const OF_THE_COMMAND =
  /^(REDIS_URL|NETOCR_(REDIS_\w+|MINT_SECRET|INTERNAL_\w+|METRICS_\w+|MAX_CONNECTIONS|LOG_LEVEL|DRAIN_SECONDS|GRACE_SECONDS))$/;

/**
 * Bindings of other names, such as stores of the runtime, are the worker's own business.
 *
 * @param {Bindings} bindings
 * @returns {import('./environment.js').Environment}
 */
function variablesOf(bindings) {
  /** @type {import('./environment.js').Environment} */
  const env = {};
  for (const [name, value] of Object.entries(bindings)) {
    if (!/^(NETOCR_|REDIS_URL$)/.test(name) || value === undefined) continue;
    if (OF_THE_COMMAND.test(name)) throw new TypeError(`${name} cannot be used here: ${remedyFor(name)}`);
    if (typeof value === 'object' || typeof value === 'function')
      throw new TypeError(`${name} must be a variable or secret with text`);
    env[name] = String(value);
  }
  return env;
}

/** @param {string} name */
function remedyFor(name) {
  if (/REDIS/.test(name)) return 'hand over a store';
  if (name === 'NETOCR_MINT_SECRET') return 'there is no /tokens, mint in your backend by mintToken()';
  return 'only the command netocr-proxy reads it';
}

export default createEdgeProxy();
