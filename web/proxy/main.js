#!/usr/bin/env node
// Command-line entry of the proxy (`npx netocr-proxy`): everything is set by environment variables, the log is one
// JSON line per request on stdout. For another set-up call createServer of node.js.
import { createServer } from './node.js';

const USAGE = `netocr-proxy adds key and secret to the calls of web pages and passes them on to netocr.com.
  NETOCR_KEY, NETOCR_SECRET  the account's credentials (required)
  PORT                       port to listen on (default 8787)
  HOST                       address to listen on (default 127.0.0.1)
  NETOCR_ALLOWED_ORIGINS     origins of the pages that may call, separated by commas
  NETOCR_UPSTREAM            base URL of the service (default https://netocr.com)
`;

/** @param {NodeJS.ProcessEnv} env */
function readEnvironment(env) {
  const {
    NETOCR_KEY: key,
    NETOCR_SECRET: secret,
    PORT = '8787',
    HOST: host,
    NETOCR_UPSTREAM: upstream,
  } = env;
  if (!key || !secret) throw new TypeError('NETOCR_KEY and NETOCR_SECRET must both be set');
  const port = /^\d{1,5}$/.test(PORT) ? Number(PORT) : 65_536;
  if (port > 65_535) throw new TypeError('PORT must be a number from 0 to 65535');
  const origins = (env.NETOCR_ALLOWED_ORIGINS ?? '').split(',').map((origin) => origin.trim());
  return { key, secret, port, host, upstream, allowedOrigins: origins.filter((origin) => origin !== '') };
}

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
    const server = await createServer({ ...readEnvironment(process.env), log });
    for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => void server.close());
    process.stderr.write(`netocr-proxy listens on ${server.url}/netocr\n`);
  } catch (error) {
    process.stderr.write(`netocr-proxy: ${explain(error)}\n\n${USAGE}`);
    process.exitCode = 1;
  }
}

await main();
