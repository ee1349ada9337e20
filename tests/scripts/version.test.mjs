import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAtLeast, parseVersion } from '../../scripts/lib/version.mjs';
import { checkNode } from '../../scripts/setup.mjs';

const PRINTED = [
  ['emcc (Emscripten gcc/clang-like replacement + linker emulating GNU ld) 3.1.69 (Debian)', [3, 1, 69]],
  ['emcc (Emscripten gcc/clang-like replacement) 4.0.10-git', [4, 0, 10]],
  ['Debian clang version 19.1.7 (3~deb12u1)\nTarget: x86_64-pc-linux-gnu', [19, 1, 7]],
  ['v20.20.2', [20, 20, 2]],
  ['', null],
  ['version 5', null],
];
for (const [text, version] of PRINTED) {
  test(`the version in ${JSON.stringify(text)}`, () => assert.deepEqual(parseVersion(text), version));
}

const COMPARED = [
  [[3, 1, 69], [3, 1, 69], true],
  [[3, 1, 6], [3, 1, 69], false],
  [[3, 2], [3, 1, 69], true],
  [[3, 1], [3, 1, 69], false],
  [[4], [3, 1, 69], true],
  [[3, 1, 69], [3, 1], true],
];
for (const [version, least, expected] of COMPARED) {
  test(`${version.join('.')} >= ${least.join('.')} is ${expected}`, () =>
    assert.equal(isAtLeast(version, least), expected));
}

test('an old Node is refused with advice', () => {
  assert.throws(
    () => checkNode('v18.19.0'),
    (error) => /v18\.19\.0 is too old/.test(error.message) && /Node 20/.test(error.advice),
  );
  checkNode('v20.0.0');
  checkNode('v24.1.0');
});
