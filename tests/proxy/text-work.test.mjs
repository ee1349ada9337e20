// What is read of a header's or a reply's text costs work that grows with its length and not with its square: counted in
// characters looked at. What a regular expression does with a text cannot be counted, so the texts that reach one are short.
import assert from 'node:assert/strict';
import test from 'node:test';
import { addressGroup, MAX_ADDRESS_LENGTH } from '../../web/http/address-group.js';
import { callerAddress } from '../../web/proxy/access/addresses.js';
import { MAX_ELEMENT_LENGTH } from '../../web/proxy/access/forwarded.js';
import { createEchoCheck } from '../../web/proxy/upstream/echo.js';
import { unescaped } from '../../web/proxy/upstream/unescape.js';

const SIZES = [6_000, 12_000, 24_000];
const fill = (unit, length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** A text that counts the characters that are looked at one by one, and those that a method has or gives. */
function counted(text, count) {
  const whole = new Set(['split', 'trim', 'indexOf', 'lastIndexOf']);
  return new Proxy(Object(text), {
    get(_target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) count.steps += 1;
      const value = text[name];
      if (typeof value !== 'function') return value;
      return (...args) => {
        const result = value.apply(text, args);
        count.steps += whole.has(name) ? text.length : String(result).length;
        return result;
      };
    },
  });
}

/** Calls `work` and tells how long the longest text was that a regular expression got. */
function longestTested(work) {
  const { exec } = RegExp.prototype;
  let longest = 0;
  RegExp.prototype.exec = function (text) {
    longest = Math.max(longest, String(text).length);
    return exec.call(this, text);
  };
  try {
    work();
  } finally {
    RegExp.prototype.exec = exec;
  }
  return longest;
}

/** Calls `work` and tells how many bytes of arrays that it makes by length it reads or writes. */
function bytesTouched(work) {
  const { Uint8Array: Real } = globalThis;
  let steps = 0;
  const array = {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) steps += 1;
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set(target, name, value) {
      steps += 1;
      target[name] = value;
      return true;
    },
  };
  globalThis.Uint8Array = new Proxy(Real, {
    construct: (_target, args) =>
      typeof args[0] === 'number' ? new Proxy(new Real(...args), array) : new Real(...args),
  });
  try {
    work();
  } finally {
    globalThis.Uint8Array = Real;
  }
  return steps;
}

/** @param {(length: number) => number} work */
function assertLinear(work, perCharacter, what) {
  const [small, middle, large] = SIZES.map(work);
  assert.ok(small > 0, what);
  assert.ok(large <= perCharacter * SIZES[2], `${what}: ${large} steps`);
  assert.ok(middle <= 2.2 * small && large <= 2.2 * middle, `${what}: ${small}, ${middle}, ${large}`);
}

const ENTRIES = {
  'colons after a bracket': (n) => `[${fill(':', n)}`,
  'groups after a bracket': (n) => `[${fill('a:', n)}`,
  'a bracket that is closed': (n) => `[${fill(':', n)}]`,
  digits: (n) => fill('1', n),
  'digits and dots': (n) => fill('1.', n),
  'a port without end': (n) => `192.0.2.1:_${fill('a', n)}!`,
  zones: (n) => `fe80::1${fill('%a', n)}`,
  brackets: (n) => fill('[', n),
  spaces: (n) => `${fill(' ', n)}x`,
  commas: (n) => fill(',', n),
  'entries of colons': (n) => fill('[::::::::,', n),
};
const ELEMENTS = {
  ...ENTRIES,
  quotes: (n) => fill('"', n),
  backslashes: (n) => fill('\\', n),
  'backslashes and a quote': (n) => `${fill('\\', n)}"`,
  'quotes behind backslashes': (n) => fill('\\\\\\"', n),
  'an open quote': (n) => `for="${fill('a', n)}`,
  'an open quote of backslashes': (n) => `for="${fill('\\', n)}`,
  'many parameters': (n) => fill('a=b;', n),
  'the same parameter': (n) => fill('for=192.0.2.1;', n),
  'a name without end': (n) => fill('a', n),
  'spaces before an equals sign': (n) => `for${fill(' ', n)}=x`,
  'spaces behind a value': (n) => `for=x${fill(' ', n)}!`,
  'an address of colons': (n) => `for="[${fill(':', n)}"`,
};

