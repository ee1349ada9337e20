// Forwards one request of the allow-list: checks its head, puts the credentials before its body, streams it to the
// service as it is read and scanned, and reads the reply (bounded) so that a broken one becomes a typed error.
import { readAll, sourceOf } from '../http/body-source.js';
import { fixedResponse } from '../http/fixed-response.js';
import { createFormScanner } from './body/form-scanner.js';
import { createMultipartRewriter } from './body/multipart-rewriter.js';
import { boundaryOf } from './body/multipart-scanner.js';
import { createScannedBody } from './body/scanned-body.js';
import {
  clientGone,
  ProxyError,
  refused,
  tooLarge,
  upstreamError,
  upstreamStatus,
  upstreamTimeout,
} from './errors.js';
import { revealTo } from './receipts/reveal.js';
import { abortAtEnd, createCallScope } from './upstream/call-scope.js';
import { credentialsEchoed } from './upstream/echo.js';

const CONTENT_TYPES = { json: 'application/json; charset=utf-8', xml: 'application/xml; charset=utf-8' };

/**
 * @typedef {object} Head
 * @property {number} length the declared content-length
 * @property {string} contentType to be sent upstream
 * @property {Uint8Array} prefix the credentials, in the body's own encoding
 * @property {import('./body/form-scanner.js').Scanner} scanner
 */

/**
 * What can be refused before a byte of the body is read.
 *
 * @param {Request} request
 * @param {import('./routes.js').Route} route
 * @param {import('./settings.js').Settings} settings
 * @returns {Head}
 */
export function checkHead(request, route, settings) {
  if (request.url.includes('?')) throw refused(400, 'query strings are not accepted');
  const contentEncoding = request.headers.get('content-encoding');
  if (contentEncoding && contentEncoding !== 'identity')
    throw refused(415, 'the body must not be compressed');
  const described = describeBody(request.headers.get('content-type') ?? '', route, settings);
  const length = request.headers.get('content-length');
  // Without a length the request could only be sent on in chunks, which old servlet containers do not take.
  if (length === null || !/^\d{1,15}$/.test(length)) throw refused(411, 'a content-length is required');
  if (Number(length) > route.maxBodyBytes) throw tooLarge();
  return { length: Number(length), ...described };
}

/**
 * @param {string} contentType
 * @param {import('./routes.js').Route} route
 * @param {import('./settings.js').Settings} settings
 * @returns {Omit<Head, 'length'>}
 */
function describeBody(contentType, route, { key, secret }) {
  const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);
  if (route.encoding === 'urlencoded') {
    if (!/^application\/x-www-form-urlencoded(; ?charset=utf-8)?$/i.test(contentType)) throw wrongType(route);
    const prefix = encode(`key=${encodeURIComponent(key)}&secret=${encodeURIComponent(secret)}&`);
    return { contentType: route.contentType, prefix, scanner: createFormScanner(route) };
  }
  const boundary = boundaryOf(contentType);
  if (boundary === null) throw wrongType(route);
  const part = (/** @type {string} */ name, /** @type {string} */ value) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  return {
    contentType: `${route.contentType}; boundary=${boundary}`,
    prefix: encode(part('key', key) + part('secret', secret)),
    scanner: createMultipartRewriter(route, boundary),
  };
}

/** @param {import('./routes.js').Route} route */
function wrongType(route) {
  return refused(415, `the content type must be ${route.contentType}`);
}

/**
 * The service's 200 reply, content type as asked for, body as it is or with what the page may see of it. Throws a
 * ProxyError for everything else.
 *
 * @param {Request} request
 * @param {import('./routes.js').Route} route
 * @param {import('./settings.js').Settings} settings
 * @param {{meter: Pick<import('./handler.js').Meter, 'requestId' | 'bytesIn' | 'stage'>,
 *   caller: import('./access/gate.js').Caller, guard: import('./upstream/guard.js').Guard,
 *   waitUntil?: import('./handler.js').WaitUntil}} call `meter` is kept up to date
 * @returns {Promise<Response>}
 */
export async function forward(request, route, settings, { meter, caller, guard, waitUntil }) {
  const head = checkHead(request, route, settings);
  const { limits } = settings;
  const hash = settings.receipts?.createHash();
  const scanner = hash ? hashing(head.scanner, hash) : head.scanner;
  const scope = createCallScope();
  try {
    guard.enter({ scope, marks: caller.marks });
    const body = ownBody(request, scanner, { route, limits, length: head.length, meter, scope });
    // A request that is refused this early never reaches the service.
    meter.stage = 'body';
    const queue = await readFirst(head, body);
    meter.stage = 'queue';
    const passage = { signal: request.signal, scope, marks: caller.marks, body, queue };
    const reply = await guard.run(passage, async () => {
      await caller.spend();
      meter.stage = 'service';
      return callService(request, { route, settings, head, body, queue, scope, caller });
    });
    scope.end();
    // A service that answers before it has everything judged something else than what the hash is of: no receipt.
    const sent = hash && body.complete() && { sha256: await hash.digest(), bytes: body.bytesRead() };
    const receipt = sent
      ? await receiptFor({ request, route, settings, meter, caller, reply, sent, waitUntil })
      : {};
    const format = head.scanner.format() ?? 'xml';
    const shown = await revealTo(settings, route, reply, format);
    return fixedResponse(shown.bytes, {
      headers: { ...shown.headers, ...receipt, 'content-type': CONTENT_TYPES[format] },
    });
  } finally {
    scope.end();
  }
}

