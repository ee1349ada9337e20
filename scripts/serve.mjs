// Serves the demo page with the proxy behind it: the real service when the credentials are in the environment, the
// sandbox otherwise. `node scripts/serve.mjs` runs it; `npm start` calls serve() once everything is built.
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { readAttempts } from '../web/proxy/access/attempts.js';
import { createNodeProxyHandler, startServer } from '../web/proxy/node/index.js';
import { readReveal } from '../web/proxy/receipts/reveal.js';
import { startSandbox } from '../web/sandbox/node.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOUNT = '/netocr';
// The folders that a browser may read; everything else of the checkout stays private. The last one has the demo's decoder
// for HEIC.
const FOLDERS = ['web/demo', 'web/client', 'node_modules/libheif-js/libheif-wasm'];
const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @type {Record<string, string>} */
const MIME_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
};

// The page may compile WebAssembly but not evaluate text, and may call the proxy named by ?endpoint= (https, or
// another port of this machine).
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self' http://localhost:* http://127.0.0.1:* https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * @typedef {object} Site
 * @property {string} url http://localhost:PORT/
 * @property {number} port
 * @property {boolean} sandbox whether the sandbox answers instead of the service
 * @property {(options?: {graceMs?: number}) => Promise<void>} close
 */

/**
 * Starts the demo. Rejects with an Error whose message says what to do. NETOCR_REVEAL of `env` is what the page may see of
 * a reply, as for the command `netocr-proxy`.
 *
 * `NETOCR_ATTEMPTS` of `env` limits the attempts of all calls together.
 *
 * @param {{port?: number | string, env?: Record<string, string | undefined>, root?: string,
 *   log?: (record: import('../web/proxy/index.js').LogRecord) => void}} [options] `port` defaults to PORT of `env`,
 *   else 8080; 0 picks a free one. `root` is the checkout
 * @returns {Promise<Site>}
 */
export async function serve({ env = process.env, port = env.PORT || 8080, root = ROOT, log } = {}) {
  const number = checkPort(port);
  const credentials = readCredentials(env);
  const sandbox = credentials ? null : await startSandbox();
  try {
    const proxy = createNodeProxyHandler({
      ...(credentials ?? {
        key: 'sandbox-key',
        secret: 'sandbox-secret',
        upstream: sandbox?.url,
        sandbox: true,
      }),
      basePath: MOUNT,
      // Only this machine's own pages and programs get here: see route().
      allowSameOrigin: true,
      allowAnonymous: true,
      rates: null,
      // Nobody counts the calls of this machine, unless somebody wants to see what happens then.
      attempts: readAttempts(env.NETOCR_ATTEMPTS),
      // The failures of the sandbox's scenarios are asked for.
      breaker: sandbox ? null : undefined,
      reveal: readReveal(env.NETOCR_REVEAL),
      log,
      warn: (message) => process.stderr.write(`warning: ${message}\n`),
    });
    const files = await createFileHandler(root);
    const server = await startServer((request) => route(request, proxy, files), { port: number });
    return {
      url: `http://localhost:${server.port}/`,
      port: server.port,
      sandbox: sandbox !== null,
      async close(options) {
        await server.close(options);
        await sandbox?.close(options);
      },
    };
  } catch (error) {
    await sandbox?.close({ graceMs: 0 });
    throw explain(error, number);
  }
}

/** @param {number | string} port */
function checkPort(port) {
  const number = /^\d{1,5}$/.test(String(port)) ? Number(port) : -1;
  if (number < 0 || number > 65_535) throw new Error('PORT must be a number from 0 to 65535');
  return number;
}

/**
 * @param {Record<string, string | undefined>} env
 * @returns {{key: string, secret: string} | null} null when neither is set
 */
function readCredentials({ NETOCR_KEY: key, NETOCR_SECRET: secret }) {
  if (key && secret) return { key, secret };
  if (!key && !secret) return null;
  const [present, missing] = key ? ['NETOCR_KEY', 'NETOCR_SECRET'] : ['NETOCR_SECRET', 'NETOCR_KEY'];
  throw new Error(
    `${present} is set but ${missing} is not: set both for the real service, or none for the sandbox`,
  );
}

