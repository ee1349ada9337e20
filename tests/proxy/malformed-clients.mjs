// The clients of malformed.test.mjs, a process of their own: the test runner watches every socket of its own process,
// which costs more than the requests. Sends REQUESTS malformed requests to a port of this machine and prints what came
// back as JSON: {sent, kinds, bad: [{name, statuses, sent}]}.
// node malformed-clients.mjs PORT REQUESTS
import { once } from 'node:events';
import { connect } from 'node:net';
import { KINDS } from './malformed-kinds.mjs';

const [port, requests] = process.argv.slice(2).map(Number);
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
async function exchange(bytes) {
  const socket = connect({ port, host: '127.0.0.1' });
  const chunks = [];
  let isSilent = false;
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.setTimeout(ANSWER_MS, () => {
    isSilent = true;
    socket.destroy();
  });
  socket.write(bytes);
  // A client that ends at once is one that went away; what is incomplete stays unanswered until it does.
  const patience = setTimeout(() => socket.end(), 40);
  socket.once('data', () => socket.end());
  await once(socket, 'close').catch(() => {});
  clearTimeout(patience);
  return isSilent ? null : Buffer.concat(chunks).toString('latin1');
}

let sent = 0;
const bad = [];
const kinds = Object.entries(KINDS);

async function client() {
  while (sent < requests) {
    const index = sent;
    sent += 1;
    const [name, make] = kinds[index % kinds.length];
    const bytes = make(createRandom(index));
    const answer = await exchange(bytes);
    const statuses =
      answer === null ? ['none'] : [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status);
    if (!statuses.every((status) => /^4(?!99)/.test(status))) {
      bad.push({ name, statuses, sent: bytes.toString('latin1').slice(0, 300) });
    }
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, client));
process.stdout.write(JSON.stringify({ sent, kinds: kinds.length, bad: bad.slice(0, 5) }));
