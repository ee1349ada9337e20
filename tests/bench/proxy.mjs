// `npm run bench:proxy`: the proxy beside nginx's proxy_pass with the same upstream, the same bodies and the same load
// generator, each in a process of its own, in turns; then 500 slow clients; then the memory that a body in flight has
// resident. Prints the figures and writes them as JSON.
// node tests/bench/proxy.mjs [--rounds 7] [--ms 3000] [--connections 16] [--out FILE] [--only sink|sandbox|slow|memory]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startHolding } from '../proxy/held.mjs';
import { freePort } from '../proxy/process.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    ms: { type: 'string', default: '3000' },
    connections: { type: 'string', default: '16' },
    out: { type: 'string' },
    only: { type: 'string' },
  },
});
const ROUNDS = Number(options.rounds);
const MS = Number(options.ms);
const CONNECTIONS = Number(options.connections);
const BODY_BYTES = 550_000;
const PATH = '/netocr/verapi/verFaceImage.do';
const SLOW_CLIENTS = 500;
const SLOW_BYTES_PER_SECOND = 1000;
const HELD_BODIES = 128;
const HELD_FIRST = 48;
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const children = [];

/** Starts a program and resolves with it and the first match of `pattern` in what it prints. */
async function start(command, args, pattern, env = {}) {
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...env } });
  children.push(child);
  let text = '';
  const seen = (data) => {
    text += data;
  };
  child.stderr.on('data', seen);
  child.stdout.on('data', seen);
  while (!pattern.test(text)) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.stdout.off('data', seen).resume();
  return { child, match: pattern.exec(text) };
}

/** Debian's nginx as it comes: one worker, proxy_pass, HTTP/1.1 on both sides, no logs. */
async function startNginx(folder, upstream) {
  const port = await freePort();
  await mkdir(join(folder, 'tmp'), { recursive: true });
  const config = `daemon off; user root; worker_processes 1; error_log stderr; pid nginx.pid;
events { worker_connections 2048; }
http {
  access_log off; client_max_body_size 8m;
  client_body_temp_path tmp/body; proxy_temp_path tmp/proxy; fastcgi_temp_path tmp/f; uwsgi_temp_path tmp/u; scgi_temp_path tmp/s;
  server {
    listen 127.0.0.1:${port};
    location /netocr/ { proxy_http_version 1.1; proxy_set_header Connection close; proxy_pass http://127.0.0.1:${upstream}/; }
    location /streamed/ { proxy_request_buffering off; proxy_http_version 1.1; proxy_set_header Connection close; proxy_pass http://127.0.0.1:${upstream}/; }
  }
}
`;
  await writeFile(join(folder, 'nginx.conf'), config);
  const child = spawn('nginx', ['-p', folder, '-c', 'nginx.conf'], { stdio: 'ignore' });
  children.push(child);
  await listening(port);
  const workers = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  return { port, pid: Number(workers.trim().split(' ')[0]) };
}

/** Milliseconds of processor time that a process has used. */
async function cpuOf(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Clock ticks of the whole machine so far, and those that a host has taken from it. */
async function machineTicks() {
  const [line] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  return { all: ticks.reduce((sum, count) => sum + count, 0), stolen: ticks[7] };
}

/** Bytes of memory that a process has resident. */
async function residentBytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024;
}

async function listening(port) {
  for (let i = 0; i < 250; i += 1) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nothing listens on ${port}`);
}

async function startProxy(upstream) {
  const internalPort = await freePort();
  const { child, match } = await start(
    process.execPath,
    [here('../../web/proxy/cli/main.js')],
    /http:\/\/\S+:(\d+)/,
    {
      NETOCR_KEY: 'sandbox-key',
      NETOCR_SECRET: 'sandbox-secret',
      NETOCR_UPSTREAM: `http://127.0.0.1:${upstream}`,
      NETOCR_ALLOWED_ORIGINS: 'https://bench.example',
      NETOCR_ALLOW_ANONYMOUS: '1',
      NETOCR_RATE_ADDRESS: 'off',
      NETOCR_TRUST_PROXY: '1',
      NETOCR_RATE_GLOBAL: 'off',
      NETOCR_INTERNAL_PORT: String(internalPort),
      PORT: '0',
    },
  );
  return { port: Number(match[1]), pid: child.pid, internalPort };
}

