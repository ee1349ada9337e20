// Requests that stay in the proxy: long bodies for a service that takes connections and reads nothing, so that the proxy
// holds all that it may hold of each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { BOUNDARY, FACE, FILE, FORM, formBody, multipartBody, openSocket } from './helpers.mjs';
import { startCounted } from './process.mjs';

/** Python, since Node cannot keep the system from taking megabytes in its place. */
const DEAF = `
import socket
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
server.bind(('127.0.0.1', 0))
server.listen(512)
print(server.getsockname()[1], flush=True)
taken = []
while True: taken.append(server.accept())
`;

async function startDeafService(t) {
  const child = spawn('python3', ['-c', DEAF], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [port] = await once(child.stdout, 'data');
  return `http://127.0.0.1:${Number(port)}`;
}

/** How many connections of the server on this port have bytes that it has not read. */
async function unreadConnections(port) {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = (await readFile('/proc/net/tcp', 'utf8')).trim().split('\n').slice(1);
  const columns = lines.map((line) => line.trim().split(/\s+/));
  return columns.filter(([, address, , state, queues]) => {
    const [, unread] = queues.split(':');
    return address.endsWith(local) && state === '01' && Number.parseInt(unread, 16) > 0;
  }).length;
}

/** The longest bodies of both encodings. */
const half = ({ maxBodyBytes }) => maxBodyBytes / 2 - 1000;
const KINDS = [
  { path: FACE.path, type: FORM, body: Buffer.from(formBody(FACE, 'A'.repeat(half(FACE)))) },
  {
    path: FILE.path,
    type: `${FILE.contentType}; boundary=${BOUNDARY}`,
    body: multipartBody(FILE, Buffer.alloc(half(FILE), 0xd8)),
  },
];

/** How often it is looked whether the requests have come to a stop. */
const LOOK_MS = 50;

/**
 * A proxy in front of such a service. `hold(count)` opens so many requests more and resolves once nothing moves.
 *
 * @param {{after: (end: () => unknown) => void}} t
 */
export async function startHolding(t) {
  const proxy = await startCounted(t, { NETOCR_UPSTREAM: await startDeafService(t) });
  let opened = 0;

  /** @param {number} index */
  async function open(index) {
    const { path, type, body } = KINDS[index % KINDS.length];
    const client = await openSocket(t, proxy.port, [
      `POST /netocr/${path} HTTP/1.1`,
      `Host: 127.0.0.1:${proxy.port}`,
      `Content-Type: ${type}`,
      `Content-Length: ${body.length}`,
    ]);
    client.socket.write(body);
  }

  /**
   * Whether every request waits for the service, and the proxy leaves the rest of its body with the system (or has read
   * all of it). The second look at the bytes read is a turn of the proxy's event loop later: it would read by then.
   */
  async function isStill() {
    if (proxy.output.stdout) throw new Error(`a request ended: ${proxy.output.stdout}`);
    const before = await proxy.ask('progress');
    const unread = await unreadConnections(proxy.port);
    const after = await proxy.ask('progress');
    return after.blocked === opened && unread + after.complete === opened && after.read === before.read;
  }

  return {
    ...proxy,
    async hold(count) {
      for (let i = 0; i < count; i += 1) await open(i);
      opened += count;
      while (!(await isStill())) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    },
  };
}
