// Turns the operator's options into checked settings, once, at start: a wrong one throws here and not at the first
// request. Messages name the option, never its value.

import { checkAccess } from './access/access.js';
import { createReceipts } from './receipts/receipts.js';
import { checkReveal, warnOfReveal } from './receipts/reveal.js';
import { createWebhook } from './receipts/webhook.js';
import { ROUTES } from './routes.js';
import { DEFAULT_BREAKER } from './upstream/breaker.js';
import { createEchoCheck } from './upstream/echo.js';
import { createFetchTransport } from './upstream/fetch-transport.js';
import { DEFAULT_SLOTS } from './upstream/slots.js';

/**
 * `head`: path, method, origin and headers; `access`: rates and token; `body`: before anything goes to the service;
 * `queue`: the wait for a slot, the circuit breaker; `service`: connecting, sending, waiting, reading the reply.
 *
 * @typedef {'head' | 'access' | 'body' | 'queue' | 'service' | 'done'} Stage
 */

/**
 * One line of the log. Holds no body, field, credential, header or address; of headers only the origin of a page that may
 * not call.
 *
 * @typedef {object} LogRecord
 * @property {string} requestId
 * @property {string} path a path of the allow-list, or '(other)'
 * @property {number} status HTTP status of the reply; 499 when the client went away
 * @property {string} code 'OK' or the error code
 * @property {Stage} stage where the request was when it ended
 * @property {number} bytesIn bytes read of the request body
 * @property {number} bytesOut bytes of the reply body
 * @property {number} ms
 * @property {string} [cause] system error code (ECONNREFUSED, ...) of an upstream failure, CREDENTIALS_ECHOED, where an
 *   INTERNAL arose, or STORE_AWAY, STORE_FULL or STORE_REFUSED when the store is why a call is UNAVAILABLE
 * @property {string} [origin] of a page that may not call: an origin, `null`, or 'not an origin'
 * @property {string} [reason] why a request of the internal port was refused: the message of its reply
 * @property {number} [count] how many requests the line stands for, when it is more than one: requests that were not let in
 *   and are alike. The other fields are those of the newest
 */

/**
 * @typedef {object} Limits
 * @property {number} maxReplyBytes a longer reply of the service is an UPSTREAM_ERROR
 * @property {number} bodyIdleMs how long the client may send nothing in the middle of its body
 * @property {number} bodyTotalMs how long the whole request body may take
 * @property {number} bodyMinBytesPerSecond the slowest average speed of a client that has been waited for `bodyIdleMs`
 * @property {number} connectMs how long connecting to the service may take (kept by transports that can tell)
 * @property {number} replyMs how long the service may take, counted only while it is the service's turn
 */

/** @typedef {OwnOptions & import('./access/access.js').AccessOptions} ProxyOptions */
/** @typedef {OwnSettings & import('./access/access.js').Access} Settings */

/**
 * @typedef {object} OwnOptions
 * @property {string} key the account's ocrKey
 * @property {string} secret the account's ocrSecret
 * @property {string} [upstream] base URL of the service; https unless on loopback. Default https://netocr.com
 * @property {string} [basePath] where the proxy is mounted. Default /netocr
 * @property {boolean} [sandbox] the upstream is the sandbox: lets scenarios through, says so in `info`
 * @property {Partial<Limits>} [limits]
 * @property {Partial<import('./upstream/slots.js').SlotOptions>} [slots] how many calls may be under way and wait
 * @property {Partial<import('./upstream/breaker.js').BreakerOptions> | null} [breaker] null: no circuit breaker
 * @property {readonly import('./routes.js').Route[]} [routes] the allow-list, for other limits or typeIds
 * @property {import('./receipts/receipts.js').ReceiptOptions} [receipts] signs what the service said
 * @property {readonly import('./receipts/reveal.js').ReplyPart[]} [reveal] what the page may see of the reply; the rest is withheld.
 *   Default: everything. `items` shows what is not known only with all the others before it
 * @property {import('./receipts/judge.js').Judge} [judge] reads replies for receipts and `reveal`. In Node the package's own;
 *   elsewhere createJudge()
 * @property {(record: LogRecord) => void} [log] calls that were let in one by one, floods of others as lines with a `count`
 * @property {(record: LogRecord) => void} [observe] hears of every request, for metrics
 * @property {import('./upstream/fetch-transport.js').Transport} [transport] how the upstream is called. Default: fetch
 * @property {(calls: number) => string | null} [room] what the process lacks for one more call, null when nothing; `calls`
 *   are under way with it
 */

/**
 * @typedef {object} OwnSettings
 * @property {string} key
 * @property {string} secret
 * @property {(reply: Uint8Array) => boolean} isEcho true for a reply that repeats key or secret
 * @property {string} upstream without a trailing slash
 * @property {string} basePath '' or with a leading and without a trailing slash
 * @property {boolean} sandbox
 * @property {Limits} limits
 * @property {import('./upstream/slots.js').SlotOptions} slots
 * @property {import('./upstream/breaker.js').BreakerOptions | null} breaker
 * @property {readonly import('./routes.js').Route[]} routes
 * @property {(ReturnType<typeof createReceipts> & {webhook: import('./receipts/webhook.js').Webhook | null}) | null} receipts
 * @property {import('./receipts/reveal.js').Reveal | null} reveal null: everything
 * @property {import('./receipts/judge.js').Judge | null} judge null: nothing needs it
 * @property {(record: LogRecord) => void} log
 * @property {(record: LogRecord) => void} observe
 * @property {import('./upstream/fetch-transport.js').Transport} transport
 * @property {(calls: number) => string | null} room
 */

