// Fuzz targets for the headers that hold callers' addresses: against node:net, and Forwarded against the elements that it was
// written from, whatever a caller wrote before them.
import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { addressGroup, MAX_ADDRESS_LENGTH } from '../../../web/http/address-group.js';
import { callerAddress } from '../../../web/proxy/access/addresses.js';

const PEER = '10.9.8.7';

const isV4 = (text) => {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
};

/** The first half of an IPv6 address, from its 16 bytes. */
function halfOf(text) {
  const hex = text.replace(/\d+\.\d+\.\d+\.\d+$/, 'a:b'); // those are in the other half
  const [left, right] = hex.split('::').map((part) => part.split(':').filter(Boolean));
  const all = right ? [...left, ...Array(8 - left.length - right.length).fill('0'), ...right] : left;
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** null when it is no address. */
function groupOf(text) {
  const mapped = text.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (isV4(mapped)) return mapped;
  const [bare, ...zone] = text.split('%');
  if (zone.length > 1 || !/^[\w.-]*$/.test(zone[0] ?? '') || !isIPv6(bare)) return null;
  return halfOf(bare);
}

/** The address in an entry, without brackets and port. */
function addressIn(text) {
  if (text.length > MAX_ADDRESS_LENGTH) return PEER;
  if (groupOf(text) !== null) return text;
  const [, bracketed, v4] = /^(?:\[(.*)\]|(.*?))(?::(?:\d{1,5}|_[\w.-]+))?$/s.exec(text) ?? [];
  if (bracketed !== undefined)
    return bracketed.includes(':') && groupOf(bracketed) !== null ? bracketed : PEER;
  return v4 !== undefined && isV4(v4) ? v4 : PEER;
}

const ADDRESSES = [
  ...[
    '192.0.2.1',
    '203.0.113.255',
    '2001:db8::1',
    '2001:DB8:1:2:3:4:5:6',
    '::',
    '::1',
    '1::',
    '::ffff:192.0.2.9',
  ],
  ...[
    '::FFFF:c000:0209',
    'fe80::1%eth0',
    'fe80::1%',
    '1:2:3:4:5:6:192.0.2.1',
    '0001:0:0::0:1',
    '64:ff9b::192.0.2.3',
  ],
];
const PORTS = ['', ':80', ':65535', ':123456', ':_port', ':', ':_'];
const ODD = [
  'unknown',
  '_hidden',
  '',
  '[',
  ']',
  '256.0.0.1',
  '1.2.3',
  '[192.0.2.1]:80',
  '1:2',
  ':::',
  '%',
  '"',
  '\\',
];
const PIECES = [...'0123456789abcdefg.:%[]_-" ', '::', '.0', '255', ':'.repeat(100), 'a'.repeat(99)];

const pick = (list, random) => list[random(list.length)];

function entry(random) {
  if (random(6) === 0) return pick(ODD, random);
  const address = pick(ADDRESSES, random);
  const isBracketed = address.includes(':') ? random(2) : random(8) === 0;
  const text = (isBracketed ? `[${address}]` : address) + pick(PORTS, random);
  if (random(3)) return text;
  const at = random(text.length + 1);
  return text.slice(0, at) + pick(PIECES, random) + text.slice(at + random(3));
}

const many = (random, max, one) => Array.from({ length: 1 + random(max) }, () => one(random));
const quote = (text) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** An element of Forwarded that a reverse proxy writes. */
function element(random) {
  const address = pick(ADDRESSES, random);
  const isV6 = address.includes(':');
  const node = pick(
    [isV6 ? `[${address}]${pick(['', ':80', ':_p'], random)}` : address, 'unknown', '_h'],
    random,
  );
  const others = [`proto=https`, `by=${quote('_x,y')}`, `host=${quote('a";for=b\\')}`, 'Secret="\\"\\\\"'];
  const pairs = others.filter(() => random(3) === 0);
  pairs.splice(random(pairs.length + 1), 0, `${pick(['for', 'For'], random)}=${isV6 ? quote(node) : node}`);
  return { node, text: pairs.join(pick([';', '; '], random)) };
}

const GARBAGE = [
  '"',
  '\\',
  '\\"',
  ',',
  ', ',
  'for=',
  'for="',
  '198.51.100.7',
  ';',
  ' ',
  'x',
  '=',
  'for="[::7]"',
];

/** @type {Record<string, import('./play.mjs').Target>} */
export const ADDRESS_TARGETS = {
  addresses: {
    make: (random) => many(random, 4, entry).join(pick([',', ', ', ' , '], random)),
    check(text) {
      let accepted = false;
      for (let hops = 1; hops <= 5; hops += 1) {
        const last = text.split(',').slice(-hops);
        const expected = last.length < hops ? PEER : addressIn(last[0].trim());
        const read = callerAddress(/** @type {any} */ ({ get: () => text }), PEER, hops);
        assert.equal(read, expected, `${hops} hops`);
        assert.equal(addressGroup(read), groupOf(read), read);
        accepted ||= read !== PEER;
      }
      return accepted;
    },
  },
  forwarded: {
    make: (random) => {
      const garbage = random(2) ? many(random, 8, () => pick(GARBAGE, random)).join('') : null;
      return JSON.stringify({ garbage, elements: many(random, 4, element) });
    },
    check(input) {
      const { garbage, elements } = JSON.parse(input);
      const written = elements.map(({ text }) => text);
      const header = [...(garbage === null ? [] : [garbage]), ...written].join(', ');
      let accepted = false;
      for (const [i, { node }] of elements.entries()) {
        const hops = elements.length - i;
        const read = callerAddress(/** @type {any} */ ({ get: () => header }), PEER, hops, 'forwarded');
        assert.equal(read, addressIn(node), `${hops} hops`);
        accepted ||= read !== PEER;
      }
      return accepted;
    },
  },
};