/** Resolves once the proxy has `count` calls or fewer under way: it takes a while to part from clients that left. */
async function untilCalls({ internalPort }, count) {
  for (;;) {
    const text = await (await fetch(`http://127.0.0.1:${internalPort}/metrics`)).text();
    if (Number(/^netocr_proxy_calls (\d+)/m.exec(text)[1]) <= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** One run of the load generator. */
async function load(settings) {
  const child = spawn(process.execPath, [here('load.mjs'), JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  const [before, ticks] = [await cpuOf(settings.pid), await machineTicks()];
  await once(child, 'close');
  const { all, stolen } = await machineTicks();
  const result = JSON.parse(text);
  result.stolen = (stolen - ticks.stolen) / (all - ticks.all);
  result.cpu = ((await cpuOf(settings.pid)) - before) / result.all;
  if (Object.keys(result.failures).length > 0) throw new Error(`failed requests: ${text}`);
  if (result.count === 0) {
    const share = `${(100 * result.stolen).toFixed(0)} % of the machine was taken away by its host`;
    throw new Error(`no request ended within ${settings.ms} ms (${share}): ${text}`);
  }
  return result;
}

/** Two real photos' worth of base64, percent-encoded as the client does, with about 550 KB in all. */
async function writeBodies(folder) {
  const bytes = Buffer.alloc(202_000);
  let state = 1;
  for (let i = 0; i < bytes.length; i += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 16;
  }
  // A baseline JPEG's head, so that the sandbox takes it for a picture.
  const image = encodeURIComponent(bytes.toString('base64'));
  let form = `typeId=21&format=json&img1=${image}&img2=${image}`;
  form = form.slice(0, BODY_BYTES);
  const own = join(folder, 'own.txt');
  const direct = join(folder, 'direct.txt');
  await writeFile(own, form.replace(/%.?$/, ''));
  await writeFile(direct, `key=sandbox-key&secret=sandbox-secret&${form.replace(/%.?$/, '')}`);
  return { own, direct };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

async function compare(kind, folder, bodies) {
  const { match } = await start(process.execPath, [here('upstream.mjs'), kind], /^(\d+)\n/);
  const upstream = Number(match[1]);
  const nginx = await startNginx(join(folder, kind), upstream);
  const proxy = await startProxy(upstream);
  const common = { headers: FORM, connections: CONNECTIONS, ms: MS };
  const kinds = {
    nginx: { ...common, port: nginx.port, pid: nginx.pid, path: PATH, bodyFile: bodies.direct },
    streamed: {
      ...common,
      port: nginx.port,
      pid: nginx.pid,
      path: PATH.replace('netocr', 'streamed'),
      bodyFile: bodies.direct,
    },
    proxy: { ...common, port: proxy.port, pid: proxy.pid, path: PATH, bodyFile: bodies.own },
  };
  const rounds = [];
  for (const name of Object.keys(kinds)) await load(kinds[name]);
  for (let i = 0; i < ROUNDS; i += 1) {
    const round = {};
    for (const name of Object.keys(kinds)) round[name] = await load(kinds[name]);
    rounds.push(round);
    const line = Object.entries(round).map(
      ([n, r]) =>
        `${n} ${r.perSecond.toFixed(0)}/s p50 ${r.p50.toFixed(1)} p99 ${r.p99.toFixed(1)} cpu ${r.cpu.toFixed(2)} ` +
        `stolen ${(100 * r.stolen).toFixed(0)} %`,
    );
    console.log(`${kind} round ${i + 1}: ${line.join(' | ')}`);
  }
  const of = (name, key) => median(rounds.map((round) => round[name][key]));
  const figures = {};
  for (const base of ['nginx', 'streamed']) {
    figures[base] = {
      rate: median(rounds.map((round) => round.proxy.perSecond / round[base].perSecond)),
      p99: median(rounds.map((round) => round.proxy.p99 / round[base].p99)),
    };
  }
  console.log(kind, JSON.stringify({ perSecond: of('proxy', 'perSecond'), figures }));
  return { kind, figures, rounds };
}

/** The latency of one fast client, without and with the slow ones, in turns; and the proxy's memory beside them. */
async function crowd(bodies) {
  const { match } = await start(process.execPath, [here('upstream.mjs'), 'sink'], /^(\d+)\n/);
  const proxy = await startProxy(Number(match[1]));
  const fast = { port: proxy.port, pid: proxy.pid, path: PATH, headers: FORM, bodyFile: bodies.own, ms: MS };
  const slow = { port: proxy.port, path: PATH, headers: FORM, bodyBytes: BODY_BYTES };
  const rounds = [];
  await load({ ...fast, connections: CONNECTIONS });
  for (let i = 0; i < ROUNDS; i += 1) {
    await untilCalls(proxy, 0);
    const alone = await load({ ...fast, connections: 1 });
    const settings = { ...slow, clients: SLOW_CLIENTS, bytesPerSecond: SLOW_BYTES_PER_SECOND };
    const { child } = await start(process.execPath, [here('slow.mjs'), JSON.stringify(settings)], /ready/);
    const among = await load({ ...fast, connections: 1 });
    const mebibytes = (await residentBytes(proxy.pid)) / 2 ** 20;
    child.kill('SIGTERM');
    await once(child, 'close');
    rounds.push({ alone, among, mebibytes });
    console.log(
      `slow round ${i + 1}: alone p50 ${alone.p50.toFixed(2)} ms, among ${SLOW_CLIENTS} p50 ${among.p50.toFixed(2)} ms, ` +
        `resident ${mebibytes.toFixed(0)} MiB, stolen ${(100 * alone.stolen).toFixed(0)} and ` +
        `${(100 * among.stolen).toFixed(0)} %`,
    );
  }
  const figures = {
    latency: median(rounds.map(({ alone, among }) => among.p50 / alone.p50)),
    mebibytes: Math.max(...rounds.map(({ mebibytes }) => mebibytes)),
  };
  console.log('slow', JSON.stringify(figures));
  return { kind: 'slow', figures, rounds };
}

/**
 * What the process has resident for each long body that a service which reads nothing leaves in it. It depends on the
 * allocator and on when memory was last collected; tests/proxy/memory.test.mjs has a bound for what is in use.
 */
async function hold() {
  const rounds = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const ends = [];
    try {
      const proxy = await startHolding({ after: (end) => ends.push(end) });
      // What the process needs once (compiled code, the heap's first growth) is there after the first ones.
      await proxy.hold(HELD_FIRST);
      const before = await residentBytes(proxy.child.pid);
      await proxy.hold(HELD_BODIES);
      const kibibytes = ((await residentBytes(proxy.child.pid)) - before) / HELD_BODIES / 1024;
      rounds.push({ kibibytes });
      console.log(
        `memory round ${i + 1}: ${kibibytes.toFixed(0)} KiB resident for each of ${HELD_BODIES} bodies`,
      );
    } finally {
      for (const end of ends) await end();
    }
  }
  const all = rounds.map(({ kibibytes }) => kibibytes);
  const figures = { kibibytes: median(all), min: Math.min(...all), max: Math.max(...all) };
  console.log('memory', JSON.stringify(figures));
  return { kind: 'memory', figures, rounds };
}

/** @type {Record<string, (kind: string, folder: string, bodies: {own: string, direct: string}) => Promise<object>>} */
const KINDS = {
  sink: compare,
  sandbox: compare,
  slow: (_kind, _folder, bodies) => crowd(bodies),
  memory: hold,
};

const folder = await mkdtemp(join(tmpdir(), 'netocr-bench-'));
try {
  const bodies = await writeBodies(folder);
  const result = [];
  for (const kind of options.only ? [options.only] : Object.keys(KINDS))
    result.push(await KINDS[kind](kind, folder, bodies));
  if (options.out) await writeFile(options.out, JSON.stringify(result, null, 2));
} finally {
  for (const child of children) child.kill('SIGTERM');
  await rm(folder, { recursive: true });
}
