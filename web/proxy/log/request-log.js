// What becomes known of each request: the observer hears of every one, the log of calls that were let in one by one and of
// the others in sum.
import { createLogSummary } from './log-summary.js';

/** @typedef {import('../settings.js').LogRecord} LogRecord */

/**
 * @typedef {object} RequestLog
 * @property {(meter: import('../handler.js').Meter, response: Response, ms: number) => void} write never throws
 * @property {() => void} flush logs at once what waits
 */

/**
 * @param {Pick<import('../settings.js').Settings, 'log' | 'observe'>} settings
 * @returns {RequestLog}
 */
export function createRequestLog(settings) {
  const [log, observe] = [settings.log, settings.observe].map(unfailing);
  const summary = createLogSummary(log);
  return {
    write(meter, response, ms) {
      const record = recordOf(meter, response, ms);
      observe(record);
      if (meter.isLetIn) log(record);
      else summary.write(record);
    },
    flush: summary.flush,
  };
}

/**
 * @param {import('../handler.js').Meter} meter
 * @param {Response} response
 * @param {number} ms
 * @returns {LogRecord}
 */
function recordOf({ requestId, path, code, stage, bytesIn, cause, origin, reason }, { status, headers }, ms) {
  const bytesOut = Number(headers.get('content-length') ?? 0);
  return {
    requestId,
    path,
    status,
    code,
    stage,
    bytesIn,
    bytesOut,
    ms: Math.round(ms),
    ...(cause === undefined ? {} : { cause }),
    ...(origin === undefined ? {} : { origin }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/**
 * A log that fails must not cost the person the reply.
 *
 * @param {(record: LogRecord) => void} log
 * @returns {(record: LogRecord) => void}
 */
function unfailing(log) {
  return (record) => {
    try {
      log(record);
    } catch {}
  };
}
