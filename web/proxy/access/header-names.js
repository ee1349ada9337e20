// Names of request headers in the operator's options.

// A token of RFC 9110 without the asterisk, which would stand for every name.
const NAME = /^[!#$%&'+.^_`|~0-9a-z-]{1,64}$/;

/** Headers that mean something here or to a server in front, and those that no page can set (Fetch standard, 2.2.2). */
const TAKEN =
  /^(accept-(charset|encoding)|authorization|connection|content-.+|cookie2?|date|dnt|expect|forwarded|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|(access-control|proxy|sec|x-forwarded|x-netocr|x-sandbox)-.+)$/;
const MAX_HEADERS = 20;

/** Lists that reverse proxies append to are among the taken names. */
const OF_PROXIES = /^(forwarded|x-forwarded-for)$/;

/**
 * Headers that pages of other origins may send besides the proxy's own.
 *
 * @param {readonly string[]} names
 * @param {string} addressHeader holds the caller's address, so that no page may set it
 * @returns {readonly string[]} in lower case
 */
export function checkAllowedHeaders(names, addressHeader) {
  const list = Array.isArray(names) ? names.map((name) => String(name).toLowerCase()) : [];
  const sound = list.every((name) => NAME.test(name) && !TAKEN.test(name) && name !== addressHeader);
  if (!Array.isArray(names) || !sound || new Set(list).size !== list.length || list.length > MAX_HEADERS) {
    throw new TypeError(
      `allowedHeaders must be at most ${MAX_HEADERS} different names such as x-tenant, no wildcard and none that has a meaning of its own`,
    );
  }
  return list;
}

/**
 * The header that holds the caller's address.
 *
 * @param {string} value
 * @param {number} trustProxy
 * @returns {string} in lower case
 */
export function checkAddressHeader(value, trustProxy) {
  const name = String(value).toLowerCase();
  if (!NAME.test(name) || (TAKEN.test(name) && !OF_PROXIES.test(name))) {
    throw new TypeError(
      'addressHeader must be x-forwarded-for, forwarded, or the header in which the server in front sends one address',
    );
  }
  if (OF_PROXIES.test(name) && trustProxy === 0) {
    throw new TypeError('addressHeader needs trustProxy: how many reverse proxies append to that header');
  }
  return name;
}