/**
 * @param {unknown} error
 * @param {number} port
 */
function explain(error, port) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  const hint = `set PORT to another one, for example PORT=${port < 65_000 ? port + 1 : 8080} npm start`;
  if (code === 'EADDRINUSE') return new Error(`port ${port} is in use: stop the other program or ${hint}`);
  if (code === 'EACCES') return new Error(`this user may not listen on port ${port}: ${hint}`);
  return error;
}

/**
 * Only under this machine's own names: a foreign page that has its own name point here (DNS rebinding) would count
 * as the same origin.
 *
 * @param {Request} request
 * @param {(request: Request) => Promise<Response>} proxy
 * @param {(request: Request) => Promise<Response>} files
 */
async function route(request, proxy, files) {
  const { hostname, pathname } = new URL(request.url);
  if (!LOCAL_NAMES.has(hostname)) return plain(403, 'only localhost is served here');
  return pathname === MOUNT || pathname.startsWith(`${MOUNT}/`) ? proxy(request) : files(request);
}

/**
 * @param {string} root
 * @returns {Promise<(request: Request) => Promise<Response>>}
 */
async function createFileHandler(root) {
  const base = await realpath(root);
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plain(405, 'only GET', { allow: 'GET, HEAD' });
    if (pathname === '/') return plain(302, '', { location: '/web/demo/' });
    const file = await findFile(base, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    return file ? sendFile(request, file) : plain(404, 'not found');
  };
}

/**
 * The file behind a path, null when there is none that may be read. Links are followed before the check, so that none
 * leads out of its folder.
 *
 * @param {string} base
 * @param {string} pathname
 * @returns {Promise<{path: string, size: number, etag: string} | null>}
 */
async function findFile(base, pathname) {
  const parts = decode(pathname)?.split('/').slice(1);
  // Hidden files, `..`, empty segments, and characters that mean something to a file system.
  if (!parts?.every((part) => /^[^.\\:\0][^\\:\0]*$/.test(part))) return null;
  const folder = FOLDERS.find((name) => parts.join('/').startsWith(`${name}/`));
  if (!folder) return null;
  try {
    const [path, allowed] = await Promise.all([realpath(join(base, ...parts)), realpath(join(base, folder))]);
    if (!path.startsWith(allowed + sep) || !MIME_TYPES[extname(path)]) return null;
    const info = await stat(path);
    const etag = `"${info.size.toString(36)}-${Math.trunc(info.mtimeMs).toString(36)}"`;
    return info.isFile() ? { path, size: info.size, etag } : null;
  } catch {
    return null;
  }
}

/** @param {string} pathname */
function decode(pathname) {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

/**
 * @param {Request} request
 * @param {{path: string, size: number, etag: string}} file
 */
function sendFile(request, { path, size, etag }) {
  const headers = { ...SECURITY_HEADERS, etag, 'cache-control': 'no-cache' };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  const body = request.method === 'HEAD' ? null : Readable.toWeb(createReadStream(path));
  return new Response(/** @type {ConstructorParameters<typeof Response>[0]} */ (body), {
    headers: { ...headers, 'content-type': MIME_TYPES[extname(path)], 'content-length': String(size) },
  });
}

/**
 * @param {number} status
 * @param {string} text
 * @param {Record<string, string>} [headers]
 */
function plain(status, text, headers = {}) {
  const type = { 'content-type': 'text/plain; charset=utf-8' };
  return new Response(text, { status, headers: { ...SECURITY_HEADERS, ...type, ...headers } });
}

/** Runs until SIGINT or SIGTERM. */
async function main() {
  // A terminal or pipe that is gone must not end the server.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    const site = await serve();
    for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => void site.close({ graceMs: 2000 }));
    const source = site.sandbox
      ? 'SANDBOX: no NETOCR_KEY and NETOCR_SECRET are set, a stand-in answers and decides nothing about real faces'
      : 'calls go to https://netocr.com with the credentials of NETOCR_KEY and NETOCR_SECRET';
    process.stdout.write(`${source}\ndemo: ${site.url}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] && (await realpath(process.argv[1])) === fileURLToPath(import.meta.url)) await main();
