// Whose turn it is: the address that a call is counted under.
import { addressGroup, MAX_ADDRESS_LENGTH } from '../../http/address-group.js';
import { forwardedFor } from './forwarded.js';

/** Headers that each reverse proxy appends to. Every other one holds a single address, and its whole value counts. */
const LISTS = new Set(['x-forwarded-for', 'forwarded']);

export const DEFAULT_ADDRESS_HEADER = 'x-forwarded-for';

/**
 * The caller's address: the other end of the connection, unless the operator says that so many reverse proxies stand
 * before this one, or names a header that the one before it sets. Each proxy appends the address it saw to
 * X-Forwarded-For or Forwarded, so only the last `hops` entries are theirs; everything before can be written by the caller.
 *
 * @param {Headers} headers
 * @param {string | undefined} peer address at the other end of the connection; undefined when it is not known
 * @param {number} hops
 * @param {string} [name] of the header, in lower case
 * @returns {string | undefined} `peer` as well when the header holds no address there
 */
export function callerAddress(headers, peer, hops, name = DEFAULT_ADDRESS_HEADER) {
  if (isList(name) && hops === 0) return peer;
  const text = headers.get(name) ?? '';
  return addressOf(entryOf(text, hops, name).trim()) ?? peer;
}

/** @param {string} name of a header */
export const isList = (name) => LISTS.has(name);

/**
 * @param {string} text
 * @param {number} hops
 * @param {string} name
 */
function entryOf(text, hops, name) {
  if (name === 'forwarded') return forwardedFor(text, hops);
  return isList(name) ? (text.split(',').at(-hops) ?? '') : text;
}

/**
 * Without a port: `192.0.2.1:80`, `[2001:db8::1]:80`, `[2001:db8::1]`. A port may be a name (RFC 7239 section 6.2).
 *
 * @param {string} text
 * @returns {string | null} null for `unknown`, a made-up name, and whatever else is no address
 */
function addressOf(text) {
  if (text.length > MAX_ADDRESS_LENGTH) return null;
  const [, v6, v4] = /^(?:\[([\da-f]*:[^\]]*)\]|([\d.]+))(?::(?:\d{1,5}|_[\w.-]+))?$/i.exec(text) ?? [];
  const address = v6 ?? v4 ?? text;
  return addressGroup(address) === null ? null : address;
}

/**
 * @typedef {(request: Request, peer: string | undefined) => string | undefined} GroupOf the caller's group; undefined when
 *   nothing is known of the address
 */

const NO_PROXY_TRUSTED =
  'a request has X-Forwarded-For but no reverse proxy is trusted: everybody behind it shares one rate';
// Any caller can send a header: only the operator knows which one the platform sets, and that nobody gets past it.
const NO_ADDRESS =
  'callers have no address here, so no rate of their own: set addressHeader (on Cloudflare to cf-connecting-ip)';

/**
 * @param {{trustProxy: number, addressHeader: string, warn: (message: string) => void}} settings
 * @returns {GroupOf}
 */
export function createGroupOf({ trustProxy, addressHeader, warn }) {
  const seesProxies = trustProxy > 0 || !isList(addressHeader);
  /** @type {Set<string>} */
  const warned = new Set();

  /** @param {string} message */
  function warnOnce(message) {
    if (warned.has(message)) return;
    warned.add(message);
    warn(message);
  }

  return (request, peer) => {
    if (!seesProxies && request.headers.has('x-forwarded-for')) warnOnce(NO_PROXY_TRUSTED);
    const address = callerAddress(request.headers, peer, trustProxy, addressHeader);
    if (address !== undefined) return addressGroup(address) ?? 'unknown';
    warnOnce(NO_ADDRESS);
  };
}
