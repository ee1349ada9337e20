// Each path is reached by its one exact spelling. Routers decode escapes, and a rule in front of the proxy that refuses
// /internal does not refuse /%69nternal.
import { refused } from '../errors.js';

const PLAIN = /^(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+)$/;

/**
 * @param {string} url absolute
 * @returns {string} its path, not decoded
 */
export function pathOf(url) {
  return /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? '';
}

/**
 * Throws REQUEST_REFUSED (404) when the path has escapes, parameters (`;`), empty or dotted segments, or anything else than
 * plain segments: no path of the proxy has them.
 *
 * @param {string} url of the request
 * @returns {string} the path
 */
export function checkPath(url) {
  const path = pathOf(url);
  if (!PLAIN.test(path))
    throw refused(404, 'the proxy has no such path: its paths are plain, without escapes');
  return path;
}
