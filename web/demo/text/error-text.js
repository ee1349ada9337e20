// Turns anything that was thrown into words for the person and a code for whoever helps them.
import { errorMessage, isNetocrError } from '../../client/index.js';
import { currentLanguage, t } from './i18n.js';

/** Whether the cause may pass by itself. @param {any} error */
export const isRetryable = (error) => isNetocrError(error) && error.retryable;

/** Whether the person gave up. @param {any} error */
export const isAbort = (error) => error?.name === 'AbortError' || error?.code === 'ABORTED';

/**
 * @param {any} error
 * @returns {{message: string, code: string, detail: string}}  `message` says what is wrong and what can be done
 */
export function describeError(error) {
  if (!isNetocrError(error)) {
    return { message: t('error.unexpected'), code: error?.name || 'Error', detail: error?.message || '' };
  }
  return { message: errorMessage(error.code, currentLanguage()), code: error.code, detail: error.detail };
}
