// The callers of the soak: honest ones, who try again with a fresh token until they have a reply, and everybody else.
import { request } from 'node:http';
import { connect } from 'node:net';
import { mintToken } from '../../../web/proxy/index.js';
import { FORM, formBody, LIVENESS, TOKEN_SECRET } from '../helpers.mjs';
import { markOf } from './service.mjs';

export const ORIGIN = 'https://www.example.com';
const RETRY_MS = 200;
const PAUSE_MS = 60;
const LONG_BYTES = 1_500_000;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const mint = () =>
  mintToken({
    secret: TOKEN_SECRET,
    operations: 'checkLiveness',
    origin: ORIGIN,
    applicantId: crypto.randomUUID(),
  });

/** On a connection of its own, so that nothing but the proxy can have ended it. Resolves with the code of the end. */
function call(port, { token, body, leaveMs }) {
  return new Promise((resolve) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path: `/netocr/${LIVENESS.path}`,
      method: 'POST',
      agent: false,
      headers: {
        'content-type': FORM,
        'content-length': Buffer.byteLength(body),
        origin: ORIGIN,
        authorization: `Bearer ${token}`,
        connection: 'close',
      },
    });
    const timer = leaveMs === undefined ? undefined : setTimeout(() => outgoing.destroy(), leaveMs);
    const end = (code) => {
      clearTimeout(timer);
      resolve(code);
    };
    outgoing.on('error', (error) => end(error.code));
    outgoing.on('response', (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (more) => {
        text += more;
      });
      reply.on('error', (error) => end(error.code));
      reply.on('end', () => end(reply.statusCode === 200 ? 'OK' : JSON.parse(text).error.code));
    });
    outgoing.end(body);
  });
}

/**
 * @typedef {object} World
 * @property {() => boolean} isOver
 * @property {() => number} excusedUntil when the last time ended, in milliseconds of performance.now(), in which calls may
 *   fail: Infinity within it
 * @property {() => number[]} ports of the two proxies
 * @property {() => number} random
 * @property {() => number} nextSerial
 * @property {Record<string, number>} counts of what calls ended with
 * @property {{longestMs: number, lost: string[], calls: number}} honest
 */

/** @param {World} world @param {string} who @param {string} code */
function count({ counts }, who, code) {
  const name = `${who} ${code}`;
  counts[name] = (counts[name] ?? 0) + 1;
}

/** What may end an honest call, because nothing of it was lost: the person's page tries again. */
const HONEST_ENDS = new Set(['OK', 'UNAVAILABLE', 'TOKEN_USED_UP', 'RATE_LIMITED']);
const FAULTS = new Set(['UPSTREAM_ERROR', 'UPSTREAM_UNREACHABLE']);

/**
 * Calls again and again. How long it was refused counts from the end of the last time in which calls may fail, to the
 * last refusal before the reply.
 *
 * @param {World} world
 * @param {number} number
 */
export async function honest(world, number) {
  let turn = number;
  while (!world.isOver()) {
    let since = null;
    for (;;) {
      const began = performance.now();
      const port = world.ports()[turn++ % 2];
      const code = await call(port, {
        token: await mint(),
        body: formBody(LIVENESS, markOf('good', world.nextSerial())),
      });
      count(world, 'honest', code);
      const isExcused = began <= world.excusedUntil();
      if (!HONEST_ENDS.has(code) && !(FAULTS.has(code) && isExcused)) world.honest.lost.push(code);
      if (code === 'OK' || world.isOver()) break;
      const now = performance.now();
      if (isExcused) since = null;
      else {
        since ??= began;
        world.honest.longestMs = Math.max(world.honest.longestMs, now - since);
      }
      await pause(RETRY_MS);
    }
    world.honest.calls += 1;
    await pause(PAUSE_MS);
  }
}

/** A picture of so many bytes that begins with the mark. */
const picture = (mark, bytes) => mark.padEnd(bytes - (bytes % 4), 'A');

/** Half of a request, byte by byte or all at once, and then nothing, or the end of the connection. */
function half(world, port, token, { isSlow }) {
  return new Promise((resolve) => {
    const body = formBody(LIVENESS, picture(markOf('good', world.nextSerial()), 40_000));
    const socket = connect(port, '127.0.0.1');
    const end = () => {
      clearInterval(timer);
      clearTimeout(last);
      socket.destroy();
      resolve('left');
    };
    const timer = setInterval(() => socket.write(body.slice(100, 108)), 50);
    const last = setTimeout(end, isSlow ? 3000 : 200 * world.random());
    socket.on('error', end).on('close', end).resume();
    socket.write(
      `POST /netocr/${LIVENESS.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${FORM}\r\nOrigin: ${ORIGIN}\r\n` +
        `Authorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, isSlow ? 100 : 20_000)}`,
    );
  });
}

/** What the others do. Each resolves with a word for the counts. */
const DEEDS = {
  kind: (kind, leaveMs) => async (world, port) =>
    call(port, { token: await mint(), body: formBody(LIVENESS, markOf(kind, world.nextSerial())), leaveMs }),
  /** One token at both proxies at once, and once more. */
  async replay(world) {
    const token = await mint();
    const body = formBody(LIVENESS, markOf('good', world.nextSerial()));
    const ports = world.ports();
    const first = await Promise.all(ports.map((port) => call(port, { token, body })));
    const codes = [...first, await call(ports[0], { token, body })];
    return codes.filter((code) => code === 'OK').length > 1 ? 'TWICE' : 'once';
  },
  forged: async (world, port) =>
    call(port, { token: 'eyJ.eyJ.x', body: formBody(LIVENESS, markOf('good', world.nextSerial())) }),
  long: async (world, port) =>
    call(port, {
      token: await mint(),
      body: formBody(LIVENESS, picture(markOf('good', world.nextSerial()), LONG_BYTES)),
    }),
  tooLong: async (_world, port) =>
    call(port, { token: await mint(), body: 'x'.repeat(LONG_BYTES * 2), leaveMs: 2000 }),
  broken: async (_world, port) =>
    call(port, { token: await mint(), body: `typeId=3035&img=%%%${'A'.repeat(5000)}`, leaveMs: 2000 }),
  drip: async (world, port) => half(world, port, await mint(), { isSlow: true }),
  leaves: async (world, port) => half(world, port, await mint(), { isSlow: false }),
};

const OTHERS = Object.entries({
  error: DEEDS.kind('error'),
  interim: DEEDS.kind('interim'),
  slow: DEEDS.kind('slow'),
  busy: DEEDS.kind('busy'),
  silence: DEEDS.kind('silence', 700),
  'gone while slow': DEEDS.kind('slow', 200),
  replay: DEEDS.replay,
  forged: DEEDS.forged,
  long: DEEDS.long,
  'too long': DEEDS.tooLong,
  broken: DEEDS.broken,
  drip: DEEDS.drip,
  leaves: DEEDS.leaves,
});

/** @param {World} world */
export async function other(world) {
  while (!world.isOver()) {
    const [name, deed] = OTHERS[Math.floor(world.random() * OTHERS.length)];
    const port = world.ports()[world.random() < 0.5 ? 0 : 1];
    count(world, name, await deed(world, port));
    await pause(PAUSE_MS);
  }
}