/**
 * The client's body; at the call's end what was not read of it is left to the server.
 *
 * @param {Request} request
 * @param {import('./body/form-scanner.js').Scanner} scanner
 * @param {{route: import('./routes.js').Route, limits: import('./settings.js').Limits, length: number,
 *   meter: {bytesIn: number}, scope: import('./upstream/call-scope.js').CallScope}} call
 */
function ownBody(request, scanner, { route, limits, length, meter, scope }) {
  const body = createScannedBody(sourceOf(request), scanner, {
    length,
    limit: route.maxBodyBytes,
    pace: {
      idleMs: limits.bodyIdleMs,
      totalMs: limits.bodyTotalMs,
      minBytesPerSecond: limits.bodyMinBytesPerSecond,
    },
    signal: request.signal,
  });
  scope.own(() => {
    meter.bytesIn = body.bytesRead();
    body.cancel();
  });
  return body;
}

/**
 * What goes to the service before the rest of the body. A function of its own: the frame of one that waits for the reply
 * would hold the first chunk until then, although the queue is emptied as it is sent.
 *
 * @param {Head} head
 * @param {import('./body/scanned-body.js').ScannedBody} body
 */
async function readFirst(head, body) {
  const first = await body.next();
  return first ? [head.prefix, first] : [head.prefix];
}

/**
 * What was accepted is hashed as well, as the page sent it.
 *
 * @param {import('./body/form-scanner.js').Scanner} scanner
 * @param {import('./receipts/receipts.js').Hash} hash
 * @returns {import('./body/form-scanner.js').Scanner}
 */
function hashing(scanner, hash) {
  return {
    ...scanner,
    push(chunk) {
      const scanned = scanner.push(chunk);
      hash.update(chunk);
      return scanned;
    },
  };
}

/**
 * The receipt's header; the webhook gets a full one. Nothing that fails here costs the person the reply, which is paid for.
 *
 * @param {object} call
 * @param {Request} call.request
 * @param {import('./routes.js').Route} call.route
 * @param {import('./settings.js').Settings} call.settings
 * @param {{requestId: string}} call.meter
 * @param {import('./access/gate.js').Caller} call.caller
 * @param {{bytes: Uint8Array, headers: Record<string, string>}} call.reply
 * @param {{sha256: string, bytes: number}} call.sent
 * @param {import('./handler.js').WaitUntil} [call.waitUntil]
 * @returns {Promise<Record<string, string>>}
 */
async function receiptFor({ request, route, settings, meter, caller, reply, sent, waitUntil }) {
  try {
    const { page, full } = await /** @type {NonNullable<typeof settings.receipts>} */ (
      settings.receipts
    ).issue({
      route,
      reply: reply.bytes,
      requestId: meter.requestId,
      token: caller.token,
      origin: request.headers.get('origin') ?? '',
      sent,
      sandbox: settings.sandbox || reply.headers['x-netocr-sandbox'] === '1',
      withheld: settings.reveal?.withheld ?? [],
    });
    const webhook = settings.receipts?.webhook;
    if (webhook && waitUntil) waitUntil(webhook.pushAlone(await full()));
    else if (webhook) void webhook.push(await full());
    return { 'x-netocr-receipt': page };
  } catch {
    settings.warn('a receipt could not be made');
    return {};
  }
}

/**
 * @typedef {object} Exchange
 * @property {import('./routes.js').Route} route
 * @property {import('./settings.js').Settings} settings
 * @property {Head} head
 * @property {import('./body/scanned-body.js').ScannedBody} body
 * @property {Uint8Array[]} queue the credentials and what was read of the body; emptied as it is sent
 * @property {import('./upstream/call-scope.js').CallScope} scope
 * @property {Pick<import('./access/gate.js').Caller, 'giveBack'>} caller
 */

/**
 * Gives the caller back what it spent when the call fails, however it does, before anything of it can have been sent.
 *
 * @param {Request} request
 * @param {Exchange} exchange
 */
