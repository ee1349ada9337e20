// One call of the public interface: a single signal for everything that may end it, progress, and the error's language.
import { fromRecord, isNetocrError, NetocrError, toRecord } from '../shared/errors.js';
import { follow } from './abortable.js';
import { createProgress } from './progress.js';

/**
 * Makes the function that runs a call under one signal: the caller's, the client's end, and the failure of any part,
 * which stops the other parts.
 * @param {AbortSignal} closed
 * @param {import('../shared/types.js').Language} lang
 */
export function callRunner(closed, lang) {
  /**
   * @template T
   * @param {import('./types.js').CallSettings} given
   * @param {number} inputs
   * @param {(context: import('./types.js').Context) => Promise<T>} work
   * @returns {Promise<T>}
   */
  return async (given, inputs, work) => {
    given.signal?.throwIfAborted();
    closed.throwIfAborted();
    const controller = new AbortController();
    const unlink = [given.signal, closed].map((signal) => follow(controller, signal));
    const report = createProgress(given.onProgress, inputs);
    const context = {
      signal: controller.signal,
      report: /** @type {import('./types.js').Context['report']} */ (
        (...args) => {
          if (!controller.signal.aborted) report(...args);
        }
      ),
    };
    try {
      context.report('load', 0);
      const value = await work(context);
      controller.signal.throwIfAborted();
      context.report('done', 1);
      return value;
    } catch (error) {
      throw inLanguage(error, lang);
    } finally {
      for (const stop of unlink) stop();
      controller.abort(new NetocrError('ABORTED'));
    }
  };
}

/**
 * The same error with its message in the client's language.
 * @param {unknown} error
 * @param {import('../shared/types.js').Language} lang
 */
function inLanguage(error, lang) {
  if (lang === 'en' || !isNetocrError(error)) return error;
  return fromRecord(toRecord(error), { lang, cause: error.cause });
}
