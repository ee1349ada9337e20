// What the proxy needs of a Redis server, asked at each connection, so that a missing right is reported at the start and
// not by the first call of a person: `maxmemory-policy noeviction`, and the rights of an ACL user.
import { explain, refusedBy } from './redis-faults.js';

/**
 * The rule of the right, and a command that needs it, as it is sent to find out. A script's errors do not name the right
 * that is missing, so that each command is tried alone.
 *
 * @typedef {{right: string, command: (key: string) => string[]}} Right
 */

/** @type {readonly Right[]} */
const RIGHTS = [
  { right: '+ping', command: () => ['PING'] },
  { right: '+info', command: () => ['INFO', 'server'] },
  { right: '+time', command: () => ['TIME'] },
  { right: '+eval', command: () => ['EVAL', 'return 1', '0'] },
  { right: '+set', command: (key) => ['SET', key, '1', 'PX', '10000'] },
  { right: '+get', command: (key) => ['GET', key] },
  { right: '+incr', command: (key) => ['INCR', key] },
  { right: '+decr', command: (key) => ['DECR', key] },
  { right: '+pexpire', command: (key) => ['PEXPIRE', key, '10000'] },
  { right: '+del', command: (key) => ['DEL', key] },
];
/** @type {readonly Right[]} */
const CLUSTER_RIGHTS = [
  { right: '+cluster|slots', command: () => ['CLUSTER', 'SLOTS'] },
  { right: '+asking', command: () => ['ASKING'] },
];

/** With a database other than 0. A connection without it is refused before it can be asked (redis-faults.js). */
const SELECT_RULE = '+select';

/** The rules of a user, besides those for its keys, with any database and in a cluster too. */
export const ACL_RULES = Object.freeze([
  ...RIGHTS.map(({ right }) => right),
  SELECT_RULE,
  ...CLUSTER_RIGHTS.map(({ right }) => right),
]);

/** @typedef {{isCluster: boolean}} Server */

/**
 * Rejects with a StoreError.
 *
 * @param {import('./redis-connection.js').Connection} connection
 * @param {string} scratchKey
 * @returns {Promise<Server>}
 */
export async function inspect(connection, scratchKey) {
  const info = await ask(connection, ['INFO']);
  const isCluster = info.ok && /^(cluster_enabled:1|redis_mode:cluster)\b/m.test(info.text);
  await checkRights(connection, scratchKey, isCluster ? [...RIGHTS, ...CLUSTER_RIGHTS] : RIGHTS);
  if (!info.ok) throw explain(info.error);
  checkPolicy(info.text);
  return { isCluster };
}

/**
 * @param {import('./redis-connection.js').Connection} connection
 * @param {string[]} args
 * @returns {Promise<{ok: true, text: string} | {ok: false, error: Error}>}
 */
function ask(connection, args) {
  return connection.send(args).then(
    (reply) => ({ ok: true, text: String(reply) }),
    (error) => ({ ok: false, error }),
  );
}

/**
 * @param {import('./redis-connection.js').Connection} connection
 * @param {string} key
 * @param {readonly Right[]} rights
 */
async function checkRights(connection, key, rights) {
  const answers = await Promise.all(rights.map(({ command }) => ask(connection, command(key))));
  const missing = rights.flatMap(({ right }, i) => {
    const answer = answers[i];
    if (answer.ok) return [];
    const { message } = answer.error;
    if (/^ERR unknown command/.test(message)) return [right];
    // Any other error comes after the rights were looked at.
    if (!/^NOPERM/.test(message)) return [];
    return [/\bkeys?\b/.test(message) ? '~PREFIX*' : right];
  });
  if (missing.length > 0)
    throw refusedBy(describe([...new Set(missing)]), new Error('NOPERM a right is missing'));
}

/** @param {readonly string[]} missing */
function describe(missing) {
  const notes = [
    missing.includes('~PREFIX*') ? ' (PREFIX: of its keys, NETOCR_REDIS_PREFIX)' : '',
    missing.includes('+info') ? ' (INFO shows that Redis was restarted, which can lose spent uses)' : '',
  ];
  return `the user of REDIS_URL lacks rights in Redis: ${missing.join(' ')}${notes.join('')}`;
}

/** @param {string} info */
function checkPolicy(info) {
  const [, maxBytes] = /^maxmemory:(\d+)/m.exec(info) ?? [];
  const [, policy] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (maxBytes === '0' || policy === 'noeviction') return;
  throw refusedBy('Redis must have maxmemory-policy noeviction: it would forget spent uses of tokens');
}
