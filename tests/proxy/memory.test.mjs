// Memory for each request in flight, as the system sees it: many long bodies at once, against a service that does not
// read, so that everything that the proxy may hold is held.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { BOUNDARY, FACE, FILE, FORM, formBody, multipartBody, openSocket } from './helpers.mjs';
import { residentBytes, startCommand } from './process.mjs';

const REQUESTS = 128;
const FIRST_REQUESTS = 48;
const MOST_BYTES = 256 << 10;

/** Takes connections and reads nothing. Python, since Node cannot keep the system from taking megabytes in its place. */
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

test('a request in flight costs at most 256 KiB, however long its body is', async (t) => {
  const proxy = await startCommand(t, { NETOCR_UPSTREAM: await startDeafService(t) });
  let opened = 0;

  /** Opens `count` requests; resolves once the proxy reads on in none of them. */
  async function fill(count) {
    for (let i = 0; i < count; i += 1) {
      const { path, type, body } = KINDS[i % KINDS.length];
      const client = await openSocket(t, proxy.port, [
        `POST /netocr/${path} HTTP/1.1`,
        `Host: 127.0.0.1:${proxy.port}`,
        `Content-Type: ${type}`,
        `Content-Length: ${body.length}`,
      ]);
      client.socket.write(body);
    }
    opened += count;
    for (let quiet = 0; quiet < 8; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      quiet = (await unreadConnections(proxy.port)) === opened ? quiet + 1 : 0;
    }
  }

  // What the process needs once (compiled code, the heap's first growth) is there after the first ones.
  await fill(FIRST_REQUESTS);
  const before = await residentBytes(proxy);
  await fill(REQUESTS);
  const grown = (await residentBytes(proxy)) - before;
  t.diagnostic(`${(grown / REQUESTS / 1024).toFixed(0)} KiB for each of ${REQUESTS} requests of 3 to 4 MiB`);
  assert.ok(grown / REQUESTS <= MOST_BYTES, `${grown / REQUESTS} bytes for each request`);
});
