// Whose turn it is: the address that a call is counted under.

/**
 * The caller's address: the other end of the connection, unless the operator says that so many reverse proxies stand
 * before this one. Each of them appends the address it saw to X-Forwarded-For, so only the last `hops` entries are
 * theirs; everything before can be written by the caller.
 *
 * @param {Headers} headers
 * @param {string | undefined} peer address at the other end of the connection; undefined when it is not known
 * @param {number} hops
 * @returns {string | undefined}
 */
export function callerAddress(headers, peer, hops) {
  if (hops === 0) return peer;
  const seen = (headers.get('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim());
  const entry = seen.at(-hops);
  return entry && addressGroup(entry) !== null ? entry : peer;
}

/**
 * An IPv4 address by itself; of an IPv6 address the first 64 bits, for one subscriber has them all (RFC 6177).
 *
 * @param {string} address
 * @returns {string | null} null when it is no address
 */
export function addressGroup(address) {
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  if (v4) return v4[1].split('.').every((part) => Number(part) < 256) ? v4[1] : null;
  const bare = address.replace(/%[\w.-]*$/, '');
  if (!/^[\da-f:.]+$/i.test(bare) || !URL.canParse(`http://[${bare}]`)) return null;
  const [head, tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
