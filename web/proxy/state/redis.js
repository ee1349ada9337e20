// The store that many proxies share: Redis (6.2 or later, one primary), through the optional package @redis/client.
// Each function is one script, so one step in Redis, on Redis's own clock.
import { redisAttempts } from './attempts.js';
import { StoreError } from './store.js';

const ANSWER_MS = 2000;
const START_MS = 5000;
const MAX_WAITING = 10_000;

const NOW = `local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
`;

// A restart, a failover and an emptied data set can all lose spent uses: only what was issued since this very server
// process came to remember has a use. KEYS[#KEYS] holds "run id:time".
const EPOCH = `${NOW}
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if not run then return redis.error_reply('ERR no run_id') end
local known, epoch = string.match(redis.call('GET', KEYS[#KEYS]) or '', '(%x+):(%d+)')
if known ~= run then
  epoch = math.floor(now)
  redis.call('SET', KEYS[#KEYS], run .. ':' .. string.format('%.0f', epoch))
end
`;

const SPEND = `${EPOCH}
if tonumber(ARGV[2]) < tonumber(epoch) then return 0 end
local spent = tonumber(redis.call('GET', KEYS[1]) or '0')
if spent >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], spent + 1, 'PX', ARGV[3])
return 1`;

const GIVE_BACK = `if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
return 1`;

// nextTurn() of store.js. The answer is the wait as a string: numbers of Lua lose their fraction on the way.
const TAKE_TURN = `${NOW}
local spacing = ARGV[2] / ARGV[1]
local tat = tonumber(redis.call('GET', KEYS[1]) or '0')
local after = math.max(tat, now) + spacing
local wait = after - now - ARGV[2]
if wait > spacing / 2 then return string.format('%.3f', wait) end
redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(after - now))
return '0'`;

const INCREMENT = `local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count`;

/**
 * Connects. Rejects with a TypeError for a wrong URL, and with a StoreError when Redis cannot be reached within 5 s or
 * may throw away what it was given to keep (`maxmemory-policy`). Later failures reject the calls they concern, at once
 * while the connection is down, else after 2 s; the connection is made again by itself.
 *
 * @param {{url: string, prefix?: string}} options `redis://` or `rediss://` URL; `prefix` of every key, for proxies that
 *   share a Redis with others. Default `netocr:`
 * @returns {Promise<import('./store.js').StateStore>}
 */
export async function createRedisStore({ url, prefix = 'netocr:' }) {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw new TypeError('the URL of Redis must begin with redis:// or rediss://');
  }
  const client = await makeClient(url);
  const epochKey = `${prefix}epoch`;

  /** @param {string} script @param {string[]} keys @param {(string | number)[]} values */
  const run = (script, keys, values = []) =>
    bounded(() => client.eval(script, { keys, arguments: values.map(String) }));
  const remember = () => run(`${EPOCH} return 1`, [epochKey]);

  // Told by the rejections of the calls; without a listener the first lost connection would end the process.
  client.on('error', () => {});
  try {
    await within(client.connect(), START_MS);
    await checkPolicy(await bounded(() => client.info('memory')));
    await remember();
  } catch (error) {
    client.destroy();
    throw error instanceof StoreError ? error : new StoreError('Redis cannot be reached', error);
  }
  client.on('ready', () => remember().catch(() => {}));

  return {
    spend: async (key, { limit, issuedMs, ttlMs }) =>
      (await run(SPEND, [`${prefix}use:${key}`, epochKey], [limit, issuedMs, Math.ceil(ttlMs)])) === 1,
    giveBack: async (key) => void (await run(GIVE_BACK, [`${prefix}use:${key}`])),
    ...redisAttempts(run, prefix),
    async takeTurn(key, { events, perMs }) {
      const wait = Number(await run(TAKE_TURN, [`${prefix}rate:${key}`], [events, perMs]));
      return wait > 0 ? { allowed: false, retryAfterMs: wait } : { allowed: true };
    },
    get: async (key) =>
      /** @type {string | null} */ (await bounded(() => client.get(`${prefix}value:${key}`))),
    set: async (key, value, ttlMs) =>
      void (await bounded(() => client.set(`${prefix}value:${key}`, value, { PX: Math.ceil(ttlMs) }))),
    setIfAbsent: async (key, value, ttlMs) =>
      (await bounded(() =>
        client.set(`${prefix}value:${key}`, value, { PX: Math.ceil(ttlMs), NX: true }),
      )) === 'OK',
    increment: async (key, ttlMs) =>
      Number(await run(INCREMENT, [`${prefix}value:${key}`], [Math.ceil(ttlMs)])),
    remove: async (key) => void (await bounded(() => client.del(`${prefix}value:${key}`))),
    ping: async () => void (await bounded(() => client.ping())),
    close: async () => client.destroy(),
  };
}

/** @param {string} url */
async function makeClient(url) {
  let library;
  try {
    library = await import('@redis/client');
  } catch (error) {
    throw new StoreError('to use Redis, install the package @redis/client', error);
  }
  return library.createClient({
    url,
    RESP: 2,
    maintNotifications: 'disabled',
    // A call must not wait for a connection, nor be sent again on the next one.
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_WAITING,
    socket: {
      connectTimeout: ANSWER_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 5), 1000),
    },
  });
}

/**
 * @template T
 * @param {() => Promise<T>} command
 * @returns {Promise<T>}
 */
async function bounded(command) {
  try {
    return await within(command(), ANSWER_MS);
  } catch (error) {
    throw new StoreError('Redis did not do it', error);
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @returns {Promise<T>}
 */
function within(promise, ms) {
  return new Promise((resolve, reject) => {
    // One more look at the sockets: after a busy moment of this process the answer may lie there unread.
    const timer = setTimeout(() => setImmediate(() => reject(new Error('no answer in time'))), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** @param {string} info the section `memory` */
function checkPolicy(info) {
  const [, maxBytes] = /^maxmemory:(\d+)/m.exec(info) ?? [];
  const [, policy] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (maxBytes === '0' || policy === 'noeviction') return;
  throw new StoreError('Redis must have maxmemory-policy noeviction: it would forget spent uses of tokens');
}
