// NetocrError, the one error class of the package, and the plain record as which it crosses from a worker.
// It never carries an image, a token or a score.
import { CODES, TEXTS_WITH_WAIT } from './messages.js';

const BRAND = Symbol.for('netocr-wasm.NetocrError');

/**
 * The text of an error code for the person in front of the page: what is wrong and what they can do; of an error also in
 * how many minutes, where that is known.
 * @param {string | {code: string, retryAfterMs?: number | null}} codeOrError
 * @param {import('./types.js').Language | 'zh'} [lang]
 * @returns {string} the text of an unknown code is that of INTERNAL
 */
export function errorMessage(codeOrError, lang = 'en') {
  const { code, retryAfterMs = null } =
    typeof codeOrError === 'string' ? { code: codeOrError } : (codeOrError ?? {});
  const language = lang.startsWith('zh') ? 'zh' : 'en';
  if (retryAfterMs !== null && Object.hasOwn(TEXTS_WITH_WAIT, String(code)))
    return TEXTS_WITH_WAIT[String(code)][language](Math.max(1, Math.ceil(retryAfterMs / 60_000)));
  return (Object.hasOwn(CODES, String(code)) ? CODES[String(code)] : CODES.INTERNAL)[language];
}

export class NetocrError extends Error {
  /**
   * @param {string} code one of CODES
   * @param {import('./types.js').ErrorFields} [fields]
   */
  constructor(code, fields = {}) {
    const text = errorMessage({ code, retryAfterMs: fields.retryAfterMs }, fields.lang);
    super(
      fields.detail ? `${code}: ${text} (${fields.detail})` : `${code}: ${text}`,
      fields.cause === undefined ? undefined : { cause: fields.cause },
    );
    const info = CODES[code] ?? CODES.INTERNAL;
    this.name = 'NetocrError';
    /** The word of what went wrong. */
    this.code = code;
    /** Where: 'input', 'prepare', 'request', 'reply' or 'engine'. */
    this.stage = info.stage;
    /** The same call may succeed later without a change. */
    this.retryable = info.retryable;
    this.detail = fields.detail ?? '';
    this.position = fields.position ?? 0;
    this.status = fields.status ?? null;
    this.requestId = fields.requestId ?? '';
    /** How long to wait before the call is tried again; null where nothing is known. */
    this.retryAfterMs = fields.retryAfterMs ?? null;
    this.index = fields.index ?? null;
  }

  /** @returns {true} */
  get [BRAND]() {
    return true;
  }
}

/**
 * True for a NetocrError, also one of another copy of this package.
 * @param {unknown} value
 * @returns {value is NetocrError}
 */
export function isNetocrError(value) {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/**
 * @typedef {{code: string} & Omit<import('./types.js').ErrorFields, 'cause' | 'lang'>} ErrorRecord
 */

/**
 * A plain object that a worker can post. Anything that is not a NetocrError is a fault of the engine.
 * @param {unknown} error
 * @returns {ErrorRecord}
 */
export function toRecord(error) {
  if (!isNetocrError(error)) return { code: 'ENGINE_CRASHED', detail: nameOf(error) };
  const { code, detail, position, status, requestId, retryAfterMs, index } = error;
  return { code, detail, position, status, requestId, retryAfterMs, index };
}

/**
 * @param {ErrorRecord} record
 * @param {Pick<import('./types.js').ErrorFields, 'index' | 'lang' | 'cause'>} [more]
 */
export function fromRecord(record, more = {}) {
  const { code, ...fields } = record;
  return new NetocrError(code, { ...fields, ...more });
}

/**
 * The kind of a foreign error without its text, which may quote the page's data.
 * @param {unknown} error
 */
export function nameOf(error) {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * @param {string} detail
 * @returns {NetocrError}
 */
export function invalidArgument(detail) {
  return new NetocrError('INVALID_ARGUMENT', { detail });
}
