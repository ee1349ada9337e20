// The way to a Redis Cluster: a link to each primary, and the table of who holds which slots. The library's own cluster
// client makes calls wait for a node that is away, sends them when nobody waits any more, and does not look for the new
// primary in the place of one that went silent. (Redis Cluster Specification: redirection and resharding.)
import { within } from './redis-connection.js';
import { awayFor, redirectIn } from './redis-faults.js';
import { createPause, oneAtATime } from './redis-link.js';
import { addressIn, nameOf, readTable } from './redis-table.js';

/** @typedef {import('./redis-servers.js').Address} Address */
/** @typedef {import('./redis-connection.js').Connection} Connection */
/** @typedef {import('./redis-link.js').Link} Link */

/**
 * @typedef {object} ClusterParts
 * @property {readonly Address[]} seeds nodes that are asked for the table when no known one can be
 * @property {(address: Address) => Promise<Connection>} connect
 * @property {(address: Address, parts: {tags: () => string[], changed: (isReady: boolean) => void}) => Link} createLink
 *   `tags`: of the slots that the node holds
 * @property {(link: Link, tags: string[]) => Promise<void>} remember begins the memory of tags that came to a node
 */

/** @typedef {{address: Address, link: Link}} Node */

/** Between two tries of a step on a slot that is being moved. */
const MOVING_MS = 50;
/** Of one call; more of them than its time allows of those pauses. */
const MAX_HOPS = 40;

/**
 * @param {ClusterParts} parts
 * @param {{answerMs: number, pingMs: number}} times
 * @returns {Promise<import('./redis-router.js').Router>} rejects with a StoreError when no node knows the table
 */
export async function createCluster(parts, times) {
  const nodes = createNodes(parts, times);
  await nodes.refresh();
  void nodes.watch();

  return {
    async send(tag, args, call) {
      let node = nodes.holderOf(tag);
      let isAsking = false;
      for (let hops = 0; ; ++hops) {
        try {
          return await node.link.send(args, { isAsking });
        } catch (error) {
          const redirect = redirectIn(error);
          if (!redirect || hops === MAX_HOPS) throw error;
          node = await nodes.follow(redirect, node);
          // A slot that is on its way is asked for at the node to which it goes.
          isAsking = redirect.kind === 'ASK' || (isAsking && redirect.kind === 'TRYAGAIN');
          if (call.isOver) throw error;
        }
      }
    },
    remember: nodes.remember,
    samples: nodes.samples,
    first: nodes.first(),
    close: nodes.close,
  };
}

/**
 * The primaries and what they hold.
 *
 * @param {ClusterParts} parts
 * @param {{answerMs: number, pingMs: number}} times
 */
function createNodes({ seeds, connect, createLink, remember }, { answerMs, pingMs }) {
  /** @type {Map<string, Node>} */
  const nodes = new Map();
  /** @type {import('./redis-table.js').Table} */
  let table = new Map();
  const pause = createPause();

  /** @param {string} name @param {import('./redis-table.js').Table} [of] */
  const tagsAt = (name, of = table) =>
    [...of].flatMap(([tag, address]) => (nameOf(address) === name ? [tag] : []));

  /** @param {Address} address @returns {Node} */
  function nodeAt(address) {
    const name = nameOf(address);
    const known = nodes.get(name);
    if (known) return known;
    if (pause.isOver()) throw awayFor('the store is closed');
    const changed = (/** @type {boolean} */ isReady) => {
      if (!isReady) refreshSoon();
    };
    const node = { address, link: createLink(address, { tags: () => tagsAt(name), changed }) };
    nodes.set(name, node);
    return node;
  }

  /** What the first node that answers says. */
  async function askForTable() {
    const ready = [...nodes.values()].filter(({ link }) => link.isReady());
    for (const { link, address } of ready) {
      const reply = await within(link.send(['CLUSTER', 'SLOTS']), answerMs).catch(() => null);
      if (reply) return readTable(reply, address.host);
    }
    /** @type {unknown} */
    let reason;
    for (const address of seeds) {
      try {
        const connection = await connect(address);
        const asking = within(connection.send(['CLUSTER', 'SLOTS']), answerMs);
        return readTable(await asking.finally(connection.close), address.host);
      } catch (error) {
        reason = error;
      }
    }
    throw awayFor('no node of the Redis Cluster can be reached', reason);
  }

  async function refresh() {
    const before = table;
    const answer = await askForTable();
    if (pause.isOver()) return;
    if (answer.size === 0) throw awayFor('no node of the Redis Cluster holds any slot');
    table = answer;
    const names = new Set([...table.values()].map(nameOf));
    for (const [name, { link }] of nodes) {
      if (names.has(name)) continue;
      nodes.delete(name);
      link.close();
    }
    for (const address of table.values()) nodeAt(address);
    for (const [name, { link }] of nodes) {
      const known = new Set(tagsAt(name, before));
      const tags = tagsAt(name).filter((tag) => !known.has(tag));
      if (link.isReady()) remember(link, tags).catch(() => {});
    }
  }

  // Without an answer the table stays as it is; watch() asks again.
  const refreshSoon = oneAtATime(async () => {
    if (!pause.isOver()) await refresh();
  });

  return {
    refresh,
    /** A primary that is away may have been replaced: the others know. */
    async watch() {
      while (!pause.isOver()) {
        if ([...nodes.values()].some(({ link }) => !link.isReady())) refreshSoon();
        await pause.take(pingMs);
      }
    },
    /** @param {string} tag @returns {Node} */
    holderOf(tag) {
      const address = table.get(tag);
      if (!address) throw awayFor('no node of the Redis Cluster holds the slot of the key');
      return nodeAt(address);
    },
    /**
     * The node that the redirect names, which the table may not have yet.
     *
     * @param {import('./redis-faults.js').Redirect} redirect
     * @param {Node} from
     */
    async follow({ kind, to }, from) {
      if (kind === 'TRYAGAIN') {
        await new Promise((resolve) => setTimeout(resolve, MOVING_MS));
        return from;
      }
      if (kind === 'MOVED') refreshSoon();
      const node = nodeAt(addressIn(to, from.address.host));
      if (!node.link.isReady()) await node.link.first;
      return node;
    },
    remember: oneAtATime(() =>
      Promise.allSettled([...nodes].map(([name, { link }]) => remember(link, tagsAt(name)))),
    ),
    samples: () => [...nodes.keys()].flatMap((name) => tagsAt(name).slice(0, 1)),
    first: () => firstOf([...nodes.values()].map(({ link }) => link.first)),
    close() {
      pause.end();
      for (const { link } of nodes.values()) link.close();
    },
  };
}

/**
 * @param {Promise<void>[]} attempts
 * @returns {Promise<void>} rejects when none succeeded or one was refused
 */
async function firstOf(attempts) {
  const results = await Promise.allSettled(attempts);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const refusal = reasons.find(({ code }) => code === 'STORE_REFUSED');
  if (refusal || reasons.length === results.length) throw refusal ?? reasons[0];
}
