// The load generator of the proxy's bench, a process of its own: sends one prepared request again and again over
// kept connections by hand (no HTTP client to measure instead), and reports times as JSON on stdout.
// node load.mjs '{"port":1,"path":"/x","headers":{},"bodyFile":"f","connections":16,"ms":3000}'
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const { port, path, headers, bodyFile, connections, ms, warmUpMs = 300 } = JSON.parse(process.argv[2]);
const body = readFileSync(bodyFile);
const request = Buffer.concat([
  Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      ...Object.entries({ ...headers, 'Content-Length': body.length }).map(
        ([name, value]) => `${name}: ${value}`,
      ),
      '\r\n',
    ].join('\r\n'),
  ),
  body,
]);

const times = [];
const failures = {};
let all = 0;
let measuring = false;
let stopped = false;

/** Status of a reply that is complete in `text`, else null. */
function statusOf(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(text);
  if (!length) throw new Error('a reply without a content-length');
  if (Buffer.byteLength(text, 'latin1') < end + 4 + Number(length[1])) return null;
  return Number(text.slice(9, 12));
}

async function send(socket) {
  let text = '';
  let settle;
  const done = new Promise((resolve) => {
    settle = resolve;
  });
  const onData = (chunk) => {
    text += chunk.latin1Slice();
    const status = statusOf(text);
    if (status !== null) settle(status);
  };
  const onClose = () => settle('closed');
  socket.on('data', onData).once('close', onClose);
  socket.write(request);
  const result = await done;
  socket.off('data', onData).off('close', onClose);
  return { result, keep: !/\r\nconnection: close/i.test(text) && result !== 'closed' };
}

async function client() {
  let socket = null;
  while (!stopped) {
    if (!socket) {
      socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.on('error', () => {});
      await once(socket, 'connect').catch(() => {});
    }
    const started = performance.now();
    const { result, keep } = await send(socket);
    all += 1;
    if (measuring && !stopped) {
      if (result === 200) times.push(performance.now() - started);
      else failures[result] = (failures[result] ?? 0) + 1;
    }
    if (!keep) {
      socket.destroy();
      socket = null;
    }
  }
  socket?.destroy();
}

const clients = Array.from({ length: connections }, client);
await new Promise((resolve) => setTimeout(resolve, warmUpMs));
measuring = true;
const started = performance.now();
await new Promise((resolve) => setTimeout(resolve, ms));
stopped = true;
const seconds = (performance.now() - started) / 1000;
await Promise.all(clients);
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? null;
process.stdout.write(
  JSON.stringify({
    perSecond: times.length / seconds,
    count: times.length,
    all,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    failures,
  }),
);
