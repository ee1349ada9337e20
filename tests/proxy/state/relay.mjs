// A TCP relay that can go silent: it keeps its connections open, accepts new ones, and lets nothing through any more, as a
// peer does that was frozen or whose packets get lost.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * @returns {Promise<{port: number, silence: () => void, heal: () => void, accepted: (more: number) => Promise<void>,
 *   abandoned: (count: number) => Promise<void>}>} `heal` is for connections made after it. `accepted` waits for more
 *   connections, `abandoned` until the client has closed so many in all of those that were silent
 */
export async function startRelay(t, port) {
  let isSilent = false;
  let abandoned = 0;
  const pairs = new Set();
  const server = createServer((client) => {
    const pair = { client, far: connect(port, '127.0.0.1'), isSilent: false };
    pairs.add(pair);
    for (const [from, to] of [
      [pair.client, pair.far],
      [pair.far, pair.client],
    ]) {
      from.on('data', (chunk) => {
        pair.isSilent ||= isSilent;
        if (!pair.isSilent) to.write(chunk);
      });
      from.on('error', () => {});
    }
    pair.far.once('close', () => pair.isSilent || client.destroy());
    client.once('close', () => {
      pair.far.destroy();
      pairs.delete(pair);
      if (!pair.isSilent) return;
      abandoned += 1;
      server.emit('abandoned');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const { client, far } of pairs) for (const socket of [client, far]) socket.destroy();
  });
  return {
    port: server.address().port,
    silence() {
      isSilent = true;
      for (const pair of pairs) pair.isSilent = true;
    },
    heal() {
      isSilent = false;
    },
    async accepted(more) {
      for (let i = 0; i < more; ++i) await once(server, 'connection');
    },
    async abandoned(count) {
      while (abandoned < count) await once(server, 'abandoned');
    },
  };
}
