// Checks the head of a request before a byte of its body is read.
import { createFormScanner } from '../body/form-scanner.js';
import { createMultipartRewriter } from '../body/multipart-rewriter.js';
import { boundaryOf } from '../body/multipart-scanner.js';
import { refused, tooLarge } from '../errors.js';

/**
 * @typedef {object} Head
 * @property {number} length the declared content-length
 * @property {string} contentType to be sent upstream
 * @property {Uint8Array} prefix the credentials, in the body's own encoding
 * @property {import('../body/form-scanner.js').Scanner} scanner
 */

/**
 * What can be refused before a byte of the body is read.
 *
 * @param {Request} request
 * @param {import('../routes.js').Route} route
 * @param {import('../settings.js').Settings} settings
 * @returns {Head}
 */
export function checkHead(request, route, settings) {
  if (request.url.includes('?')) throw refused(400, 'query strings are not accepted');
  const contentEncoding = request.headers.get('content-encoding');
  if (contentEncoding && contentEncoding !== 'identity')
    throw refused(415, 'the body must not be compressed');
  const described = describeBody(request.headers.get('content-type') ?? '', route, settings);
  const length = request.headers.get('content-length');
  // Without a length the request could only be sent on in chunks, which old servlet containers do not take.
  if (length === null || !/^\d{1,15}$/.test(length)) throw refused(411, 'a content-length is required');
  if (Number(length) > route.maxBodyBytes) throw tooLarge();
  return { length: Number(length), ...described };
}

/**
 * @param {string} contentType
 * @param {import('../routes.js').Route} route
 * @param {import('../settings.js').Settings} settings
 * @returns {Omit<Head, 'length'>}
 */
function describeBody(contentType, route, { key, secret }) {
  const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);
  if (route.encoding === 'urlencoded') {
    if (!/^application\/x-www-form-urlencoded(; ?charset=utf-8)?$/i.test(contentType)) throw wrongType(route);
    const prefix = encode(`key=${encodeURIComponent(key)}&secret=${encodeURIComponent(secret)}&`);
    return { contentType: route.contentType, prefix, scanner: createFormScanner(route) };
  }
  const boundary = boundaryOf(contentType);
  if (boundary === null) throw wrongType(route);
  const part = (/** @type {string} */ name, /** @type {string} */ value) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  return {
    contentType: `${route.contentType}; boundary=${boundary}`,
    prefix: encode(part('key', key) + part('secret', secret)),
    scanner: createMultipartRewriter(route, boundary),
  };
}

/** @param {import('../routes.js').Route} route */
function wrongType(route) {
  return refused(415, `the content type must be ${route.contentType}`);
}
