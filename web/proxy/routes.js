// The allow-list: what a page may ask of the service through the proxy, as a plain table. It must equal the endpoint
// table of wasm/api/endpoints.hpp (path, typeId, field names, encoding); a test compares the two.

/**
 * @typedef {object} Route
 * @property {string} path below the service's base URL, without a leading slash
 * @property {string} operation the word of wasm/api/endpoints.hpp for the operation
 * @property {string} typeId the only value accepted for the field `typeId`
 * @property {readonly string[]} fields names of the image or video fields; all are required
 * @property {'urlencoded' | 'multipart'} encoding base64 in a form, or raw bytes in multipart parts
 * @property {string} contentType the only request content type accepted, without parameters
 * @property {number} maxBodyBytes limit of the encoded request body as it comes from the page
 */

/**
 * The four things that a token can permit, by the names of the client's functions.
 *
 * @typedef {'compareFaces' | 'checkLiveness' | 'checkVideoLiveness' | 'matchIdCard'} Operation
 */

/** @type {readonly Operation[]} */
export const OPERATIONS = Object.freeze([
  'compareFaces',
  'checkLiveness',
  'checkVideoLiveness',
  'matchIdCard',
]);

/**
 * The two encodings of an ID card's match are one operation to people.
 *
 * @param {Readonly<Route>} route
 * @returns {Operation}
 */
export function operationOf({ operation }) {
  return operation === 'matchIdCardFile' ? 'matchIdCard' : /** @type {Operation} */ (operation);
}

const MEBIBYTE = 1 << 20;
const URLENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';

/**
 * Body limits: a prepared image is about 200 KiB, 290 KB when encoded; 2 MiB each leave room for callers that ask
 * for more. A video of the documented 1 MB is 1.45 MB encoded. Raw files need no room for base64.
 *
 * @type {readonly Readonly<Route>[]}
 */
export const ROUTES = Object.freeze([
  Object.freeze({
    path: 'verapi/verFaceImage.do',
    operation: 'compareFaces',
    typeId: '21',
    fields: Object.freeze(['img1', 'img2']),
    encoding: 'urlencoded',
    contentType: URLENCODED,
    maxBodyBytes: 4 * MEBIBYTE,
  }),
  Object.freeze({
    path: 'verapi/verLivenessImage.do',
    operation: 'checkLiveness',
    typeId: '3035',
    fields: Object.freeze(['img']),
    encoding: 'urlencoded',
    contentType: URLENCODED,
    maxBodyBytes: 2 * MEBIBYTE,
  }),
  Object.freeze({
    path: 'verapi/verLivenessVideo.do',
    operation: 'checkVideoLiveness',
    typeId: '3036',
    fields: Object.freeze(['videoContent']),
    encoding: 'urlencoded',
    contentType: URLENCODED,
    maxBodyBytes: 2 * MEBIBYTE,
  }),
  Object.freeze({
    path: 'api/faceliu.do',
    operation: 'matchIdCard',
    typeId: '9999',
    fields: Object.freeze(['img1', 'img2']),
    encoding: 'urlencoded',
    contentType: URLENCODED,
    maxBodyBytes: 4 * MEBIBYTE,
  }),
  Object.freeze({
    path: 'api/facerecog.do',
    operation: 'matchIdCardFile',
    typeId: '9999',
    fields: Object.freeze(['file1', 'file2']),
    encoding: 'multipart',
    contentType: MULTIPART,
    maxBodyBytes: 3 * MEBIBYTE,
  }),
]);
