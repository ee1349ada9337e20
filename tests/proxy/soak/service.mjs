// The service of the soak: a TCP server that answers calls by what their picture asks for and by the weather of the moment,
// and counts how often each picture came whole.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { OK_REPLY } from '../helpers.mjs';

const head = (status, fields, body = '') => `HTTP/1.1 ${status} X\r\n${fields}\r\n${body}`;
const GOOD = head(200, `Content-Length: ${Buffer.byteLength(OK_REPLY)}\r\nConnection: close\r\n`, OK_REPLY);
const INTERIM = head(103, 'Link: </x>\r\n');
const SLOW_MS = 400;

/** Answers that are a matter of the very call: none of them says that the service is down. */
export const KINDS = Object.freeze({
  good: (socket) => void socket.end(GOOD),
  interim: (socket) => void socket.end(INTERIM.repeat(3) + GOOD),
  // 70 KB of which it sends most, and it keeps its side open: the proxy has to let go.
  error: (socket) => void socket.write(head(500, 'Content-Length: 70000\r\n', ' '.repeat(60_000))),
  slow(socket) {
    socket.write(GOOD.slice(0, -20));
    setTimeout(() => socket.destroyed || socket.end(GOOD.slice(-20)), SLOW_MS);
  },
  busy: (socket) => void socket.end(head(429, 'Content-Length: 0\r\nRetry-After: 1\r\n')),
  silence() {},
});

/** What a service does that has a bad day: each counts for the circuit breaker. */
const FAILURES = Object.freeze({
  gateway: (socket) => void socket.end(head(502, 'Content-Length: 0\r\n')),
  reset: (socket) => void socket.resetAndDestroy(),
  cut: (socket) => void socket.end(GOOD.slice(0, -20)),
  upgrade: (socket) => void socket.write(head(101, 'Connection: Upgrade\r\nUpgrade: websocket\r\n', 'bytes')),
  nonsense: (socket) => void socket.write('SSH-2.0-OpenSSH\r\n'),
  huge: (socket) => void socket.end(head(200, 'Content-Length: 1200000\r\n', ' '.repeat(1_200_000))),
});

/** How many of the calls fail whatever they ask for. */
const FAILING = Object.freeze({ calm: 0, rough: 0.3, down: 1 });

const NAMES = Object.keys(KINDS);
const MARK = /AAAA(\d{2})(\d{10})/;
const ROOM_FOR_MARK = 1024;

/** The picture of a call, base64: names the kind of answer and the call. */
export const markOf = (kind, serial) =>
  `AAAA${String(NAMES.indexOf(kind)).padStart(2, '0')}${String(serial).padStart(10, '0')}`;

/**
 * @param {() => number} random from 0 to 1
 */
export async function startSoakService(random) {
  const failures = Object.values(FAILURES);
  /** @type {Map<string, number>} */
  const seen = new Map();
  const sockets = new Set();
  const state = { weather: 'calm', failed: 0 };

  function answer(socket, text) {
    const [mark, kind] = MARK.exec(text) ?? [];
    if (mark !== undefined) seen.set(mark, (seen.get(mark) ?? 0) + 1);
    if (random() >= FAILING[state.weather]) return KINDS[NAMES[Number(kind ?? 0)]](socket);
    state.failed += 1;
    failures[Math.floor(random() * failures.length)](socket);
  }

  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('end', () => socket.end());
    socket.once('close', () => sockets.delete(socket));
    let text = '';
    let left = Number.NaN;
    socket.on('data', function take(data) {
      // The mark stands at the body's beginning: the rest of a long one is only counted.
      if (Number.isNaN(left) || text.length < ROOM_FOR_MARK * 4) text += data.latin1Slice();
      if (Number.isNaN(left)) {
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        left = Number(/\r\ncontent-length: (\d+)/i.exec(text)[1]) - (text.length - end - 4);
      } else left -= data.length;
      if (left > 0) return;
      socket.off('data', take).resume();
      answer(socket, text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    state,
    sockets: () => sockets.size,
    calls: () => [...seen.values()].reduce((sum, count) => sum + count, 0),
    repeated: () => [...seen].filter(([, count]) => count > 1).map(([mark]) => mark),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
