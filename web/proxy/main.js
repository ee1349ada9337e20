#!/usr/bin/env node
// Command-line entry of the proxy (`npx netocr-proxy`): everything is set by environment variables, the log is one
// JSON line per request on stdout. For another set-up call createServer of node.js.
import { readEnvironment, VARIABLES } from './environment.js';
import { createRedisStore, createServer } from './node.js';

const USAGE = `netocr-proxy adds key and secret to the calls of web pages and passes them on to netocr.com.
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

async function main() {
  if (process.argv.includes('--help')) return void process.stdout.write(USAGE);
  try {
    const log = (/** @type {object} */ record) => void process.stdout.write(`${JSON.stringify(record)}\n`);
    const warn = (/** @type {string} */ message) => void process.stderr.write(`warning: ${message}\n`);
    const { redis, ...options } = readEnvironment(process.env);
    const store = redis ? await createRedisStore(redis) : undefined;
    const server = await createServer({ ...options, store, log, warn }).catch(async (error) => {
      await store?.close();
      throw error;
    });
    for (const name of ['SIGINT', 'SIGTERM']) {
      process.once(name, () => void server.close().then(() => store?.close()));
    }
    process.stderr.write(`netocr-proxy listens on ${server.url}/netocr\n`);
  } catch (error) {
    process.stderr.write(`netocr-proxy: ${explain(error)}\n\n${USAGE}`);
    process.exitCode = 1;
  }
}

await main();
