// Issues the receipt of a call, and hashes for it what the page sent.

/**
 * What was accepted is hashed as well, as the page sent it.
 *
 * @param {import('../body/form-scanner.js').Scanner} scanner
 * @param {import('../receipts/receipts.js').Hash} hash
 * @returns {import('../body/form-scanner.js').Scanner}
 */
export function hashing(scanner, hash) {
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
 * @param {import('../routes.js').Route} call.route
 * @param {import('../settings.js').Settings} call.settings
 * @param {{requestId: string}} call.meter
 * @param {import('../access/gate.js').Caller} call.caller
 * @param {{bytes: Uint8Array, headers: Record<string, string>}} call.reply
 * @param {{sha256: string, bytes: number}} call.sent
 * @param {import('../handler.js').WaitUntil} [call.waitUntil]
 * @returns {Promise<Record<string, string>>}
 */
export async function receiptFor({ request, route, settings, meter, caller, reply, sent, waitUntil }) {
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
