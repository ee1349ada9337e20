#!/usr/bin/env node
// Command-line entry of the proxy (`npx netocr-proxy`): everything is set by environment variables, the log is one
// JSON line per request on stdout. For another set-up call createServer of node.js.
import { setFlagsFromString } from 'node:v8';
import { withVariables } from '../environment/option-names.js';
import { readCommand, readEnvironment } from '../environment.js';
import { HEALTH_PATHS } from '../node/health.js';
import { createRedisStore, createServer } from '../node/index.js';
import { checkConfiguration } from './check.js';
import {
  explain,
  HINT,
  kindOf,
  parseCommandLine,
  readVariables,
  readVersion,
  USAGE,
} from './command-line.js';
import { createLineLog, openOutput } from './line-log.js';
import { createLog } from './logger.js';

/** For requests under way when the store turns out to refuse the proxy: hardly any can have passed. */
const REFUSED_GRACE_MS = 1000;

/** Of `check`; 1 is a configuration that would not start. */
const EXIT_CODES = Object.freeze({ good: 0, bad: 2, unknown: 3 });

/** @typedef {{lines: import('./line-log.js').LineLog, messages: import('./line-log.js').LineLog}} Outputs */

/**
 * The log on stdout, what the operator should know on stderr. Neither may end or stop the process.
 *
 * @returns {Outputs}
 */
function openOutputs() {
  const lines = createLineLog(openOutput(1));
  const messages = createLineLog(openOutput(2), { flushMs: 0 });
  process.once('exit', () => {
    lines.flushNow();
    messages.flushNow();
  });
  // For whatever writes to them all the same, such as a library.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  // Node's own listener writes to process.stderr, whose errors and stalls would be the process's.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => messages.write(`warning: ${name}: ${message}\n`));
  return { lines, messages };
}

/** Until it is told to end. @param {import('../environment.js').Environment} env @param {Outputs & {inFiles: string[]}} context `inFiles`: secrets that came from files */
async function serve(env, { lines, messages, inFiles }) {
  // Pieces of bodies are what this process throws away most. They are freed with the young generation of the heap, and
  // one that grows to its usual 16 MiB keeps tens of megabytes of them waiting.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { level, drainMs, graceMs } = readCommand(env);
  const log = createLog(level, lines);
  const warn = (/** @type {string} */ message) =>
    messages.write(`${kindOf(message)}: ${withVariables(message, inFiles)}\n`);
  const logDropped = () => lines.dropped() + messages.dropped();
  const { redis, ...options } = readEnvironment(env);
  let stop = (/** @type {{drainMs?: number, graceMs?: number}} */ _close) => {};
  /** @type {Promise<{drainMs?: number, graceMs?: number}>} */
  const stopped = new Promise((resolve) => {
    stop = resolve;
  });
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop({ drainMs, graceMs }));
  const refused = (/** @type {Error} */ error) => {
    messages.write(`netocr-proxy: ${explain(error, inFiles)}\n`);
    process.exitCode = 1;
    stop({ graceMs: REFUSED_GRACE_MS });
  };
  const store = redis ? await createRedisStore({ ...redis, retry: true, refused }) : undefined;
  const server = await createServer({ ...options, store, log, logDropped, warn }).catch(async (error) => {
    await store?.close();
    throw error;
  });
  messages.write(`netocr-proxy listens on ${server.url}/netocr\n`);
  if (server.internalPort !== null)
    messages.write(`internal port ${server.internalPort}: ${internalPaths(options).join(', ')}\n`);
  await server.close(await stopped);
  await store?.close();
  await Promise.all([lines.close(), messages.close()]);
}

/** @param {{mintSecret?: string}} options */
function internalPaths({ mintSecret }) {
  return ['/metrics', ...(mintSecret === undefined ? [] : ['/tokens']), ...HEALTH_PATHS];
}

async function main() {
  const outputs = openOutputs();
  const { lines, messages } = outputs;
  /** @type {string[]} */
  let inFiles = [];
  try {
    const { action, config, probe } = parseCommandLine(process.argv.slice(2));
    if (action === 'help') return lines.write(USAGE);
    if (action === 'version') return lines.write(`${await readVersion()}\n`);
    const read = await readVariables(config, process.env);
    const { env } = read;
    inFiles = read.inFiles;
    if (action === 'serve') return await serve(env, { ...outputs, inFiles });
    readCommand(env);
    const result = await checkConfiguration(env, { probes: probe, inFiles });
    lines.write(`${result.lines.join('\n')}\n`);
    process.exitCode = EXIT_CODES[result.verdict];
  } catch (error) {
    messages.write(`netocr-proxy: ${explain(error, inFiles)}\n${HINT}`);
    process.exitCode = 1;
    await Promise.all([lines.close(), messages.close()]);
  }
}

await main();
