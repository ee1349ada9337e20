// The store that many proxies share: Redis (6.2 or later), one server or a Redis Cluster, through the optional package
// @redis/client. Each function is one step in Redis; what each touches has one hash tag (redis-keys.js).
import { redisAttempts } from './attempts.js';
import { within } from './redis-connection.js';
import { awayFor, explain, refusedBy } from './redis-faults.js';
import { createKeyNames, tagOf } from './redis-keys.js';
import { createRouter } from './redis-router.js';
import { GIVE_BACK, INCREMENT, SPEND, TAKE_TURN } from './redis-scripts.js';
import { readServers } from './redis-servers.js';
import { createStart } from './redis-start.js';

/**
 * @typedef {object} RedisOptions
 * @property {string} url `redis://` or `rediss://` URL; of a Redis Cluster several nodes may be named, with commas between
 *   them. Whether it is one is found out
 * @property {string} [prefix] of every key, for proxies that share a Redis with others. Default `netocr:`
 * @property {import('./redis-servers.js').TlsFiles} [tls]
 * @property {boolean} [retry] true: resolves also while Redis cannot be reached, with a store that rejects every call until
 *   it can. Default false: rejects within 5 s
 * @property {(error: import('./store.js').StoreError) => void} [refused] with `retry`: called when Redis is there
 *   at last and refuses the proxy as it is configured (see StoreErrorCode), so that another attempt would not help
 */

/**
 * For tests.
 *
 * @typedef {object} RedisParts
 * @property {() => Promise<import('./redis-connection.js').RedisLibrary>} [importLibrary]
 * @property {Partial<RedisTimes>} [times]
 */

/** @typedef {import('./redis-connection.js').Times & import('./redis-start.js').StartTimes} RedisTimes */

/** @type {Readonly<RedisTimes>} */
const TIMES = Object.freeze({
  answerMs: 2000,
  pingMs: 1000,
  startMs: 5000,
  retryMs: 1000,
  maxRetryMs: 5000,
});

/**
 * Connects. Rejects with a TypeError for a wrong option, and with a StoreError when Redis cannot be reached or refuses
 * (password, rights, certificate), may throw away what it was given to keep (`maxmemory-policy`), or when the package
 * @redis/client is missing. Later failures reject the calls they concern, at once while the connection is down, else after
 * 2 s; a connection that is lost or silent is made again by itself.
 *
 * @param {RedisOptions} options
 * @param {RedisParts} [parts]
 * @returns {Promise<import('./store.js').StateStore>}
 */
export async function createRedisStore(
  options,
  { importLibrary = () => import('@redis/client'), times } = {},
) {
  const { url, prefix = 'netocr:', tls, retry = false, refused = () => {} } = options;
  const all = { ...TIMES, ...times };
  const names = createKeyNames(prefix);
  const servers = readServers(url, tls);
  const library = await load(importLibrary);
  const route = () => createRouter({ library, servers, names, times: all });
  const start = createStart(route, { retry, refused, times: all });
  await start.begin();
  return createStore(start, names, all.answerMs);
}

/** @param {NonNullable<RedisParts['importLibrary']>} importLibrary */
async function load(importLibrary) {
  try {
    return await importLibrary();
  } catch (error) {
    throw refusedBy('to use Redis, install its client: npm install @redis/client', error);
  }
}

/**
 * @param {import('./redis-start.js').Start} start
 * @param {import('./redis-keys.js').KeyNames} names
 * @param {number} answerMs
 * @returns {import('./store.js').StateStore}
 */
function createStore(start, names, answerMs) {
  /** @param {string} tag @param {string[]} args */
  async function send(tag, args) {
    const call = { isOver: false };
    try {
      return await within(start.router().send(tag, args, call), answerMs);
    } catch (error) {
      throw explain(error, 'the command failed in Redis');
    } finally {
      call.isOver = true;
    }
  }

  /**
   * Runs a script on what is stored under the key in these families, of which `epoch` is that of the tag.
   *
   * @param {string} script
   * @param {string} key
   * @param {string[]} families
   * @param {(string | number)[]} [values]
   */
  function run(script, key, families, values = []) {
    const tag = tagOf(key);
    const keys = families.map((family) =>
      family === 'epoch' ? names.epoch(tag) : names.entry(tag, family, key),
    );
    return send(tag, ['EVAL', script, String(keys.length), ...keys, ...values.map(String)]);
  }

  /** @param {string} name of the command @param {string} key of a value @param {string[]} more */
  function command(name, key, ...more) {
    const tag = tagOf(key);
    return send(tag, [name, names.entry(tag, 'value', key), ...more]);
  }

  const ms = (/** @type {number} */ value) => String(Math.ceil(value));

  /** A write, since a server can be full, or a replica by now, and still answer. @param {string} tag */
  const probe = (tag) => send(tag, ['SET', names.scratch(tag), '1', 'PX', '10000']);

  return {
    name: 'Redis',
    async spend(key, { limit, issuedMs, ttlMs }) {
      const values = [limit, issuedMs, Math.ceil(ttlMs)];
      const [isSpent, hasBegun] = /** @type {number[]} */ (await run(SPEND, key, ['use', 'epoch'], values));
      // It was emptied: the memory of all tags begins now, so that tokens of from now on have their uses.
      if (hasBegun === 1) start.router().remember();
      return isSpent === 1;
    },
    giveBack: async (key) => void (await run(GIVE_BACK, key, ['use'])),
    ...redisAttempts(run),
    async takeTurn(key, { events, perMs }) {
      const wait = Number(await run(TAKE_TURN, key, ['rate'], [events, perMs]));
      return wait > 0 ? { allowed: false, retryAfterMs: wait } : { allowed: true };
    },
    get: async (key) => /** @type {string | null} */ (await command('GET', key)),
    set: async (key, value, ttlMs) => void (await command('SET', key, value, 'PX', ms(ttlMs))),
    setIfAbsent: async (key, value, ttlMs) =>
      (await command('SET', key, value, 'PX', ms(ttlMs), 'NX')) === 'OK',
    increment: async (key, ttlMs) => Number(await run(INCREMENT, key, ['value'], [Math.ceil(ttlMs)])),
    remove: async (key) => void (await command('DEL', key)),
    async ping() {
      try {
        // While some nodes of a cluster work, some calls do.
        await Promise.any(start.router().samples().map(probe));
      } catch (error) {
        throw error instanceof AggregateError
          ? (error.errors[0] ?? awayFor('no node can be reached'))
          : error;
      }
    },
    close: async () => start.close(),
  };
}
