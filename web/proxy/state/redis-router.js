// What the store's calls go through: to one server, or to the nodes of a Redis Cluster. Which of them it is, is asked first.
import { createCluster } from './redis-cluster.js';
import { connect, within } from './redis-connection.js';
import { explain, redirectIn, refusedBy } from './redis-faults.js';
import { TAGS } from './redis-keys.js';
import { createLink, oneAtATime } from './redis-link.js';
import { inspect } from './redis-rights.js';
import { REMEMBER } from './redis-scripts.js';

/**
 * What calls go through, to one server or to a cluster.
 *
 * @typedef {object} Router
 * @property {(tag: string, args: string[], call: {isOver: boolean}) => Promise<unknown>} send a command whose keys have the
 *   tag. Nothing is sent any more once `isOver` is set
 * @property {() => void} remember begins the memory of every tag that has none
 * @property {() => string[]} samples one tag for each server
 * @property {Promise<void>} first ends with the first attempts: rejects when none succeeded or one was refused
 * @property {() => void} close
 */

/**
 * @typedef {object} Way
 * @property {import('./redis-connection.js').RedisLibrary} library
 * @property {ReturnType<typeof import('./redis-servers.js').readServers>} servers
 * @property {import('./redis-keys.js').KeyNames} names
 * @property {import('./redis-connection.js').Times} times
 */

/**
 * The way to the server or the cluster, with its first connections.
 *
 * @param {Way} way
 * @returns {Promise<Router>}
 */
export async function createRouter({ library, servers: { addresses, access }, names, times }) {
  const connectTo = (/** @type {import('./redis-servers.js').Address} */ address) =>
    connect(library, address, access, times);

  /**
   * @param {import('./redis-servers.js').Address} address
   * @param {{tags: () => readonly string[], changed?: (isReady: boolean) => void}} parts
   */
  const linkTo = (address, { tags, changed }) =>
    createLink(
      {
        connect: () => connectTo(address),
        async prepare(connection) {
          await inspect(connection, names.scratch(TAGS[0]));
          await remember(connection, tags());
        },
        changed,
      },
      times,
    );

  /** @param {Pick<import('./redis-connection.js').Connection, 'send'>} connection @param {readonly string[]} tags */
  async function remember(connection, tags) {
    const commands = tags.map((tag) => ['EVAL', REMEMBER, '1', names.epoch(tag)]);
    const sent = commands.map((command) => connection.send(command).catch(ignoreRedirect));
    await Promise.all(sent);
  }

  const isCluster = await lookAt(addresses, connectTo, names.scratch(TAGS[0]), times.answerMs);
  const router = isCluster
    ? await createCluster({ seeds: addresses, connect: connectTo, createLink: linkTo, remember }, times)
    : createSingle(linkTo(addresses[0], { tags: () => TAGS }), remember);
  try {
    await router.first;
    return router;
  } catch (error) {
    router.close();
    throw error;
  }
}

/** A slot that has moved on: its new node gets the memory begun. @param {unknown} error */
function ignoreRedirect(error) {
  if (!redirectIn(error)) throw error;
}

/**
 * Whether the servers are a cluster: what the first one says that can be reached.
 *
 * @param {readonly import('./redis-servers.js').Address[]} addresses
 * @param {(address: import('./redis-servers.js').Address) => Promise<import('./redis-connection.js').Connection>} connectTo
 * @param {string} scratchKey
 * @param {number} answerMs
 * @returns {Promise<boolean>}
 */
async function lookAt(addresses, connectTo, scratchKey, answerMs) {
  /** @type {import('./store.js').StoreError | undefined} */
  let reason;
  for (const address of addresses) {
    try {
      const connection = await connectTo(address);
      const inspecting = within(inspect(connection, scratchKey), answerMs);
      const { isCluster } = await inspecting.finally(connection.close);
      if (!isCluster && addresses.length > 1)
        throw refusedBy('REDIS_URL names several servers, which are not a Redis Cluster');
      return isCluster;
    } catch (error) {
      reason = explain(error);
      if (reason.code === 'STORE_REFUSED') throw reason;
    }
  }
  throw reason;
}

/**
 * @param {import('./redis-link.js').Link} link
 * @param {(link: import('./redis-link.js').Link, tags: readonly string[]) => Promise<void>} remember
 * @returns {Router}
 */
function createSingle(link, remember) {
  return {
    send: (_tag, args) => link.send(args),
    remember: oneAtATime(() => remember(link, TAGS)),
    samples: () => [TAGS[0]],
    first: link.first,
    close: link.close,
  };
}
