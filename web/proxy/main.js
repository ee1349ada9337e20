#!/usr/bin/env node
// Command-line entry of the proxy (`npx netocr-proxy`): everything is set by environment variables, the log is one
// JSON line per request on stdout. For another set-up call createServer of node.js.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { checkConfiguration } from './check.js';
import { parseConfig, readCommand, readEnvironment, VARIABLES } from './environment.js';
import { createLog } from './logger.js';
import { createRedisStore, createServer } from './node.js';

const OPTIONS = /** @type {const} */ ({
  help: { type: 'boolean' },
  config: { type: 'string' },
  probe: { type: 'boolean' },
});

/** Of `check`; 1 is a configuration that would not start. */
const EXIT_CODES = Object.freeze({ good: 0, bad: 2, unknown: 3 });

const USAGE = `netocr-proxy adds key and secret to the calls of web pages and passes them on to netocr.com.
  netocr-proxy [--config FILE]                  serves
  netocr-proxy check [--config FILE] [--probe]  says whether it would; --probe also asks the service and the store:
                                                one call without a picture, which the service may bill
check ends with 0 (good), 1 (would not start), 2 (the probe failed) or 3 (the service's answer tells nothing).
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

/** @param {import('./environment.js').Environment} env */
async function serve(env) {
  // Pieces of bodies are what this process throws away most. They are freed with the young generation of the heap, and
  // one that grows to its usual 16 MiB keeps tens of megabytes of them waiting.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { level, drainMs, graceMs } = readCommand(env);
  const log = createLog(level);
  const warn = (/** @type {string} */ message) => void process.stderr.write(`warning: ${message}\n`);
  const { redis, ...options } = readEnvironment(env);
  const store = redis ? await createRedisStore(redis) : undefined;
  const server = await createServer({ ...options, store, log, warn }).catch(async (error) => {
    await store?.close();
    throw error;
  });
  for (const name of ['SIGINT', 'SIGTERM']) {
    process.once(name, () => void server.close({ drainMs, graceMs }).then(() => store?.close()));
  }
  process.stderr.write(`netocr-proxy listens on ${server.url}/netocr\n`);
  if (server.metricsPort !== null) process.stderr.write(`metrics on port ${server.metricsPort}\n`);
}

async function main() {
  try {
    const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
    if (values.help) return void process.stdout.write(USAGE);
    const isCheck = positionals[0] === 'check';
    if (positionals.length > (isCheck ? 1 : 0) || (values.probe && !isCheck))
      throw new TypeError('see the usage');
    const env = await readVariables(values.config);
    if (!isCheck) return await serve(env);
    readCommand(env);
    const { verdict, lines } = await checkConfiguration(env, { probes: values.probe ?? false });
    process.stdout.write(`${lines.join('\n')}\n`);
    process.exitCode = EXIT_CODES[verdict];
  } catch (error) {
    process.stderr.write(`netocr-proxy: ${explain(error)}\n\n${USAGE}`);
    process.exitCode = 1;
  }
}

await main();
