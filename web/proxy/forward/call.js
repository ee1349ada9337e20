// Calls the service with the body of one request, and gives back what the caller spent when nothing can have been sent.
import { clientGone, ProxyError, upstreamTimeout } from '../errors.js';
import { abortAtEnd } from '../upstream/call-scope.js';
import { acceptReply } from './reply.js';
import { createTurnClock } from './turn-clock.js';

/**
 * @typedef {object} Exchange
 * @property {import('../routes.js').Route} route
 * @property {import('../settings.js').Settings} settings
 * @property {import('./head.js').Head} head
 * @property {import('../body/scanned-body.js').ScannedBody} body
 * @property {Uint8Array[]} queue the credentials and what was read of the body; emptied as it is sent
 * @property {import('../upstream/call-scope.js').CallScope} scope
 * @property {Pick<import('../access/gate.js').Caller, 'giveBack'>} caller
 */

/**
 * Gives the caller back what it spent when the call fails, however it does, before anything of it can have been sent.
 *
 * @param {Request} request
 * @param {Exchange} exchange
 */
export async function callService(request, { route, settings, head, body, queue, scope, caller }) {
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

  /** @type {import('../upstream/fetch-transport.js').UpstreamCall} */
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
 * @param {import('./head.js').Head} head
 * @param {import('../settings.js').Settings} settings
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
