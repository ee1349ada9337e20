// What `netocr-proxy check` finds out: whether the store answers, and with --probe whether the service takes key and secret.
// No document says what the service answers to a wrong account, so that a verdict needs an answer that is known to mean
// one; every other answer is 'unknown'. No value is ever in a line.

import { ProxyError } from '../errors.js';
import { acceptReply } from '../forward/reply.js';
import { createNodeTransport, createRedisStore } from '../node/index.js';
import { ROUTES } from '../routes.js';
import { StoreError } from '../state/store.js';
import { abortAtEnd, createCallScope } from '../upstream/call-scope.js';

/** @typedef {{verdict: 'good' | 'bad' | 'unknown', line: string}} Finding */

/** Base64 of words: nothing to work on, but no empty field, which may be refused before the account is looked at. */
const NO_PICTURE = Buffer.from('no picture').toString('base64');

/**
 * One call with something that is no picture.
 *
 * @param {Pick<import('../settings.js').Settings, 'upstream' | 'key' | 'secret' | 'limits'>} settings
 * @returns {Promise<Finding>}
 */
export async function probeService({ upstream, key, secret, limits }) {
  const route = ROUTES.find(({ operation }) => operation === 'checkLiveness') ?? ROUTES[0];
  const fields = { key, secret, typeId: route.typeId, format: 'json', [route.fields[0]]: NO_PICTURE };
  const body = new TextEncoder().encode(new URLSearchParams(fields).toString());
  /** @type {(Uint8Array | null)[]} */
  const pieces = [body, null];
  const scope = createCallScope();
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
      signal: AbortSignal.any([AbortSignal.timeout(limits.replyMs), abortAtEnd(scope).signal]),
    });
    return judge((await acceptReply(reply, limits.maxReplyBytes)).bytes);
  } catch (error) {
    const code = error instanceof ProxyError ? error.code : 'UPSTREAM_TIMEOUT';
    return { verdict: 'bad', line: `service: no usable reply (${code})` };
  } finally {
    scope.end();
  }
}

// What the vendor's own tools know (the lists contradict each other elsewhere). Words come before numbers: -1 is every
// failed recognition, and in one tool perhaps a wrong account too.
const REFUSED = /密钥|秘钥|认证失败|鉴权|权限|签名|\b(key|secret)\s*(错误|无效|不正确|invalid)/i;
const REFUSED_STATUS = /^(-4|10001)$/;
const USED_UP = /余额|次数|额度|欠费|充值|套餐/;
const USED_UP_STATUS = /^(-3|-5|10002)$/;
/** It looked at the picture: the recogniser's own words, a picture that is missing, unreadable or too large, success. */
const LOOKED = /识别失败|ReconClientL/;
const LOOKED_STATUS = /^(4|10003|10004|2000)$/;

/**
 * @param {Uint8Array} bytes
 * @returns {Finding}
 */
function judge(bytes) {
  const { status, value } = statusOf(new TextDecoder().decode(bytes));
  if (status === null)
    return {
      verdict: 'unknown',
      line: 'service: could not tell, the reply has no status: is it the right upstream?',
    };
  if (REFUSED.test(value) || REFUSED_STATUS.test(status))
    return { verdict: 'bad', line: 'service: it refuses key or secret' };
  if (USED_UP.test(value) || USED_UP_STATUS.test(status))
    return { verdict: 'bad', line: "service: it says that the account's calls or balance are used up" };
  if (LOOKED.test(value) || LOOKED_STATUS.test(status))
    return { verdict: 'good', line: 'service: it takes key and secret' };
  return { verdict: 'unknown', line: 'service: could not tell, it answers with a status of unknown meaning' };
}

/** @param {string} text @returns {{status: string | null, value: string}} */
function statusOf(text) {
  try {
    const reply = JSON.parse(text);
    const parts = [reply?.messageString, reply?.message, reply];
    const { status, value } = parts.find((part) => typeof part === 'object' && part !== null) ?? {};
    const isStatus = typeof status === 'string' || typeof status === 'number';
    return { status: isStatus ? String(status).trim() : null, value: String(value ?? '') };
  } catch {
    return { status: null, value: '' };
  }
}

/**
 * Connects to the store and asks for everything that the proxy needs of it; costs nothing. Rejects with a TypeError or a
 * StoreError when the proxy would not start.
 *
 * @param {import('../state/redis.js').RedisOptions | null} redis
 * @returns {Promise<Finding>}
 */
export async function probeStore(redis) {
  if (!redis) return { verdict: 'good', line: "store: this process's memory (one instance only)" };
  try {
    const store = await createRedisStore(redis);
    await store.ping().finally(() => store.close());
    return { verdict: 'good', line: 'store: Redis answers and grants every right that the proxy needs' };
  } catch (error) {
    if (!(error instanceof StoreError) || error.code === 'STORE_REFUSED') throw error;
    const reason = error.reason && ` (${error.reason})`;
    return { verdict: 'bad', line: `store: Redis does not answer${reason}; the proxy would try again` };
  }
}