const HEADERS = {
  'x-forwarded-for': ENTRIES,
  'cf-connecting-ip': ENTRIES,
  forwarded: ELEMENTS,
};

for (const [name, texts] of Object.entries(HEADERS)) {
  test(`${name}: twice the length is at most twice the work, and only short texts reach a regular expression`, () => {
    const limit = name === 'forwarded' ? MAX_ELEMENT_LENGTH : MAX_ADDRESS_LENGTH;
    for (const [what, make] of Object.entries(texts)) {
      for (const hops of [1, 3, 10]) {
        const work = (length) => {
          const count = { steps: 0 };
          const headers = { get: () => counted(make(length), count) };
          const longest = longestTested(() => callerAddress(headers, 'peer', hops, name));
          assert.ok(longest <= limit, `${what}: ${longest} characters`);
          return count.steps + SIZES[0]; // the least of what is looked at may be any
        };
        assertLinear(work, 6, `${name}, ${what}, ${hops}`);
      }
    }
  });
}

test('the longest that can be an address is read, and one character more is none', () => {
  const zone = `fe80:1111:2222:3333:4444:5555:255.255.255.255%${'z'.repeat(40)}`;
  const port = `:_${'p'.repeat(MAX_ADDRESS_LENGTH - zone.length - 4)}`;
  const entry = `[${zone}]${port}`;
  assert.equal(entry.length, MAX_ADDRESS_LENGTH);
  const read = (text, name = 'x-forwarded-for') =>
    callerAddress(new Headers({ [name]: text }), 'peer', 1, name);
  assert.equal(read(entry), zone);
  assert.equal(read(`${entry}p`), 'peer');
  assert.equal(addressGroup(`${zone}${'z'.repeat(MAX_ADDRESS_LENGTH - zone.length)}`), 'fe80:1111:2222:3333');
  assert.equal(addressGroup(`${zone}${'z'.repeat(MAX_ADDRESS_LENGTH - zone.length + 1)}`), null);
  const element = `for=192.0.2.1;host=`.padEnd(MAX_ELEMENT_LENGTH, 'h');
  assert.equal(read(element, 'forwarded'), '192.0.2.1');
  assert.equal(read(`${element}h`, 'forwarded'), 'peer');
});

const ESCAPES = {
  'percent signs': (n) => fill('%', n),
  triplets: (n) => fill('%41', n),
  'triplets in triplets': (n) => `%${fill('25', n)}41`,
  'triplets in triplets, apart': (n) => fill('%252525252541', n),
  backslashes: (n) => fill('\\', n),
  'escapes of JavaScript': (n) => fill('\\x41', n),
  'escapes of JSON': (n) => fill('\\u0041', n),
  'halves of escapes': (n) => fill('\\u004', n),
  'escaped backslashes': (n) => fill('\\u005c', n),
  'an escape that grows': (n) => `\\${fill('u005c', n)}`,
  semicolons: (n) => fill(';', n),
  ampersands: (n) => fill('&', n),
  'entities in entities': (n) => `&${fill('amp;', n)}`,
  'numbers without end': (n) => `&#${fill('0', n)};`,
  'numbers of characters': (n) => fill('&#65;', n),
  'entities that name nothing': (n) => fill('&nothing;', n),
  'entities a little too long': (n) => fill('&#0000000000065;', n),
  'ends of entities': (n) => `&${fill('0;', n)}`,
  'plain text': (n) => fill('{"a":1}', n),
};

test('twice the escapes are at most twice the work', () => {
  const isEcho = createEchoCheck(
    { key: '%41%42%43%44\\"12345678', secret: 'secret-of-the-account' },
    () => {},
  );
  for (const [what, make] of Object.entries(ESCAPES)) {
    const bytesOf = (length) => Buffer.from(make(length), 'latin1');
    assertLinear((length) => bytesTouched(() => unescaped(bytesOf(length))), 40, what);
    const inReply = (length) => {
      const reply = bytesOf(length);
      const steps = bytesTouched(() => assert.equal(isEcho(reply), false));
      return steps + SIZES[0]; // nothing is undone where no escape can be
    };
    assertLinear(inReply, 40, `${what}, in a reply`);
  }
});
