// A pass-through server in front of the demo's server: everything the page sends is kept, byte for byte, and can be held
// back. The page sees one origin as usual.
import http from 'node:http';

/**
 * @param {string} target  origin that answers, e.g. http://127.0.0.1:8080
 * @returns {Promise<{origin: string, calls: Call[], hold: (path: RegExp) => Promise<void>,
 *   setDead: (isDead: boolean) => void, close: () => Promise<void>}>}
 *   `hold(path)`: the next request that matches is never answered; resolves when it has arrived completely. `setDead(true)`: calls
 *   are cut off without an answer.
 * @typedef {{method: string, path: string, headers: http.IncomingHttpHeaders, body: Buffer, aborted: Promise<void>}} Call
 */
export async function startRecorder(target) {
  /** @type {Call[]} */
  const calls = [];
  /** @type {{path: RegExp, arrived: () => void}[]} */
  const held = [];
  const state = { isDead: false };

  const server = http.createServer(async (request, response) => {
    const aborted = new Promise((resolve) =>
      response.once('close', () => !response.writableFinished && resolve()),
    );
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const call = {
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: Buffer.concat(chunks),
      aborted,
    };
    calls.push(call);
    if (state.isDead && call.method === 'POST') return request.socket.destroy();
    const index = held.findIndex(({ path }) => path.test(request.url));
    if (index >= 0) {
      held.splice(index, 1)[0].arrived();
      return;
    }
    const onward = http.request(
      new URL(request.url, target),
      { method: request.method, headers: request.headers },
      (reply) => {
        response.writeHead(reply.statusCode, reply.headers);
        reply.pipe(response);
      },
    );
    onward.once('error', () => response.destroy());
    onward.end(call.body);
  });

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    calls,
    setDead: (isDead) => {
      state.isDead = isDead;
    },
    hold: (path) => new Promise((resolve) => held.push({ path, arrived: resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
