// Who may call: counts the call against the rates and checks its token. What the call takes at the last moment before it
// goes to the service is in caller.js.

import { ProxyError, rateLimited, tokenRefused } from '../errors.js';
import { StoreError } from '../state/store.js';
import { createAttempts } from './attempts.js';
import { anonymousCaller, callerWith, storeIsAway } from './caller.js';
import { createRefusalRate } from './refusals.js';

/** @typedef {import('./caller.js').Caller} Caller */

/**
 * @typedef {object} Gate
 * @property {(request: Request, operation: import('../routes.js').Operation, peer: string | undefined) =>
 *   Promise<Caller>} admit rejects with TOKEN_*, RATE_LIMITED or UNAVAILABLE
 */

/**
 * @param {Pick<import('../settings.js').Settings,
 *   'checkToken' | 'allowAnonymous' | 'attempts' | 'groupOf' | 'rates' | 'ratesOnStoreFailure' | 'secret' |
 *   'store'>} settings
 * @param {{now?: () => number}} [clock] in milliseconds since 1970
 * @returns {Gate}
 */
export function createGate(settings, { now = Date.now } = {}) {
  const { checkToken, allowAnonymous, groupOf, rates, ratesOnStoreFailure, store } = settings;
  const parts = { store, attempts: createAttempts(settings), now };
  const countFailed = createRefusalRate(rates.failed);

  /** @param {'address' | 'token' | 'global'} kind @param {string} name */
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

  /** @param {Request} request @param {import('../routes.js').Operation} operation */
  async function permitOf(request, operation) {
    const token = tokenOf(request);
    if (token === null && allowAnonymous) return null;
    if (token === null) throw tokenRefused('TOKEN_MISSING', 'a token is required: Authorization: Bearer ...');
    if (!checkToken) return null;
    return checkToken(token, { operation, origin: request.headers.get('origin') });
  }

  return {
    async admit(request, operation, peer) {
      const group = groupOf(request, peer);
      // Before every rate: whoever shares an address with somebody who has no good token must not pay for that.
      const permit = await permitOf(request, operation).catch(async (error) => {
        throw error instanceof ProxyError ? await countFailed(group, error) : error;
      });
      // From the narrowest to the widest: a call that one rate refuses does not count against what others share.
      if (permit) await turn('token', permit.id);
      if (group !== undefined) await turn('address', group);
      await turn('global', 'all');
      const marks = group === undefined ? [] : [`address:${group}`];
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
