// The vector check against a regular expression, byte by byte, pair by pair and over generated texts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createKernel } from '../../../web/proxy/body/base64-kernel.js';

// Independent of the kernel's tables: what the form scanner documents.
const GOOD = /^(?:[A-Za-z0-9+/=]|%(?:2[BbFf]|3[0-9Dd]|[46][1-9A-Fa-f]|[57][0-9Aa]))*$/;
const latin1 = (text) => Buffer.from(text, 'latin1');

test('says the same as a regular expression', () => {
  const kernel = createKernel();
  const check = (text) => assert.equal(kernel(latin1(text)), GOOD.test(text), JSON.stringify(text));
  for (let a = 0; a < 256; a += 1) {
    const first = String.fromCharCode(a);
    for (let at = 0; at < 20; at += 1) check('A'.repeat(at) + first + 'A'.repeat(19 - at));
    for (let b = 0; b < 256; b += 1) check(`A%${first}${String.fromCharCode(b)}`);
  }
  const pieces = ['A', '/', '%2B', '%2f', '%3D', 'zz', '0', '%', '%%', '%2', '%7B', '%40', '&', ' ', '\0'];
  let state = 7;
  const next = (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
  let good = 0;
  for (let round = 0; round < 20_000; round += 1) {
    // Mostly good pieces, so that a bad one may be anywhere.
    const text = Array.from({ length: next(40) }, () => pieces[next(20) === 0 ? next(15) : next(7)]).join('');
    check(text);
    good += GOOD.test(text);
  }
  assert.ok(good > 2000 && good < 18_000, `${good} texts of 20000 are good`);
});

test('long texts are checked in rounds, whatever stands at their seams', () => {
  const kernel = createKernel();
  for (const triplet of ['%2B', '%41']) {
    for (let shift = 0; shift < 4; shift += 1) {
      const text = 'A'.repeat(shift) + triplet.repeat(60_000);
      assert.equal(kernel(latin1(text)), true);
      for (const at of [65_534, 65_535, 65_536, 65_537, 131_072, text.length - 1]) {
        assert.equal(kernel(latin1(`${text.slice(0, at)}&${text.slice(at + 1)}`)), false, `${triplet} ${at}`);
      }
    }
  }
});

test('without WebAssembly there is no kernel', (t) => {
  const { WebAssembly } = globalThis;
  t.after(() => {
    globalThis.WebAssembly = WebAssembly;
  });
  globalThis.WebAssembly = {
    Module: class {
      constructor() {
        throw new WebAssembly.CompileError('disallowed by embedder');
      }
    },
  };
  assert.equal(createKernel(), null);
});
