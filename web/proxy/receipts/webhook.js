// Sends receipts to the site's backend, beside the reply to the page and never in its way: a bounded number waits, each
// is tried a few times, what cannot be delivered is told and dropped. The body is the receipt itself, which is signed.

/**
 * @typedef {object} WebhookOptions
 * @property {string} url
 * @property {(message: string) => void} warn
 * @property {typeof globalThis.fetch} [fetch]
 * @property {number} [maxWaiting] receipts held at once. Default 1000
 * @property {number} [attempts] Default 6: over about half a minute
 * @property {number} [firstPauseMs] before the second attempt, doubled for each further one. Default 1 s
 * @property {number} [answerMs] Default 10 s
 */

/**
 * @typedef {object} Webhook
 * @property {(receipt: string) => Promise<void>} push resolves when the receipt is delivered or given up; never rejects
 * @property {(receipt: string) => Promise<void>} pushAlone the same with nothing that is shared with other calls: for
 *   runtimes where what one request has made (timers, signals, connections) ends with it and is of no use to another
 * @property {(options?: {graceMs?: number}) => Promise<void>} close tries what still waits once more, at once, and
 *   resolves when all is sent or `graceMs` are over (default 5 s)
 */

const MAX_SENDING = 4;
// The rest of 4xx says that the receipt is not wanted.
const WORTH_A_RETRY = new Set([408, 425, 429]);

/**
 * @param {WebhookOptions} given
 * @returns {Webhook}
 */
export function createWebhook(given) {
  const { warn, maxWaiting = 1000, attempts = 6, firstPauseMs = 1000, ...options } = given;
  const { url, fetch = globalThis.fetch, answerMs = 10_000 } = options;
  const slots = createSlots(MAX_SENDING);
  const closing = new AbortController();
  const ended = new AbortController();
  /** @type {Set<Promise<void>>} */
  const deliveries = new Set();

  let isFailing = false; // since the last receipt that was taken

  /** @param {string} receipt @returns {Promise<string>} '' when no other attempt is needed, else why one may help */
  async function send(receipt) {
    const reply = await fetch(url, {
      method: 'POST',
      body: receipt,
      headers: { 'content-type': 'application/jwt' },
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(answerMs), ended.signal]),
    });
    await reply.body?.cancel();
    if (reply.status >= 500 || WORTH_A_RETRY.has(reply.status)) return `HTTP status ${reply.status}`;
    const isTaken = reply.status >= 200 && reply.status < 300;
    if (isTaken) isFailing = false;
    else warn(`the webhook refused ${nameOf(receipt)} with HTTP status ${reply.status}`);
    return '';
  }

  /** @param {string} receipt */
  async function deliver(receipt) {
    let reason = '';
    for (let attempt = 0; attempt < attempts; ++attempt) {
      const last = closing.signal.aborted;
      reason = await slots.run(() => send(receipt).catch(reasonOf));
      if (reason === '') return;
      if (last) break;
      if (!isFailing && !closing.signal.aborted)
        warn(`the webhook does not take receipts (${reason}): they are tried again`);
      isFailing = true;
      if (attempt + 1 < attempts) await pause(firstPauseMs * 2 ** attempt, closing.signal);
    }
    warn(`${nameOf(receipt)} could not be delivered to the webhook (${reason})`);
  }

  return {
    async push(receipt) {
      if (deliveries.size >= maxWaiting || closing.signal.aborted) {
        warn(`${nameOf(receipt)} was not sent to the webhook: too many wait`);
        return;
      }
      const delivery = deliver(receipt).finally(() => deliveries.delete(delivery));
      deliveries.add(delivery);
      await delivery;
    },
    pushAlone: (receipt) => createWebhook(given).push(receipt),
    async close({ graceMs = 5000 } = {}) {
      closing.abort();
      const timer = setTimeout(() => ended.abort(), graceMs);
      await Promise.all(deliveries);
      clearTimeout(timer);
    },
  };
}

/** The system's word for a failure, such as ECONNREFUSED. @param {any} error */
function reasonOf(error) {
  const code = error?.cause?.code ?? error?.code;
  return typeof code === 'string' ? code : (error?.name ?? 'unknown');
}

/** By the request, as the log and the receipt itself name it. @param {string} receipt */
function nameOf(receipt) {
  try {
    const { jti } = JSON.parse(atob(receipt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
    if (/^[\w-]{1,64}$/.test(jti)) return `the receipt of request ${jti}`;
  } catch {
    // Not one of ours.
  }
  return 'a receipt';
}

/** @param {number} count */
function createSlots(count) {
  /** @type {(() => void)[]} */
  const waiting = [];
  let free = count;
  return {
    /**
     * @template T
     * @param {() => Promise<T>} work
     */
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise((resolve) => waiting.push(() => resolve(undefined)));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal ends the pause
 * @returns {Promise<void>}
 */
function pause(ms, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
