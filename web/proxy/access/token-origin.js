// Where a session token may be used: on the pages of one origin, or by callers that send no Origin at all.
import { tokenRefused } from '../errors.js';
import { isOrigin } from './origins.js';

/**
 * What a token says about where it may be used.
 *
 * @typedef {{origin: string, withoutOrigin?: undefined} | {withoutOrigin: true, origin?: undefined}} Claimed
 */

/**
 * @param {{origin?: unknown, withoutOrigin?: unknown}} options of mintToken()
 * @returns {Claimed} throws a TypeError that names the option
 */
export function checkClaimed({ origin, withoutOrigin = false }) {
  if (withoutOrigin !== true && withoutOrigin !== false)
    throw new TypeError('withoutOrigin must be true or false');
  if (withoutOrigin) {
    if (origin !== undefined) throw new TypeError('origin must be left out beside withoutOrigin');
    return { withoutOrigin };
  }
  if (typeof origin !== 'string' || !isOrigin(origin)) {
    throw new TypeError(
      'origin must be the origin of the page, such as https://www.example.com, or withoutOrigin: true for apps and servers',
    );
  }
  return { origin };
}

/**
 * A token for a page is of no use without that page's Origin, and one that needs none is of no use to pages: browsers send
 * Origin with every POST.
 *
 * @param {{origin: unknown, withoutOrigin: unknown}} claims
 * @param {string | null} origin of the call
 */
export function checkUsedWhere(claims, origin) {
  if (claims.withoutOrigin !== undefined) {
    if (claims.withoutOrigin !== true || claims.origin !== undefined)
      throw tokenRefused('TOKEN_INVALID', 'a claim of the token is out of its bounds');
    if (origin !== null)
      throw tokenRefused('TOKEN_INVALID', 'the token is for callers without an Origin, not for pages');
    return;
  }
  if (origin === null && isOrigin(claims.origin))
    throw tokenRefused(
      'TOKEN_INVALID',
      'the token is for a page, and this call has no Origin: mint withoutOrigin: true for servers and apps',
    );
  if (!isOrigin(claims.origin) || claims.origin !== origin)
    throw tokenRefused('TOKEN_INVALID', 'the token is for a page of another origin');
}
