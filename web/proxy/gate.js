// Who may call: counts the call against the rates, checks its token, and spends one of the token's uses at the last
// moment before the call goes to the service.
import { addressGroup, callerAddress } from './addresses.js';
import { rateLimited, tokenRefused, unavailable } from './errors.js';
import { StoreError } from './state/store.js';
import { SKEW_MS } from './tokens.js';

/**
 * One call that was let in.
 *
 * @typedef {object} Caller
 * @property {{id: string, applicantId: string} | null} token null when the call came without one
 * @property {readonly string[]} marks what the caller is known by: the address, the applicant or else the token
 * @property {() => Promise<void>} spend before the first byte goes to the service; rejects with TOKEN_USED_UP, or with
 *   UNAVAILABLE when the store does not answer: a use that nobody counted is none
 * @property {() => Promise<void>} giveBack only when no byte went there; never rejects
 */

/**
 * @typedef {object} Gate
 * @property {(request: Request, operation: import('./routes.js').Operation, peer: string | undefined) =>
 *   Promise<Caller>} admit rejects with TOKEN_*, RATE_LIMITED or UNAVAILABLE
 */

/**
 * @param {Pick<import('./settings.js').Settings,
 *   'checkToken' | 'allowAnonymous' | 'rates' | 'ratesOnStoreFailure' | 'store' | 'trustProxy' | 'warn'>} settings
 * @param {{now?: () => number}} [clock] in milliseconds since 1970
 * @returns {Gate}
 */
export function createGate(settings, { now = Date.now } = {}) {
  const { checkToken, allowAnonymous, rates, ratesOnStoreFailure, store, trustProxy, warn } = settings;
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
      return permit ? callerWith(permit, operation, { store, marks, now }) : { ...ANONYMOUS, marks };
    },
  };
}

/** @type {Caller} */
const ANONYMOUS = Object.freeze({
  token: null,
  marks: [],
  spend: async () => {},
  giveBack: async () => {},
});

/**
 * How much longer than its token a spent use is remembered. The proxy that spent it may be ahead by the allowed skew and
 * another one as much behind, and that one's step may come to the store some seconds after it looked at its clock.
 */
const KEEP_MS = 2 * SKEW_MS + 5000;

/**
 * @param {import('./tokens.js').Permit} permit
 * @param {import('./routes.js').Operation} operation
 * @param {{store: import('./state/store.js').StateStore, marks: readonly string[], now: () => number}} more `marks` of the
 *   address
 * @returns {Caller}
 */
function callerWith({ id, applicantId, limit, issuedMs, expiresMs }, operation, { store, marks, now }) {
  const key = `${id}:${operation}`;
  return {
    token: { id, applicantId },
    marks: [...marks, applicantId ? `applicant:${applicantId}` : `token:${id}`],
    async spend() {
      const leftMs = expiresMs - now();
      // The body may have taken long.
      if (leftMs <= 0) throw tokenRefused('TOKEN_EXPIRED', 'the token has expired');
      if (!(await store.spend(key, { limit, issuedMs, ttlMs: leftMs + KEEP_MS }).catch(refuse))) {
        throw tokenRefused('TOKEN_USED_UP', 'all uses of the token are spent');
      }
    },
    giveBack: () => store.giveBack(key).catch(() => {}),
  };
}

/** @param {unknown} error @returns {never} */
function refuse(error) {
  throw error instanceof StoreError ? storeIsAway(error) : error;
}

/** @param {StoreError} error */
function storeIsAway(error) {
  return unavailable('the proxy cannot reach its memory; nothing was sent', { cause: error });
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
