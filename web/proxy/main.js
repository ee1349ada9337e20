#!/usr/bin/env node
// Command-line entry of the proxy (`npx netocr-proxy`): everything is set by environment variables, the log is one
// JSON line per request on stdout. For another set-up call createServer of node.js.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { checkConfiguration } from './check.js';
import { parseConfig, readCommand, readEnvironment, VARIABLES } from './environment.js';
import { createLineLog, openOutput } from './line-log.js';
import { createLog } from './logger.js';
import { createRedisStore, createServer } from './node.js';

const OPTIONS = /** @type {const} */ ({
  help: { type: 'boolean' },
  config: { type: 'string' },
  probe: { type: 'boolean' },
});

/** For requests under way when the store turns out to refuse the proxy: hardly any can have passed. */
const REFUSED_GRACE_MS = 1000;

/** Of `check`; 1 is a configuration that would not start. */
const EXIT_CODES = Object.freeze({ good: 0, bad: 2, unknown: 3 });

const USAGE = `netocr-proxy adds key and secret to the calls of web pages and passes them on to netocr.com.
  netocr-proxy [--config FILE]                  serves
  netocr-proxy check [--config FILE] [--probe]  says whether it would, and whether the store answers; --probe also asks
                                                the service: one call without a picture, which it may bill
check ends with 0 (good), 1 (would not start), 2 (the store or the service refuses or does not answer) or 3 (the
service's answer tells nothing).
FILE has a NAME=VALUE on each line; the environment comes before it:
${Object.entries(VARIABLES)
  .map(([name, meaning]) => `  ${name.padEnd(28)}  ${meaning}\n`)
  .join('')}`;

/** @param {unknown} error */
function explain(error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === 'EADDRINUSE') return 'the port is in use: stop the other program or set PORT to another one';
  if (code === 'EACCES') return 'this user may not listen on that port: set PORT to one above 1023';
  return message;
}

/**
 * The file's variables, and over them those of the environment.
 *
 * @param {string | undefined} file
 * @returns {Promise<import('./environment.js').Environment>}
 */
async function readVariables(file) {
  return { ...(file ? parseConfig(await readFile(file, 'utf8')) : {}), ...process.env };
}

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

/** Until it is told to end. @param {import('./environment.js').Environment} env @param {Outputs} outputs */
async function serve(env, { lines, messages }) {
  // Pieces of bodies are what this process throws away most. They are freed with the young generation of the heap, and
  // one that grows to its usual 16 MiB keeps tens of megabytes of them waiting.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { level, drainMs, graceMs } = readCommand(env);
  const log = createLog(level, lines);
  const warn = (/** @type {string} */ message) => messages.write(`warning: ${message}\n`);
  const logDropped = () => lines.dropped() + messages.dropped();
  const { redis, ...options } = readEnvironment(env);
  let stop = (/** @type {{drainMs?: number, graceMs?: number}} */ _close) => {};
  /** @type {Promise<{drainMs?: number, graceMs?: number}>} */
  const stopped = new Promise((resolve) => {
    stop = resolve;
  });
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop({ drainMs, graceMs }));
  const refused = (/** @type {Error} */ error) => {
    messages.write(`netocr-proxy: ${explain(error)}\n`);
    process.exitCode = 1;
    stop({ graceMs: REFUSED_GRACE_MS });
  };
  const store = redis ? await createRedisStore({ ...redis, retry: true, refused }) : undefined;
  const server = await createServer({ ...options, store, log, logDropped, warn }).catch(async (error) => {
    await store?.close();
    throw error;
  });
  messages.write(`netocr-proxy listens on ${server.url}/netocr\n`);
  if (server.metricsPort !== null) messages.write(`metrics on port ${server.metricsPort}\n`);
  await server.close(await stopped);
  await store?.close();
  await Promise.all([lines.close(), messages.close()]);
}

async function main() {
  const outputs = openOutputs();
  const { lines, messages } = outputs;
  try {
    const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
    if (values.help) return lines.write(USAGE);
    const isCheck = positionals[0] === 'check';
    if (positionals.length > (isCheck ? 1 : 0) || (values.probe && !isCheck))
      throw new TypeError('see the usage');
    const env = await readVariables(values.config);
    if (!isCheck) return await serve(env, outputs);
    readCommand(env);
    const result = await checkConfiguration(env, { probes: values.probe ?? false });
    lines.write(`${result.lines.join('\n')}\n`);
    process.exitCode = EXIT_CODES[result.verdict];
  } catch (error) {
    messages.write(`netocr-proxy: ${explain(error)}\n\n${USAGE}`);
    process.exitCode = 1;
    await Promise.all([lines.close(), messages.close()]);
  }
}

await main();
