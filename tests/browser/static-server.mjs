// The checkout's files on an origin of their own, as any static server has them: it knows nothing of the proxy, and sends no
// policy.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kRoot = fileURLToPath(new URL('../..', import.meta.url));

/** A page with nothing on it. */
export const kBlankPath = '/blank.html';

const kTypes = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export async function startStaticServer() {
  const files = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === kBlankPath) {
      response.writeHead(200, { 'content-type': 'text/html' });
      return response.end('<!doctype html><link rel="icon" href="data:,">');
    }
    const path = join(kRoot, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const isFile = await stat(path).then(
      (info) => info.isFile(),
      () => false,
    );
    if (!isFile) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': kTypes[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => files.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${files.address().port}`,
    close: () => new Promise((resolve) => files.close(resolve).closeAllConnections()),
  };
}
