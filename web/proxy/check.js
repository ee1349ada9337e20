// `netocr-proxy check`: says whether a configuration would start, and with a probe whether the service and the store
// take it. Prints no value of it.
import { readEnvironment } from './environment.js';
import { ProxyError } from './errors.js';
import { acceptReply } from './forward.js';
import { createNodeProxyHandler, createNodeTransport, createRedisStore } from './node.js';
import { ROUTES } from './routes.js';
import { checkOptions } from './settings.js';
import { StoreError } from './state/store.js';

/**
 * @typedef {object} CheckResult
 * @property {boolean} isGood
 * @property {string[]} lines for the operator
 */

/**
 * @param {import('./environment.js').Environment} env
 * @param {{probes: boolean}} options
 * @returns {Promise<CheckResult>}
 */
export async function checkConfiguration(env, { probes }) {
  /** @type {string[]} */
  const lines = [];
  const options = readEnvironment(env);
  const warn = (/** @type {string} */ message) => void lines.push(`warning: ${message}`);
  const handler = createNodeProxyHandler({ ...options, warn });
  await handler.ready();
  await handler.close();
  lines.push('configuration: good');
  if (!probes) return { isGood: true, lines };
  const findings = [
    await probeService(checkOptions({ ...options, receipts: undefined })),
    await probeStore(options.redis),
  ];
  for (const { line } of findings) lines.push(line);
  return { isGood: findings.every(({ isGood }) => isGood), lines };
}

/** @typedef {{isGood: boolean, line: string}} Finding */

/**
 * A call without a picture: the service looks at the account first, and has nothing to work on.
 *
 * @param {import('./settings.js').Settings} settings
 * @returns {Promise<Finding>}
 */
async function probeService({ upstream, key, secret, limits }) {
  const route = ROUTES.find(({ operation }) => operation === 'checkLiveness') ?? ROUTES[0];
  const fields = { key, secret, typeId: route.typeId, format: 'json', [route.fields[0]]: '' };
  const body = new TextEncoder().encode(new URLSearchParams(fields).toString());
  /** @type {(Uint8Array | null)[]} */
  const pieces = [body, null];
  try {
    const reply = await createNodeTransport()({
      url: `${upstream}/${route.path}`,
      method: 'POST',
      headers: {
        'content-type': route.contentType,
        'content-length': String(body.length),
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'netocr-wasm-proxy',
      },
      source: { read: async () => pieces.shift() ?? null, cancel: () => {} },
      bodyBytes: body.length,
      connectMs: limits.connectMs,
      signal: AbortSignal.timeout(limits.replyMs),
    });
    return judge((await acceptReply(reply, limits.maxReplyBytes)).bytes);
  } catch (error) {
    const code = error instanceof ProxyError ? error.code : 'UPSTREAM_TIMEOUT';
    return { isGood: false, line: `service: no usable reply (${code})` };
  }
}

/**
 * The status of a failure is documented nowhere; -4 and 10001 and these words are what the vendor's own tools know for a
 * wrong account.
 *
 * @param {Uint8Array} bytes
 * @returns {Finding}
 */
function judge(bytes) {
  const { status, value } = statusOf(new TextDecoder().decode(bytes));
  if (status === null)
    return { isGood: false, line: 'service: the reply has no status: is it the right upstream?' };
  const isRefused =
    /^(-4|10001)$/.test(status) ||
    /密钥|认证|权限|签名|(key|secret)\s*(错误|无效|不正确|invalid)/i.test(value);
  return isRefused
    ? { isGood: false, line: 'service: it refuses key or secret' }
    : { isGood: true, line: 'service: it answers and does not object to key and secret' };
}

/** @param {string} text @returns {{status: string | null, value: string}} */
function statusOf(text) {
  try {
    const reply = JSON.parse(text);
    const { status, value } = reply?.messageString ?? reply?.message ?? {};
    const isStatus = typeof status === 'string' || typeof status === 'number';
    return { status: isStatus ? String(status).trim() : null, value: String(value ?? '') };
  } catch {
    return { status: null, value: '' };
  }
}

/**
 * @param {{url: string, prefix?: string} | null} redis
 * @returns {Promise<Finding>}
 */
async function probeStore(redis) {
  if (!redis) return { isGood: true, line: "store: this process's memory (one instance only)" };
  try {
    const store = await createRedisStore(redis);
    await store.ping().finally(() => store.close());
    return { isGood: true, line: 'store: Redis answers' };
  } catch (error) {
    const known = error instanceof StoreError || error instanceof TypeError;
    return { isGood: false, line: `store: Redis does not answer${known ? `: ${error.message}` : ''}` };
  }
}
