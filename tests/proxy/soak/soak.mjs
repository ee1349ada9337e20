// The soak: two proxies on one Redis before a service with faults, honest and other callers at once, and meanwhile Redis is
// killed, the service fails, one of the proxies is ended and started again. What came of it is a plain report.
import { readdir } from 'node:fs/promises';
import { KEY, SECRET, TOKEN_SECRET } from '../helpers.mjs';
import { freePort, startCommand, startCounted } from '../process.mjs';
import { randomInts } from '../scanner-cases.mjs';
import { startRedis } from '../state/redis-server.mjs';
import { honest, ORIGIN, other, pause } from './callers.mjs';
import { startSoakService } from './service.mjs';

const MEMORY = new URL('memory.mjs', import.meta.url).href;
const HONEST_CALLERS = 6;
const OTHER_CALLERS = 14;
const BREAKER_SECONDS = 5;
const WARM_UP_MS = 4000;
const QUIET_MS = 60_000;
const DRAIN_SECONDS = 1;
/** How soon the balancer in front notices that a proxy is not ready any more. */
const NOTICE_MS = 300;

export const BREAKER_PAUSE_MS = BREAKER_SECONDS * 1000;

/** Times in which calls may fail, whoever makes them: `excusedUntil()` is when the last one ended, Infinity within one. */
function createExcuses() {
  let open = 0;
  let until = 0;
  return {
    excusedUntil: () => (open > 0 ? Number.POSITIVE_INFINITY : until),
    async during(work) {
      open += 1;
      try {
        await work();
      } finally {
        open -= 1;
        until = performance.now();
      }
    },
  };
}

/** One after the other, with a calm time after each that is longer than the breaker's pause. */
function misfortunes({ redis, service, fleet }) {
  const weather = (name, ms) => async () => {
    service.state.weather = name;
    await pause(ms);
    service.state.weather = 'calm';
  };
  return {
    'the service is rough': weather('rough', 5000),
    'Redis is killed': async () => {
      await redis.kill();
      await pause(800);
      await redis.start();
    },
    'a proxy is ended': fleet.replace,
    'the service is down': weather('down', 4000),
    'Redis is stopped': async () => {
      redis.pause();
      await pause(1500);
      redis.resume();
    },
  };
}

/** Of the metrics of a proxy. */
async function gauges(port) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const value = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return { calls: value('netocr_proxy_calls'), queued: value('netocr_proxy_queued') };
}

/** Two proxies: the first lives as long as the soak and is looked into, the second is replaced now and then. */
async function startFleet(t, env) {
  const ports = [await freePort(), await freePort()];
  const metrics = [await freePort(), await freePort()];
  const envOf = (i) => ({
    ...env,
    PORT: String(ports[i]),
    NETOCR_INTERNAL_PORT: String(metrics[i]),
    NETOCR_DRAIN_SECONDS: String(DRAIN_SECONDS),
  });
  const first = await startCounted(t, envOf(0), { counters: MEMORY });
  let second = await startCommand(t, envOf(1));
  const ends = [];
  let isSecondReady = true;
  return {
    /** Where a balancer sends calls to. */
    ports: () => (isSecondReady ? ports : [ports[0], ports[0]]),
    metrics,
    first,
    pids: () => [first.child.pid, second.child.pid],
    /** How those ended that were replaced: [code, signal]. */
    ends,
    async replace() {
      second.child.kill('SIGTERM');
      await pause(NOTICE_MS);
      isSecondReady = false;
      ends.push(await second.exit);
      second = await startCommand(t, envOf(1));
      isSecondReady = true;
    },
  };
}

/** What a quiet proxy holds, once it holds no call and no client's connection any more. */
async function atRest(fleet, service) {
  const deadline = performance.now() + QUIET_MS;
  const descriptors = async (pid) => (await readdir(`/proc/${pid}/fd`)).length;
  let now;
  do {
    await pause(250);
    now = await Promise.all(
      fleet.pids().map(async (pid, i) => ({
        ...(await gauges(fleet.metrics[i])),
        descriptors: await descriptors(pid),
      })),
    );
  } while (
    (service.sockets() > 0 || now.some(({ calls, queued }) => calls > 0 || queued > 0)) &&
    performance.now() < deadline
  );
  // The connection that asked for the metrics may still be closing.
  const { heap, external } = await fleet.first.ask('memory');
  return { proxies: now, heapBytes: heap + external, serviceSockets: service.sockets() };
}

