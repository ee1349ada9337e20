// What a developer should read in the detail of a call that failed on the way: the proxy's own words, and what a browser
// does not tell about calls to another origin.
import { fromRecord, isNetocrError, toRecord } from '../shared/errors.js';

/**
 * @param {unknown} error that a call ended with
 * @param {string} baseUrl of the proxy
 * @param {string | undefined} [page] origin of the page; undefined outside of one
 * @returns {unknown} the same error, or one that says more
 */
export function explained(error, baseUrl, page = globalThis.location?.origin) {
  if (!isNetocrError(error)) return error;
  const more = detailOf(error, baseUrl, page);
  return more === error.detail
    ? error
    : fromRecord({ ...toRecord(error), detail: more }, { cause: error.cause });
}

/**
 * @param {import('../shared/errors.js').NetocrError} error
 * @param {string} baseUrl
 * @param {string | undefined} page
 */
function detailOf({ code, detail, status }, baseUrl, page) {
  // With another status than 200 the only words that the core takes are those of the proxy's error record.
  if (status && status.httpStatus !== 200 && status.message) return `${detail}: ${status.message}`;
  const isElsewhere = page !== undefined && new URL(baseUrl).origin !== page;
  return code === 'NETWORK_ERROR' && isElsewhere
    ? `${detail}: it is down, or the proxy there does not let pages of the origin ${page} call with these headers or credentials`
    : detail;
}
