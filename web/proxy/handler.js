// The proxy as a function from Request to Response, on web standards only: routing, origins, request ids, the log and
// the mapping of failures. What happens to a permitted request is in forward.js.
import { Hono } from 'hono';
import { fixedResponse } from '../http/fixed-response.js';
import { createGate } from './access/gate.js';
import { checkOriginOf, preflightHeaders } from './access/origins.js';
import { checkPath } from './access/paths.js';
import { createRefusalRate } from './access/refusals.js';
import { errorResponse, refused } from './errors.js';
import { acceptReply } from './forward/reply.js';
import { forward } from './forward.js';
import { describeFailure } from './log/failure.js';
import { createRequestLog } from './log/request-log.js';
import { operationOf } from './routes.js';
import { checkOptions } from './settings.js';
import { watchStore } from './state/store-watch.js';
import { abortAtEnd, createCallScope } from './upstream/call-scope.js';
import { createGuard } from './upstream/guard.js';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/**
 * What is known about a request for its log line.
 *
 * @typedef {object} Meter
 * @property {string} requestId
 * @property {string} path
 * @property {string} code
 * @property {import('./settings.js').Stage} stage
 * @property {number} bytesIn
 * @property {boolean} isLetIn a call that passed the gate: what stops others costs them nothing
 * @property {string} [cause]
 * @property {string} [origin] of a page that may not call
 * @property {string} [reason] static text
 */

/**
 * `address`: of the other end of the connection, for the rates. `waitUntil`: what the runtime gives to requests whose work
 * it ends with the reply; receipts then go to the webhook by it.
 *
 * @typedef {(request: Request, connection?: {address?: string, waitUntil?: WaitUntil}) => Promise<Response>} Handle
 * @typedef {(work: Promise<unknown>) => void} WaitUntil
 * @typedef {Handle & HandlerParts} ProxyHandler
 */

/**
 * @typedef {object} HandlerParts
 * @property {() => Promise<ProxyState>} state
 * @property {() => Promise<void>} ready asks the store, which may be away; rejects when a part cannot be loaded that calls
 *   will need
 * @property {(options?: {graceMs?: number}) => Promise<void>} close sends the receipts that still wait for the webhook;
 *   call it after the last request
 */

/** @typedef {import('./upstream/guard.js').GuardState & {storeUp: boolean}} ProxyState */

/**
 * Checks the options (throws TypeError) and returns the handler. It never rejects: every failure is a reply
 * `{"error": {"code", "message", "requestId"}}`, with `retryAfterMs` where there is a Retry-After.
 *
 * @param {import('./settings.js').ProxyOptions} options
 * @returns {ProxyHandler}
 */
export function createProxyHandler(options) {
  const checked = checkOptions(options);
  const watch = watchStore(checked.store, checked);
  const settings = { ...checked, store: watch.store };
  const guard = createGuard(settings);
  const parts = {
    routes: createRouter(settings, guard),
    countRefused: createRefusalRate(settings.rates.refused),
  };
  const log = createRequestLog(settings);
  /** @type {Handle} */
  const handle = async (request, { address, waitUntil } = {}) => {
    const started = performance.now();
    /** @type {Meter} */
    const meter = {
      requestId: crypto.randomUUID(),
      path: '(other)',
      code: 'OK',
      stage: 'head',
      bytesIn: 0,
      isLetIn: false,
    };
    const response = await answer(request, parts, settings, { meter, address, waitUntil });
    log.write(meter, response, performance.now() - started);
    return response;
  };
  return Object.assign(handle, {
    async state() {
      const [storeUp, state] = await Promise.all([watch.isUp(), guard.state()]);
      return { ...state, storeUp };
    },
    async ready() {
      await Promise.all([watch.isUp(), settings.judge?.ready()]);
    },
    async close(/** @type {{graceMs?: number} | undefined} */ options) {
      watch.stop();
      log.flush();
      await settings.receipts?.webhook?.close(options);
    },
  });
}

