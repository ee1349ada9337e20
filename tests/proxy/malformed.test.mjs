// Ten thousand malformed requests over raw connections: none makes the proxy call the service, none is answered with
// anything but a refusal, none upsets the process.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'node:test';
import { FACE, formBody, post, startProxy, startUpstream } from './helpers.mjs';
import { KINDS } from './malformed-kinds.mjs';

const REQUESTS = 10_000;
const AT_ONCE = 24;
const ANSWER_MS = 20_000;

/** The same numbers in every run. */
function createRandom(seed) {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Sends the bytes and ends; resolves with everything that came back until the proxy closed. */
async function exchange(port, bytes) {
  const socket = connect({ port, host: '127.0.0.1' });
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('no end')));
  socket.write(bytes);
  // A client that ends at once is one that went away; what is incomplete stays unanswered until it does.
  const patience = setTimeout(() => socket.end(), 40);
  socket.once('data', () => socket.end());
  await once(socket, 'close').catch(() => {});
  clearTimeout(patience);
  return Buffer.concat(chunks).toString('latin1');
}

test('10,000 malformed requests of more than 100 kinds', async (t) => {
  let connections = 0;
  const upstream = await startUpstream(t);
  upstream.server.on('connection', () => {
    connections += 1;
  });
  const proxy = await startProxy(t, { upstream: upstream.url, lingerMs: 1000 });
  const kinds = Object.entries(KINDS);
  assert.ok(kinds.length >= 100, `${kinds.length} kinds`);

  let sent = 0;
  const bad = [];
  async function client() {
    while (sent < REQUESTS) {
      const index = sent;
      sent += 1;
      const [name, make] = kinds[index % kinds.length];
      const bytes = make(createRandom(index));
      const answer = await exchange(proxy.port, bytes);
      const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status);
      if (!statuses.every((status) => /^4(?!99)/.test(status))) {
        bad.push({ name, statuses, sent: bytes.toString('latin1').slice(0, 300) });
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client));

  assert.deepEqual(bad.slice(0, 5), []);
  assert.equal(sent, REQUESTS);
  assert.equal(connections, 0, 'nothing reached the service, not even a connection');
  assert.ok(!proxy.lines.some(({ code }) => code === 'INTERNAL' || code === 'OK'));
  assert.equal((await post(proxy, FACE, formBody(FACE))).status, 200, 'it still serves');
  assert.equal(connections, 1);
});
