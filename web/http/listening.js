// Begins to listen. Afterwards the system may still fail to accept a connection, for lack of descriptors or memory: that ends
// neither the server nor the process.

/**
 * Rejects with the system error (code EADDRINUSE, ...) when it cannot listen.
 *
 * @param {import('node:net').Server} server
 * @param {{port: number, host: string, warn: (message: string) => void}} options `warn`: once for each code of an error
 * @returns {Promise<void>}
 */
export async function listen(server, { port, host, warn }) {
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(undefined);
    });
  });
  /** @type {Set<string>} */
  const warned = new Set();
  server.on('error', (/** @type {NodeJS.ErrnoException} */ { code = 'unknown error' }) => {
    if (warned.has(code)) return;
    warned.add(code);
    warn(`the system did not hand over a connection (${code}); the server goes on`);
  });
}
