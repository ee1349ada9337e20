// What the proxy's tests share: a recording upstream on loopback, a running proxy, raw sockets, and request bodies.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { createNodeProxyHandler, startServer } from '../../web/proxy/node/index.js';
import { ROUTES } from '../../web/proxy/routes.js';

export const KEY = 'planted-key-5f1b';
export const SECRET = 'planted+secret/9a=&%';
export const TOKEN_SECRET = 'planted-token-secret-of-32-bytes-0';
export const OK_REPLY = '{"messageString":{"status":"2000","value":"成功"},"infoList":[]}';

export const routeOf = (path) => ROUTES.find((route) => route.path === path);
export const FACE = routeOf('verapi/verFaceImage.do');
export const LIVENESS = routeOf('verapi/verLivenessImage.do');
export const FILE = routeOf('api/facerecog.do');
export const FORM = 'application/x-www-form-urlencoded';

/** A form body that the route accepts; `media` is already encoded. */
export function formBody(route, media = 'AAAA%2B%2F%3D') {
  return [`typeId=${route.typeId}`, 'format=json', ...route.fields.map((name) => `${name}=${media}`)].join(
    '&',
  );
}

export const BOUNDARY = '----netocrTestBoundary7d';

/** A multipart body (Buffer) that the route accepts; `names` and `types` of its two files. */
export function multipartBody(
  route,
  file = Buffer.from('\r\n--\xff\xd8\r\nraw', 'latin1'),
  { boundary = BOUNDARY, names = ['a.jpg', 'a.jpg'], types = ['image/jpeg', 'image/jpeg'] } = {},
) {
  const small = (name, value) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const parts = [Buffer.from(small('typeId', route.typeId) + small('format', 'json'))];
  for (const [index, name] of route.fields.entries()) {
    parts.push(
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${names[index]}"\r\n` +
          `Content-Type: ${types[index]}\r\n\r\n`,
      ),
      file,
      Buffer.from('\r\n'),
    );
  }
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

/** The lines of a request's head, for openSocket. */
export const HEAD = (proxy, route, length, ...more) => [
  `POST /netocr/${route.path} HTTP/1.1`,
  `Host: 127.0.0.1:${proxy.port}`,
  `Content-Type: ${route.encoding === 'multipart' ? `multipart/form-data; boundary=${BOUNDARY}` : FORM}`,
  `Content-Length: ${length}`,
  ...more,
];

/** A promise with its functions. */
export function deferred() {
  const result = {};
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
  return result;
}

/**
 * An upstream that records every request. `reply(request, response, record)` answers once the body is complete;
 * `early(request, response, record)` is called at its head instead.
 */
export async function startUpstream(t, { reply, early } = {}) {
  const records = [];
  const server = createServer((request, response) => {
    const record = { method: request.method, url: request.url, headers: request.headers, chunks: [] };
    record.body = () => Buffer.concat(record.chunks);
    record.outcome = new Promise((resolve) => {
      request.once('end', () => resolve('complete'));
      request.once('close', () => resolve('cut off'));
    });
    records.push(record);
    server.emit('recorded', record);
    request.on('error', () => {});
    if (early) return early(request, response, record);
    request.on('data', (chunk) => record.chunks.push(chunk));
    request.once('end', () => {
      if (reply) reply(request, response, record);
      else response.end(OK_REPLY);
    });
  });
  await listen(t, server);
  return {
    records,
    server,
    url: `http://127.0.0.1:${server.address().port}`,
    next: () => nextRecord(server),
  };
}

async function nextRecord(server) {
  const [record] = await once(server, 'recorded');
  return record;
}

export async function listen(t, server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections?.();
    return new Promise((resolve) => server.close(resolve));
  });
}

/** Lets everybody in: for tests of what comes after. */
export const OPEN = { allowAnonymous: true, allowSameOrigin: true, rates: null };

/** What no log line of any test may hold: credentials, what the tests plant, tokens and receipts, bodies, addresses. */
const PRIVATE = [
  'eyJ', // how every JWT and JWS begins
  KEY,
  SECRET,
  encodeURIComponent(SECRET),
  'planted',
  'Bearer',
  'AAAA',
  'img1',
  '127.0.0.1',
  '成功',
];

export function checkLog(text) {
  for (const value of PRIVATE) {
    if (text.includes(value)) throw new Error(`the log holds ${value}: ${text.slice(0, 2000)}`);
  }
}

/** A running proxy whose log lines are collected in `lines`. */
export async function startProxy(t, options = {}) {
  const lines = [];
  const waiting = [];
  const log = (record) => {
    lines.push(record);
    for (const resolve of waiting.splice(0)) resolve(record);
  };
  const { lingerMs = 2000, ...rest } = options;
  const handler = createNodeProxyHandler({ key: KEY, secret: SECRET, log, ...OPEN, ...rest });
  const server = await startServer(handler, { lingerMs });
  t.after(async () => {
    await server.close({ graceMs: 50 });
    checkLog(JSON.stringify(lines));
  });
  return {
    handler,
    lines,
    port: server.port,
    origin: server.url,
    url: `${server.url}/netocr`,
    logged: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

/** POSTs a string or Buffer with an exact content-length. */
export function post(proxy, route, body, headers = {}) {
  const type =
    route.encoding === 'multipart' ? `${route.contentType}; boundary=${BOUNDARY}` : route.contentType;
  return fetch(`${proxy.url}/${route.path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': type, ...headers },
  });
}

/** The error code of a reply, with the checks that every error reply must pass. */
export async function errorOf(reply) {
  const { error } = await reply.json();
  if (error.requestId !== reply.headers.get('x-request-id')) throw new Error('request ids differ');
  const { retryAfterMs } = error;
  if (retryAfterMs !== undefined && !Number.isSafeInteger(retryAfterMs)) throw new Error('no whole number');
  const seconds = retryAfterMs === undefined ? null : String(Math.ceil(retryAfterMs / 1000));
  if (seconds !== reply.headers.get('retry-after')) throw new Error('Retry-After is not retryAfterMs');
  return { status: reply.status, code: error.code, message: error.message };
}

/** A socket that sends a request head by hand; `text()` is everything that comes back until the end. */
export async function openSocket(t, port, lines) {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  return {
    socket,
    closed,
    text: () => Buffer.concat(chunks).toString(),
    /** What came, once it matches; fails with what came when the connection ends first or nothing more comes. */
    async until(pattern) {
      const text = () => Buffer.concat(chunks).toString();
      const waiting = new AbortController();
      const silence = setTimeout(() => waiting.abort(), 30_000);
      closed.then(() => waiting.abort());
      try {
        while (!pattern.test(text())) await once(socket, 'data', { signal: waiting.signal });
      } catch {
        throw new Error(`${pattern} never came; what came: ${text().slice(0, 2000)}`);
      } finally {
        clearTimeout(silence);
      }
      return text();
    },
  };
}
