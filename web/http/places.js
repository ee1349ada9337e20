// Who may have a connection: so many in all, of which one address has a share, and beyond them a few that may only ask for
// the paths that always answer (health). However many connections lie idle, a balancer finds the process alive.
import { addressGroup } from './address-group.js';
import { shareOf } from './shares.js';

/** Connections beyond the others. */
export const RESERVED = 8;

/** How long one of them may exist: long enough for one small request over a slow path. */
const RESERVED_MS = 5_000;

/** A connection whose address is unknown: it has gone already, or is no address of the Internet. */
const UNKNOWN = '';

/** @typedef {import('node:net').Socket} Socket */

/**
 * @typedef {object} Places
 * @property {(socket: Socket) => void} admit destroys the connection, or another one, when there is no place
 * @property {(socket: Socket) => boolean} ask called for each request: whether its connection may only ask for what always
 *   answers, once
 */

/**
 * @param {object} options
 * @param {number} options.max connections at once
 * @param {number} options.maxPerAddress of them, from one address (of IPv6 one network of 64 bits)
 * @param {number} [options.reserved] beyond them; an address has a quarter of these. Default 0
 * @param {number} [options.reservedMs] Default 5 s
 * @returns {Places}
 */
export function createPlaces({ max, maxPerAddress, reserved = 0, reservedMs = RESERVED_MS }) {
  const usual = createCount();
  /** @type {Map<Socket, {group: string, hasAsked: boolean}>} those beyond the others, the oldest first */
  const late = new Map();

  /** @param {Socket} socket @param {string} group */
  function reserve(socket, group) {
    if (!makeRoom(group)) return void socket.destroy();
    late.set(socket, { group, hasAsked: false });
    const timer = setTimeout(() => socket.destroy(), reservedMs);
    socket.once('close', () => {
      clearTimeout(timer);
      late.delete(socket);
    });
  }

  /**
   * The oldest that has not asked has had the most time to; first one of the same address, so that a crowd pushes out its
   * own.
   *
   * @param {string} group
   */
  function makeRoom(group) {
    const own = [...late].filter(([, { group: other }]) => other === group);
    const isCrowd = own.length >= shareOf(reserved);
    if (!isCrowd && late.size < reserved) return true;
    const [oldest] = (isCrowd ? own : [...late]).find(([, { hasAsked }]) => !hasAsked) ?? [];
    if (!oldest) return false;
    late.delete(oldest);
    oldest.destroy();
    return true;
  }

  return {
    admit(socket) {
      const group = addressGroup(socket.remoteAddress ?? '') ?? UNKNOWN;
      const isOver = usual.all() >= max || (group !== UNKNOWN && usual.of(group) >= maxPerAddress);
      if (isOver) return reserve(socket, group);
      usual.add(group);
      socket.once('close', () => usual.remove(group));
    },
    ask(socket) {
      const place = late.get(socket);
      if (place) place.hasAsked = true;
      return place !== undefined;
    },
  };
}

/** Connections, in all and of each address. */
function createCount() {
  let all = 0;
  /** @type {Map<string, number>} */
  const counts = new Map();
  const of = (/** @type {string} */ group) => counts.get(group) ?? 0;
  return {
    all: () => all,
    of,
    add(/** @type {string} */ group) {
      all += 1;
      counts.set(group, of(group) + 1);
    },
    remove(/** @type {string} */ group) {
      all -= 1;
      if (of(group) > 1) counts.set(group, of(group) - 1);
      else counts.delete(group);
    },
  };
}
