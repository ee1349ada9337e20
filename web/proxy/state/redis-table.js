// Who holds what in a Redis Cluster: from what CLUSTER SLOTS answers to the node of each hash tag.
import { slotOf, TAGS } from './redis-keys.js';

/** @typedef {import('./redis-servers.js').Address} Address */

/**
 * Tag -> the node that holds its slot; a slot that nobody holds is missing.
 *
 * @typedef {ReadonlyMap<string, Address>} Table
 */

const SLOT_OF_TAG = TAGS.map((tag) => ({ tag, slot: slotOf(tag) }));

/**
 * @param {unknown} reply `[from, to, [host, port, ...] of the primary, replicas...]` of each range
 * @param {string} asked the host that answers; a node whose host is missing has it too
 * @returns {Table}
 */
export function readTable(reply, asked) {
  const ranges = /** @type {[number, number, [string | null, number]][]} */ (reply);
  /** @type {Map<string, Address>} */
  const table = new Map();
  for (const { tag, slot } of SLOT_OF_TAG) {
    const range = ranges.find(([from, to]) => from <= slot && slot <= to);
    if (!range) continue;
    const [host, port] = range[2];
    table.set(tag, { host: host && host !== '?' ? host : asked, port });
  }
  return table;
}

/** @param {Address} address */
export function nameOf({ host, port }) {
  return `${host}:${port}`;
}

/**
 * Where a redirect leads.
 *
 * @param {string} to "host:port"; without a host it is the one that said so
 * @param {string} asked
 * @returns {Address}
 */
export function addressIn(to, asked) {
  const colon = to.lastIndexOf(':');
  return { host: to.slice(0, colon) || asked, port: Number(to.slice(colon + 1)) };
}
