// Who may call: counts the call against the rates and checks its token. What the call takes at the last moment before it
// goes to the service is in caller.js.
import { addressGroup, callerAddress } from './addresses.js';
import { createAttempts } from './attempts.js';
import { anonymousCaller, callerWith, storeIsAway } from './caller.js';
import { rateLimited, tokenRefused } from './errors.js';
import { StoreError } from './state/store.js';

/** @typedef {import('./caller.js').Caller} Caller */

/**
 * @typedef {object} Gate
 * @property {(request: Request, operation: import('./routes.js').Operation, peer: string | undefined) =>
 *   Promise<Caller>} admit rejects with TOKEN_*, RATE_LIMITED or UNAVAILABLE
 */

/**
 * @param {Pick<import('./settings.js').Settings,
 *   'checkToken' | 'allowAnonymous' | 'attempts' | 'rates' | 'ratesOnStoreFailure' | 'secret' | 'store' | 'trustProxy' |
 *   'warn'>} settings
 * @param {{now?: () => number}} [clock] in milliseconds since 1970
 * @returns {Gate}
 */
export function createGate(settings, { now = Date.now } = {}) {
  const { checkToken, allowAnonymous, rates, ratesOnStoreFailure, store, trustProxy, warn } = settings;
  const parts = { store, attempts: createAttempts(settings), now };
  let warned = false;

  /** @param {keyof import('./access.js').Rates} kind @param {string} name */
  async function turn(kind, name) {
    const rate = rates[kind];
    if (!rate) return;
    try {
      const answer = await store.takeTurn(`${kind}:${name}`, rate);
      if (!answer.allowed) throw rateLimited(answer.retryAfterMs);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (ratesOnStoreFailure === 'closed') throw storeIsAway(error);
    }
  }

  /** What the address is known by. @param {Request} request @param {string | undefined} peer */
  async function turnOfAddress(request, peer) {
    if (trustProxy === 0 && !warned && request.headers.has('x-forwarded-for')) {
      warned = true;
      warn(
        'a request has X-Forwarded-For but no reverse proxy is trusted: everybody behind it shares one rate',
      );
    }
    const address = callerAddress(request.headers, peer, trustProxy);
    if (address === undefined) return [];
    const group = addressGroup(address) ?? 'unknown';
    await turn('address', group);
    return [`address:${group}`];
  }

  /** @param {Request} request @param {import('./routes.js').Operation} operation */
  async function permitOf(request, operation) {
    const token = tokenOf(request);
    if (token === null && allowAnonymous) return null;
    if (token === null) throw tokenRefused('TOKEN_MISSING', 'a token is required: Authorization: Bearer ...');
    if (!checkToken) return null;
    return checkToken(token, { operation, origin: request.headers.get('origin') });
  }

  return {
    async admit(request, operation, peer) {
      // First what costs least to refuse; a call that may not be made does not count against everybody's rate.
      const marks = await turnOfAddress(request, peer);
      const permit = await permitOf(request, operation);
      if (permit) await turn('token', permit.id);
      await turn('global', 'all');
      const call = { operation, marks };
      return permit ? callerWith(permit, call, parts) : anonymousCaller(call, parts);
    },
  };
}

/**
 * @param {Request} request
 * @returns {string | null} '' when the header holds something else than a bearer token
 */
function tokenOf(request) {
  const header = request.headers.get('authorization');
  if (header === null) return null;
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(header)?.[1] ?? '';
}
