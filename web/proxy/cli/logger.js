// The log of the command: one JSON line a request (pino). Node only.
import { pino } from 'pino';

export const LEVELS = Object.freeze(['debug', 'info', 'warn', 'error', 'silent']);

/**
 * @param {string} level one of LEVELS; lines below it are left out
 * @param {import('pino').DestinationStream} destination
 * @returns {(record: import('../settings.js').LogRecord) => void}
 */
export function createLog(level, destination) {
  const logger = pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return (record) => {
    if (record.status >= 500) logger.error(record);
    else if (record.status >= 400) logger.warn(record);
    else logger.info(record);
  };
}
