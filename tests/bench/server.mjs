// The files of the benchmark's page on loopback: its own folder, the client, the module, the competitors' packages and the
// photos. Cross-origin isolated, because wasm-vips needs shared memory.
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { extname, join, normalize } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/**
 * @param {{modules: string, photos: Map<string, string>}} options modules: a node_modules folder; photos: name -> path
 * @returns {Promise<{origin: string, served: Set<string>, close: () => Promise<void>}>} served: the paths on disk of what was
 *   asked for, but for the page's own files and the photos
 */
export async function startFileServer({ modules, photos }) {
  const folders = {
    '/bench/': join(root, 'tests/bench/page'),
    '/web/': join(root, 'web'),
    '/modules/': modules,
  };
  /** @type {Set<string>} */
  const served = new Set();

  const pathOf = (url) => {
    const path = decodeURIComponent(new URL(url, 'http://x').pathname);
    if (path.startsWith('/photos/')) return photos.get(path.slice('/photos/'.length));
    const prefix = Object.keys(folders).find((name) => path.startsWith(name));
    if (!prefix) return undefined;
    const file = join(folders[prefix], normalize(`/${path.slice(prefix.length)}`));
    if (prefix !== '/bench/') served.add(file);
    return file;
  };

  const server = http.createServer(async (request, response) => {
    const path = pathOf(request.url ?? '/');
    const body = path ? await readFile(path).catch(() => null) : null;
    const type = TYPES[extname(path ?? '')] ?? 'application/octet-stream';
    response.writeHead(body ? 200 : 404, { ...HEADERS, 'content-type': type });
    response.end(body ?? 'not found');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    served,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
