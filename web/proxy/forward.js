// Forwards one request of the allow-list: checks its head, puts the credentials before its body, streams it to the
// service as it is read and scanned, and answers with the reply and its receipt. Each step is a file of forward/.
import { sourceOf } from '../http/body-source.js';
import { fixedResponse } from '../http/fixed-response.js';
import { createScannedBody } from './body/scanned-body.js';
import { callService } from './forward/call.js';
import { checkHead } from './forward/head.js';
import { hashing, receiptFor } from './forward/receipt.js';
import { revealTo } from './receipts/reveal.js';
import { createCallScope } from './upstream/call-scope.js';

const CONTENT_TYPES = { json: 'application/json; charset=utf-8', xml: 'application/xml; charset=utf-8' };

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
 * @param {import('./forward/head.js').Head} head
 * @param {import('./body/scanned-body.js').ScannedBody} body
 */
async function readFirst(head, body) {
  const first = await body.next();
  return first ? [head.prefix, first] : [head.prefix];
}