async function callService(request, { route, settings, head, body, queue, scope, caller }) {
  const stop = abortAtEnd(scope);
  /** @type {unknown} */
  let failure;
  /** @param {unknown} error */
  function fail(error) {
    failure ??= error;
    stop.abort(failure);
  }
  const turn = createTurnClock(settings.limits.replyMs, () => fail(upstreamTimeout()));
  scope.own(turn.stop);
  const gone = () => fail(clientGone());
  request.signal.addEventListener('abort', gone, { once: true });
  scope.own(() => request.signal.removeEventListener('abort', gone));
  if (request.signal.aborted) gone();

  let answered = false;
  let isTouched = false; // the transport has asked for bytes: they may be on their way
  /** The next piece for the service; null at the end, and after an early reply: then nothing more is sent. */
  async function read() {
    // A transport that has failed gets nothing more: what was spent may have been given back.
    if (stop.signal.aborted && !answered) throw stop.signal.reason;
    isTouched = true;
    turn.ofClient();
    try {
      const piece = queue.shift() ?? (await body.next());
      if (answered) return null;
      turn.ofService();
      return piece;
    } catch (error) {
      if (answered) return null;
      fail(error);
      throw error;
    }
  }

  /** @type {import('./upstream/fetch-transport.js').UpstreamCall} */
  const call = {
    url: `${settings.upstream}/${route.path}`,
    method: 'POST',
    headers: upstreamHeaders(request, head, settings),
    source: { read, cancel: body.cancel },
    bodyBytes: head.prefix.length + head.length,
    connectMs: settings.limits.connectMs,
    signal: stop.signal,
  };
  turn.ofService();
  try {
    const reply = await settings.transport(call).catch((error) => {
      // Once more when no connection was made and nothing was asked for: a call that may be billed is never repeated.
      if (isUnreachable(error) && !isTouched && !stop.signal.aborted) return settings.transport(call);
      throw error;
    });
    answered = true;
    turn.ofService();
    const accepted = await acceptReply(reply, settings.limits.maxReplyBytes, settings.isEcho);
    // A reply without a length seems to be whole where its connection was ended from here.
    if (failure !== undefined) throw failure;
    return accepted;
  } catch (error) {
    fail(error);
    // A request that is not whole is never acted on: it can never become complete there (scanned-body.js).
    if (!isTouched || !body.complete() || isUnsent(failure)) await caller.giveBack();
    throw failure;
  }
}

/** Bytes may have been asked for, but no connection was made. @param {unknown} error */
function isUnsent(error) {
  return isUnreachable(error) || (error instanceof ProxyError && error.code === 'UNAVAILABLE');
}

/** @param {unknown} error */
function isUnreachable(error) {
  return error instanceof ProxyError && error.code === 'UPSTREAM_UNREACHABLE';
}

/**
 * The fixed set of headers that goes upstream; nothing else of the client's request does.
 *
 * @param {Request} request
 * @param {Head} head
 * @param {import('./settings.js').Settings} settings
 */
function upstreamHeaders(request, head, settings) {
  /** @type {Record<string, string>} */
  const headers = {
    'content-type': head.contentType,
    'content-length': String(head.prefix.length + head.length),
    accept: head.scanner.format() === 'json' ? 'application/json' : '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'netocr-wasm-proxy',
  };
  const scenario = settings.sandbox ? request.headers.get('x-sandbox-scenario') : null;
  if (scenario !== null) headers['x-sandbox-scenario'] = scenario;
  return headers;
}

/**
 * Reads the reply. One that is not accepted is given up, with its connection.
 *
 * @param {import('./upstream/fetch-transport.js').UpstreamReply} reply
 * @param {number} maxBytes
 * @param {(bytes: Uint8Array) => boolean} [isEcho] true for a body that must not be handed on
 */
export async function acceptReply(reply, maxBytes, isEcho = () => false) {
  const source = sourceOf(reply);
  /** @type {Record<string, string>} */
  const headers = reply.headers.get('x-netocr-sandbox') === '1' ? { 'x-netocr-sandbox': '1' } : {};
  try {
    if (reply.status === 429) throw overloaded(reply);
    if (reply.status !== 200) throw upstreamStatus(reply.status);
    const bytes = await readAll(source, maxBytes, replyTooLong);
    if (isEcho(bytes)) throw credentialsEchoed();
    return { headers, bytes };
  } catch (error) {
    source.cancel();
    const known =
      error instanceof ProxyError ? error : upstreamError('the reply of the service broke off', error);
    Object.assign(known.headers, headers);
    throw known;
  }
}

/** @param {import('./upstream/fetch-transport.js').UpstreamReply} reply */
function overloaded(reply) {
  const after = reply.headers.get('retry-after') ?? '';
  const retryAfterMs = /^\d{1,6}$/.test(after) ? Number(after) * 1000 : undefined;
  return new ProxyError('RATE_LIMITED', 429, 'the service takes no more calls for now', { retryAfterMs });
}

function replyTooLong() {
  return upstreamError('the reply of the service is over the limit');
}

/**
 * Runs only while the service has to do something (take bytes, answer), so that a slow uplink of the person in front
 * of the camera never counts as a slow service.
 *
 * @param {number} ms
 * @param {() => void} expired
 */
function createTurnClock(ms, expired) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  function stop() {
    clearTimeout(timer);
    timer = undefined;
  }
  return {
    ofClient: stop,
    ofService() {
      timer ??= setTimeout(expired, ms);
    },
    stop,
  };
}
