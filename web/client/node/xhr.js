// XMLHttpRequest for Node, as much of it as emscripten fetch uses: asynchronous requests with a body of bytes, an
// ArrayBuffer as the reply, upload and download progress, abort. Over node:http and node:https; a new connection for
// each request, so that a POST never meets a connection that the server is just closing. Redirects are refused: a
// browser would repeat the POST at an address that nobody has checked.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

// Small enough to show progress, large enough not to matter.
const CHUNK_BYTES = 32 * 1024;

/** Made with `new`, as the platform's own. */
export function NodeXMLHttpRequest() {
  const xhr = new EventTarget();
  const upload = new EventTarget();
  const state = {
    readyState: 0,
    status: 0,
    statusText: '',
    headers: '',
    /** @type {ArrayBuffer | null} */
    response: null,
    settled: false,
  };
  /** @type {{method: string, url: URL} | null} */
  let target = null;
  /** @type {Record<string, string>} */
  const requestHeaders = {};
  /** @type {import('node:http').ClientRequest | null} */
  let outgoing = null;

  /** @param {EventTarget} at @param {string} type @param {number} [loaded] @param {number} [total] */
  const fire = (at, type, loaded = 0, total = 0) => {
    at.dispatchEvent(Object.assign(new Event(type), { loaded, total, lengthComputable: total > 0 }));
  };
  /** @param {number} readyState */
  const enter = (readyState) => {
    state.readyState = readyState;
    fire(xhr, 'readystatechange');
  };
  /** @param {'load' | 'error' | 'abort'} type */
  const settle = (type) => {
    if (state.settled) return;
    state.settled = true;
    if (type !== 'load') Object.assign(state, { status: 0, statusText: '', headers: '', response: null });
    outgoing?.destroy();
    enter(4);
    fire(xhr, type);
    fire(xhr, 'loadend');
  };

  /** @param {Uint8Array} body */
  const write = (body) => {
    const request = /** @type {import('node:http').ClientRequest} */ (outgoing);
    let sent = 0;
    const next = () => {
      if (state.settled) return;
      if (sent > 0) fire(upload, 'progress', sent, body.length);
      if (sent === body.length) {
        request.end();
        fire(upload, 'load', sent, body.length);
        return;
      }
      const chunk = body.subarray(sent, sent + CHUNK_BYTES);
      // Called when the chunk has left for the system: a slow connection holds the next one back.
      request.write(chunk, (error) => {
        if (error) return;
        sent += chunk.length;
        next();
      });
    };
    next();
  };

  /** @param {import('node:http').IncomingMessage} incoming */
  const read = (incoming) => {
    state.status = incoming.statusCode ?? 0;
    if (state.status >= 300 && state.status < 400) return settle('error');
    state.statusText = incoming.statusMessage ?? '';
    state.headers = headerBlock(incoming.rawHeaders);
    enter(2);
    const total = Number(incoming.headers['content-length'] ?? 0);
    /** @type {Buffer[]} */
    const chunks = [];
    let loaded = 0;
    incoming.on('data', (chunk) => {
      if (state.settled) return;
      chunks.push(chunk);
      loaded += chunk.length;
      if (state.readyState < 3) enter(3);
      fire(xhr, 'progress', loaded, total);
    });
    incoming.on('error', () => settle('error'));
    incoming.on('end', () => {
      if (!incoming.complete) return settle('error');
      state.response = Uint8Array.from(Buffer.concat(chunks)).buffer;
      return settle('load');
    });
    return undefined;
  };

  return Object.defineProperties(xhr, {
    upload: { value: upload },
    readyState: { get: () => state.readyState },
    status: { get: () => state.status },
    statusText: { get: () => state.statusText },
    response: { get: () => state.response, configurable: true },
    responseURL: { get: () => target?.url.href ?? '' },
    responseType: { value: 'arraybuffer', writable: true },
    withCredentials: { value: false, writable: true },
    timeout: { value: 0, writable: true },
    open: {
      configurable: true,
      value(/** @type {string} */ method, /** @type {string} */ address) {
        const url = new URL(address);
        if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError('not an http address');
        target = { method, url };
        enter(1);
      },
    },
    setRequestHeader: {
      configurable: true,
      value(/** @type {string} */ name, /** @type {string} */ value) {
        requestHeaders[name] = value;
      },
    },
    send: {
      configurable: true,
      value(/** @type {Uint8Array} */ body) {
        if (!target) throw new TypeError('not opened');
        const start = target.url.protocol === 'https:' ? httpsRequest : httpRequest;
        // Not `close`, which would let a server cut off an early reply; the connection is closed here after each call.
        const headers = {
          'Accept-Encoding': 'identity',
          Connection: 'keep-alive',
          ...requestHeaders,
          'Content-Length': body.length,
        };
        outgoing = start(target.url, { method: target.method, headers, agent: false });
        outgoing.on('response', read);
        outgoing.on('error', () => settle('error'));
        outgoing.on('close', () => {
          if (state.readyState < 2) settle('error');
        });
        write(body);
      },
    },
    abort: { value: () => settle('abort') },
    getAllResponseHeaders: { value: () => state.headers },
  });
}

/**
 * @param {string[]} raw name, value, name, value, ...
 * @returns {string} as XMLHttpRequest gives it
 */
function headerBlock(raw) {
  let block = '';
  for (let i = 0; i + 1 < raw.length; i += 2) block += `${raw[i].toLowerCase()}: ${raw[i + 1]}\r\n`;
  return block;
}
