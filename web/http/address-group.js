// Groups addresses: connections and calls of one subscriber are counted together.

/** An IPv6 address with a zone has up to 64 characters; brackets and a port, which may be a name, are what more there is. */
export const MAX_ADDRESS_LENGTH = 100;

/**
 * An IPv4 address by itself; of an IPv6 address the first 64 bits, for one subscriber has them all (RFC 6177).
 *
 * @param {string} address
 * @returns {string | null} null when it is no address
 */
export function addressGroup(address) {
  if (address.length > MAX_ADDRESS_LENGTH) return null;
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
