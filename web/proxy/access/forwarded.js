// The header Forwarded (RFC 7239), read from its end: what a caller wrote stands at its beginning, and an open quote there
// must not swallow what the reverse proxies appended.

/** Names, addresses and ports of four parameters; what is longer was written by no reverse proxy. */
export const MAX_ELEMENT_LENGTH = 1024;

const PAIR = /\s*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))\s*(?:;|$)/y;

/**
 * @param {string} header several lines of it joined by commas
 * @param {number} hops
 * @returns {string} what the proxy that is `hops` from the end wrote for `for`, '' when it wrote nothing that can be read
 */
export function forwardedFor(header, hops) {
  let end = header.length;
  let left = hops;
  let quoted = false;
  for (let at = end - 1; at >= 0; at -= 1) {
    if (header[at] === '"' && !isEscaped(header, at)) quoted = !quoted;
    if (header[at] !== ',' || quoted) continue;
    left -= 1;
    if (left === 0) return forOf(header.slice(at + 1, end));
    end = at;
  }
  return left === 1 ? forOf(header.slice(0, end)) : '';
}

/** Whether an odd number of backslashes stands before it. @param {string} text @param {number} at */
function isEscaped(text, at) {
  let count = 0;
  while (text[at - 1 - count] === '\\') count += 1;
  return count % 2 === 1;
}

/** @param {string} element `name=value` pairs between semicolons */
function forOf(element) {
  if (element.length > MAX_ELEMENT_LENGTH) return '';
  const found = [];
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < element.length) {
    const [, name, quoted, token] = PAIR.exec(element) ?? [];
    if (name === undefined) return '';
    if (name.toLowerCase() === 'for') found.push(quoted?.replace(/\\(.)/g, '$1') ?? token);
  }
  return found.length === 1 ? found[0] : '';
}
