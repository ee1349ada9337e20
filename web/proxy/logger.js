// The log of the command: one JSON line a request (pino) on stdout. Node only. Lines are written together, since the
// write is what a line costs: at most FLUSH_MS after they were made, and at the process's end.
import { pino } from 'pino';

export const LEVELS = Object.freeze(['debug', 'info', 'warn', 'error', 'silent']);

const FLUSH_MS = 50;
/** How much is gathered at most. */
const MOST_BYTES = 8192;

function createStdout() {
  const stdout = pino.destination({ dest: 1, sync: true, minLength: MOST_BYTES });
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  function flush() {
    timer = null;
    stdout.flush();
  }
  // Not flushSync: when nobody reads the log any more it tries for ever.
  process.once('exit', flush);
  return {
    /** @param {string} line */
    write(line) {
      stdout.write(line);
      if (timer === null) timer = setTimeout(flush, FLUSH_MS);
    },
  };
}

/**
 * @param {string} [level] one of LEVELS; lines below it are left out
 * @param {import('pino').DestinationStream} [destination] Default: stdout
 * @returns {(record: import('./settings.js').LogRecord) => void}
 */
export function createLog(level = 'info', destination = createStdout()) {
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