/**
 * @param {{after: (work: () => unknown) => void}} t
 * @param {{seconds: number, seed?: number, onEvent?: (line: string) => void}} options
 */
export async function soak(t, { seconds, seed = 1, onEvent = () => {} }) {
  const ints = randomInts(seed);
  const random = () => ints(2 ** 32) / 2 ** 32;
  const service = await startSoakService(random);
  t.after(() => service.close());
  const redis = await startRedis(t);
  const fleet = await startFleet(t, {
    NETOCR_KEY: KEY,
    NETOCR_SECRET: SECRET,
    NETOCR_ALLOW_ANONYMOUS: '0',
    NETOCR_ALLOWED_ORIGINS: ORIGIN,
    NETOCR_TOKEN_SECRET: TOKEN_SECRET,
    NETOCR_UPSTREAM: service.url,
    NETOCR_BREAKER: `8/${BREAKER_SECONDS}`,
    REDIS_URL: redis.url,
  });
  const excuses = createExcuses();
  let serial = 0;
  let isOver = false;
  const world = {
    isOver: () => isOver,
    excusedUntil: excuses.excusedUntil,
    ports: fleet.ports,
    random,
    nextSerial: () => {
      serial += 1;
      return serial;
    },
    counts: {},
    honest: { longestMs: 0, lost: [], calls: 0 },
  };
  const begin = () => {
    isOver = false;
    return Promise.all([
      ...Array.from({ length: HONEST_CALLERS }, (_, i) => honest(world, i)),
      ...Array.from({ length: OTHER_CALLERS }, () => other(world)),
    ]);
  };
  const end = async (load) => {
    isOver = true;
    await load;
  };

  // What the processes need once (compiled code, tables) is there after the first calls.
  const warmUp = begin();
  await pause(WARM_UP_MS);
  await end(warmUp);
  const before = await atRest(fleet, service);

  const load = begin();
  const until = performance.now() + seconds * 1000;
  const happened = {};
  const list = Object.entries(misfortunes({ redis, service, fleet }));
  for (let i = 0; performance.now() < until; i += 1) {
    const [name, happen] = list[i % list.length];
    onEvent(`${name}; ${service.calls()} calls so far`);
    await (name === 'a proxy is ended' ? happen() : excuses.during(happen));
    happened[name] = (happened[name] ?? 0) + 1;
    await pause(Math.min(BREAKER_PAUSE_MS + 1500, Math.max(0, until - performance.now())));
  }
  await end(load);
  const after = await atRest(fleet, service);
  return {
    before,
    after,
    happened,
    ends: fleet.ends,
    honest: world.honest,
    counts: world.counts,
    calls: service.calls(),
    failed: service.state.failed,
    repeated: service.repeated(),
  };
}

/** How much the memory of the long-lived proxy may grow: tables that are bounded, code that was compiled later. */
const MAX_GROWTH_BYTES = 8 << 20;

/**
 * What is wrong with a report, in words; empty when nothing is.
 *
 * @param {Awaited<ReturnType<typeof soak>>} report
 */
export function faultsOf({ before, after, ends, honest: calls, repeated, counts }) {
  const faults = [];
  if (repeated.length > 0) faults.push(`tokens were used twice: ${repeated.slice(0, 5)}`);
  if (counts['replay TWICE']) faults.push('a replayed token had two replies');
  if (calls.lost.length > 0) faults.push(`honest calls were lost: ${[...new Set(calls.lost)]}`);
  if (calls.longestMs > BREAKER_PAUSE_MS)
    faults.push(`honest calls were refused for ${Math.round(calls.longestMs)} ms`);
  if (ends.some(([code]) => code !== 0)) faults.push(`a proxy ended badly: ${JSON.stringify(ends)}`);
  if (after.serviceSockets > 0) faults.push(`${after.serviceSockets} connections to the service are left`);
  after.proxies.forEach(({ calls: open, queued, descriptors }, i) => {
    if (open > 0 || queued > 0) faults.push(`proxy ${i} holds ${open} calls and ${queued} in its queue`);
    if (descriptors > before.proxies[i].descriptors)
      faults.push(`proxy ${i} has ${descriptors} descriptors, before ${before.proxies[i].descriptors}`);
  });
  const growth = after.heapBytes - before.heapBytes;
  if (growth > MAX_GROWTH_BYTES) faults.push(`the memory grew by ${growth} bytes`);
  return faults;
}