/** @typedef {{meter: Meter, address: string | undefined, waitUntil: WaitUntil | undefined}} CallContext */

/**
 * The reply with the headers that every reply has.
 *
 * @param {Request} request
 * @param {{routes: ReturnType<typeof createRouter>, countRefused: import('./access/refusals.js').CountRefusal}} parts
 * @param {import('./settings.js').Settings} settings
 * @param {CallContext} context
 */
async function answer(request, { routes, countRefused }, settings, context) {
  const { meter } = context;
  /** @type {Record<string, string>} */
  let cors = {};
  let reply;
  try {
    cors = checkOriginOf(request, settings);
    checkPath(request.url); // the router would decode it
    reply = await routes.fetch(request, context);
    meter.stage = 'done';
  } catch (error) {
    let failure = describeFailure(error, request, meter);
    // By path, method or origin: nothing else is refused so early.
    if (failure.code === 'REQUEST_REFUSED' && meter.stage === 'head')
      failure = await countRefused(settings.groupOf(request, context.address), failure);
    meter.code = failure.code;
    reply = errorResponse(failure, meter.requestId);
  }
  const { headers } = reply;
  for (const [name, value] of Object.entries(cors)) headers.set(name, value);
  headers.set('cache-control', 'no-store');
  headers.set('x-content-type-options', 'nosniff');
  headers.set('x-request-id', meter.requestId);
  return reply;
}

/**
 * @param {import('./settings.js').Settings} settings
 * @param {import('./upstream/guard.js').Guard} guard
 */
function createRouter(settings, guard) {
  /** @type {Hono<{Bindings: CallContext}>} */
  const app = new Hono();
  const gate = createGate(settings);
  for (const route of settings.routes) {
    const path = `${settings.basePath}/${route.path}`;
    app.use(path, (context, next) => {
      context.env.meter.path = `/${route.path}`;
      return next();
    });
    app.post(path, async (context) => {
      const { meter, address, waitUntil } = context.env;
      meter.stage = 'access';
      const caller = await gate.admit(context.req.raw, operationOf(route), address);
      meter.isLetIn = true;
      return forward(context.req.raw, route, settings, { meter, caller, guard, waitUntil });
    });
    app.options(path, () => new Response(null, { status: 204, headers: preflightHeaders(settings) }));
    app.all(path, () => {
      throw refused(405, 'only POST is accepted', { allow: 'POST, OPTIONS' });
    });
  }
  app.get(`${settings.basePath}/info`, (context) => {
    context.env.meter.path = '/info';
    return fixedResponse(JSON.stringify({ sandbox: settings.sandbox }), { headers: JSON_TYPE });
  });
  if (settings.sandbox) {
    app.get(`${settings.basePath}/sandbox/scenarios`, (context) => {
      context.env.meter.path = '/sandbox/scenarios';
      return listScenarios(settings, context.req.raw.signal);
    });
  }
  app.notFound(() => {
    throw refused(404, 'the proxy has no such path');
  });
  // Failures are handled in one place, outside.
  app.onError((error) => {
    throw error;
  });
  return app;
}

/**
 * The scenario table of the sandbox behind the proxy, for the demo's list.
 *
 * @param {import('./settings.js').Settings} settings
 * @param {AbortSignal} signal
 */
async function listScenarios({ upstream, limits, transport, isEcho }, signal) {
  const scope = createCallScope();
  try {
    const ends = [signal, AbortSignal.timeout(limits.replyMs), abortAtEnd(scope).signal];
    const reply = await transport({
      url: `${upstream}/sandbox/scenarios`,
      method: 'GET',
      headers: { accept: 'application/json', 'accept-encoding': 'identity' },
      source: null,
      bodyBytes: 0,
      connectMs: limits.connectMs,
      signal: AbortSignal.any(ends),
    });
    const { bytes, headers } = await acceptReply(reply, limits.maxReplyBytes, isEcho);
    return fixedResponse(bytes, { headers: { ...headers, ...JSON_TYPE } });
  } finally {
    scope.end();
  }
}
