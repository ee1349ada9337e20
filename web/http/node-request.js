// A request of node:http as a Request that is made of it only as far as somebody asks: the platform's own constructor
// and its body stream cost more than everything else that the proxy does for a small request.
import { BODY_SOURCE, toStream } from './body-source.js';
import { createNodeSource } from './node-body.js';

const STATE = Symbol('netocr.nodeRequest');

/**
 * @typedef {object} State
 * @property {import('node:http').IncomingMessage} incoming
 * @property {string} url
 * @property {AbortSignal} signal
 * @property {Headers} [headers]
 * @property {import('./body-source.js').BodySource | null} [source]
 * @property {Request} [whole] the platform's own, once something needs it
 */

/** @param {any} request @returns {State} */
const stateOf = (request) => request[STATE];

/** @param {State} state */
function headersOf(state) {
  if (!state.headers) {
    state.headers = new Headers();
    const { rawHeaders } = state.incoming;
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) state.headers.append(rawHeaders[i], rawHeaders[i + 1]);
  }
  return state.headers;
}

/** @param {State} state */
function sourceIn(state) {
  const { method } = state.incoming;
  if (state.source === undefined)
    state.source = method === 'GET' || method === 'HEAD' ? null : createNodeSource(state.incoming);
  return state.source;
}

/** @param {State} state */
function wholeOf(state) {
  if (!state.whole) {
    const source = sourceIn(state);
    /** @type {RequestInit & {duplex: 'half'}} */
    const init = {
      method: state.incoming.method,
      headers: headersOf(state),
      signal: state.signal,
      body: source && toStream(source),
      duplex: 'half',
    };
    state.whole = new Request(state.url, init);
  }
  return state.whole;
}

/** @type {PropertyDescriptorMap & ThisType<any>} */
const properties = {};
for (const [name, read] of Object.entries({
  method: (/** @type {State} */ state) => state.incoming.method,
  url: (/** @type {State} */ state) => state.url,
  headers: headersOf,
  signal: (/** @type {State} */ state) => state.signal,
})) {
  properties[name] = {
    get() {
      return read(stateOf(this));
    },
  };
}
// Everything else is the platform's: attributes and methods of the whole Request.
for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(Request.prototype))) {
  if (name === 'constructor' || name in properties) continue;
  properties[name] = get
    ? {
        get() {
          return /** @type {any} */ (wholeOf(stateOf(this)))[name];
        },
      }
    : {
        value(/** @type {unknown[]} */ ...args) {
          return value.apply(wholeOf(stateOf(this)), args);
        },
      };
}

const prototype = Object.create(Request.prototype, properties);
Object.defineProperty(prototype, BODY_SOURCE, {
  get() {
    return sourceIn(stateOf(this)) ?? undefined;
  },
});

/** A browser sends about twenty. */
const MAX_HEADERS = 100;

/** RFC 9110 section 7.2: one host, a name or an address with a port perhaps, and nothing else. */
const HOST = /^(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @returns {string | null} null when there are several, or it is none
 */
function hostOf({ rawHeaders }) {
  let host = null;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i].length !== 4 || rawHeaders[i].toLowerCase() !== 'host') continue;
    if (host !== null || !HOST.test(rawHeaders[i + 1])) return null;
    host = rawHeaders[i + 1];
  }
  return host ?? 'localhost'; // HTTP/1.0 has none
}

/** @param {string} text */
function parseUrl(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @param {AbortSignal} signal aborted when the client goes away
 * @returns {Request | null} null when the request has no usable host and path, or a method that a Request cannot have
 */
export function toRequest(incoming, signal) {
  const host = hostOf(incoming);
  const target = incoming.url ?? '';
  const url = `http://${host}${target}`;
  if (host === null || incoming.rawHeaders.length > 2 * MAX_HEADERS) return null;
  if (incoming.httpVersion !== '1.1' && incoming.httpVersion !== '1.0') return null;
  if (/^(TRACE|TRACK|CONNECT)$/.test(incoming.method ?? '')) return null;
  const parsed = parseUrl(url);
  // A target that a URL spells in another way (dots, backslashes, absolute forms) may mean something else elsewhere.
  if (parsed === null || parsed.pathname + parsed.search !== target) return null;
  /** @type {State} */
  const state = { incoming, signal, url: parsed.href };
  return Object.create(prototype, { [STATE]: { value: state } });
}