/** @type {Readonly<Limits>} */
export const DEFAULT_LIMITS = Object.freeze({
  maxReplyBytes: 1 << 20, // a reply is about 1 KB, tens of KB with the portrait of an ID card
  bodyIdleMs: 20_000,
  bodyTotalMs: 180_000, // 600 KB over a 30 kbit/s uplink
  bodyMinBytesPerSecond: 512,
  connectMs: 10_000,
  replyMs: 60_000, // callers of the service use 30 to 60 s
});

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * @param {ProxyOptions} options
 * @returns {Settings}
 */
export function checkOptions(options) {
  const access = checkAccess(options);
  const key = checkCredential('key', options.key);
  const secret = checkCredential('secret', options.secret);
  return {
    ...access,
    key,
    secret,
    isEcho: createEchoCheck({ key, secret }, access.warn),
    upstream: checkUpstream(options.upstream ?? 'https://netocr.com'),
    basePath: checkBasePath(options.basePath ?? '/netocr'),
    sandbox: options.sandbox ?? false,
    limits: checkNumbers('limits', DEFAULT_LIMITS, options.limits),
    slots: checkNumbers('slots', DEFAULT_SLOTS, options.slots),
    breaker: options.breaker === null ? null : checkNumbers('breaker', DEFAULT_BREAKER, options.breaker),
    routes: options.routes ?? ROUTES,
    ...checkReading(options),
    log: options.log ?? (() => {}),
    observe: options.observe ?? (() => {}),
    transport: options.transport ?? createFetchTransport(),
    room: options.room ?? (() => null),
  };
}

/**
 * @template {Readonly<Record<keyof T, number>>} T
 * @param {string} name
 * @param {T} defaults
 * @param {Partial<T>} [given]
 * @returns {T}
 */
function checkNumbers(name, defaults, given) {
  const numbers = { ...defaults, ...given };
  for (const [key, value] of Object.entries(numbers)) {
    if (!Number.isSafeInteger(value) || value <= 0)
      throw new TypeError(`${name}.${key} must be a positive integer`);
  }
  return numbers;
}

/**
 * Printable ASCII without spaces, so that it needs no escape in a multipart part; a leading `--` could be read as a
 * boundary there.
 *
 * @param {string} name
 * @param {unknown} value
 */
function checkCredential(name, value) {
  if (typeof value !== 'string' || !/^(?!--)[\x21-\x7e]{1,256}$/.test(value)) {
    throw new TypeError(`${name} must be 1 to 256 printable ASCII characters without spaces`);
  }
  return value;
}

/** @param {string} value */
function checkUpstream(value) {
  if (typeof value === 'string' && !value.includes('://'))
    throw new TypeError('upstream must be a URL: write https:// in front (http:// only on loopback)');
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || url.username || url.password || url.search || url.hash) {
    throw new TypeError('upstream must be a URL without user, query or fragment');
  }
  if (!isGuarded(url)) {
    throw new TypeError(
      'upstream must be an https URL: the secret travels in the body (http only on loopback)',
    );
  }
  return url.href.replace(/\/+$/, '');
}

/**
 * What goes there cannot be read on the way.
 *
 * @param {URL} url
 */
function isGuarded(url) {
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

/**
 * What reads replies, and for what.
 *
 * @param {ProxyOptions} options
 * @returns {Pick<Settings, 'receipts' | 'reveal' | 'judge'>}
 */
function checkReading({ receipts, warn = () => {}, ...options }) {
  const reveal = checkReveal(options.reveal);
  const judge = options.judge ?? receipts?.judge ?? null;
  if (receipts && !judge) throw new TypeError('judge or receipts.judge is missing: see createJudge');
  if (reveal && typeof judge?.reveal !== 'function')
    throw new TypeError('judge is missing, which reveal needs: see createJudge');
  warnOfReveal(reveal, receipts, warn);
  return {
    receipts: receipts && judge ? checkReceipts({ ...receipts, judge }, warn) : null,
    reveal,
    judge: receipts || reveal ? judge : null,
  };
}

/**
 * @param {import('./receipts/receipts.js').ReceiptOptions & {judge: import('./receipts/judge.js').Judge}} options
 * @param {(message: string) => void} warn
 */
function checkReceipts({ webhook, ...options }, warn) {
  checkWebhook(webhook);
  return {
    ...createReceipts(options),
    webhook: webhook === undefined ? null : createWebhook({ url: webhook, warn }),
  };
}

/**
 * A URL with a user and a password would not do: fetch refuses it, at the first receipt.
 *
 * @param {string | undefined} value
 */
function checkWebhook(value) {
  if (value === undefined) return;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !isGuarded(url))
    throw new TypeError('receipts.webhook must be an https URL (http only on loopback)');
  if (url.username || url.password)
    throw new TypeError('receipts.webhook must be a URL without user and password');
}

/** @param {string} value */
function checkBasePath(value) {
  const path = value.replace(/\/+$/, '');
  if (path !== '' && !/^(\/[\w.-]+)+$/.test(path)) throw new TypeError('basePath must look like /netocr');
  return path;
}
