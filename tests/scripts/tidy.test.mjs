// What clang-tidy is run with, and when a remembered result still holds.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  emscriptenFlags,
  findingsIn,
  flagsOf,
  includedBy,
  keyOf,
  unitsOf,
} from '../../scripts/lib/tidy-units.mjs';
import { makeFolder } from './folder.mjs';

const SOURCES = {
  'wasm/base/error.hpp': '#include <cstdint>\n',
  'wasm/base/result.hpp': '#pragma once\n#include "base/error.hpp"\n',
  'wasm/base/loop.hpp': '#include "base/loop.hpp"\n#include "base/result.hpp"\n',
  'wasm/text/near.hpp': '',
  'wasm/text/json.cpp': '#include "near.hpp"\n#  include "base/loop.hpp"\n#include <nlohmann/json.hpp>\n',
  'wasm/text/form.cpp': '#include "text/absent.hpp"\n',
};

test('a source is read with all headers of the repository that it includes', async (t) => {
  const root = await makeFolder(t, SOURCES);
  assert.deepEqual(includedBy('wasm/text/json.cpp', root), [
    'wasm/base/error.hpp',
    'wasm/base/loop.hpp',
    'wasm/base/result.hpp',
    'wasm/text/json.cpp',
    'wasm/text/near.hpp',
  ]);
  assert.deepEqual(includedBy('wasm/text/form.cpp', root), ['wasm/text/form.cpp']);
});

const CHANGES = [
  ['the source', 'wasm/text/json.cpp'],
  ['a header', 'wasm/text/near.hpp'],
  ['a header of a header', 'wasm/base/error.hpp'],
];
for (const [what, file] of CHANGES) {
  test(`the key changes with ${what}`, async (t) => {
    const root = await makeFolder(t, SOURCES);
    const unit = { file: 'wasm/text/json.cpp', flags: ['-O1'] };
    const before = keyOf(unit, root, 'tidy 19');
    assert.equal(keyOf(unit, root, 'tidy 19'), before);
    await writeFile(join(root, file), `${SOURCES[file]}// changed\n`);
    assert.notEqual(keyOf(unit, root, 'tidy 19'), before);
  });
}

test('the key changes with flags and context, not with other files', async (t) => {
  const root = await makeFolder(t, SOURCES);
  const unit = { file: 'wasm/text/json.cpp', flags: ['-O1'] };
  const before = keyOf(unit, root, 'tidy 19');
  assert.notEqual(keyOf({ ...unit, flags: ['-O1', '-DX'] }, root, 'tidy 19'), before);
  assert.notEqual(keyOf(unit, root, 'tidy 20'), before);
  await writeFile(join(root, 'wasm/text/form.cpp'), 'int form;\n');
  assert.equal(keyOf(unit, root, 'tidy 19'), before);
});

test('the key is the same in another clone', async (t) => {
  const roots = [await makeFolder(t, SOURCES), await makeFolder(t, SOURCES)];
  const keys = roots.map((root) =>
    keyOf({ file: 'wasm/text/json.cpp', flags: [`-I${root}/wasm`] }, root, 'tidy 19'),
  );
  assert.equal(keys[0], keys[1]);
});

test('flags come without compiler, output, source and what only emcc knows', () => {
  assert.deepEqual(
    flagsOf(
      '/e/em++ -DA=1 -I/r/wasm -Wall -msimd128 -sSUPPORT_LONGJMP=wasm -std=c++20 -o a.o -c /r/wasm/a.cpp',
    ),
    ['-DA=1', '-I/r/wasm', '-Wall', '-msimd128', '-std=c++20'],
  );
});

test('each source is checked once, and what only Emscripten compiles is read as Emscripten reads it', () => {
  const native = [
    { directory: '/r', file: '/r/wasm/b.cpp', command: 'clang++ -DNATIVE -o b.o -c /r/wasm/b.cpp' },
    {
      directory: '/r',
      file: '/r/tests/cpp/b_test.cpp',
      command: 'clang++ -o t.o -c /r/tests/cpp/b_test.cpp',
    },
    { directory: '/r', file: '/cache/zlib/adler32.c', command: 'clang -o z.o -c /cache/zlib/adler32.c' },
  ];
  const wasm = [
    { directory: '/r', file: '/r/wasm/b.cpp', command: 'em++ -DWASM -o b.o -c /r/wasm/b.cpp' },
    { directory: '/r', file: '/r/wasm/a.cpp', command: 'em++ -DCORE -o core/a.o -c /r/wasm/a.cpp' },
    { directory: '/r', file: '/r/wasm/a.cpp', command: 'em++ -DCODECS -o codecs/a.o -c /r/wasm/a.cpp' },
  ];
  assert.deepEqual(unitsOf(native, wasm, ['-target', 'wasm32-unknown-emscripten'], '/r'), [
    { file: 'wasm/a.cpp', flags: ['-target', 'wasm32-unknown-emscripten', '-DCORE'] },
    { file: 'wasm/b.cpp', flags: ['-DNATIVE'] },
  ]);
});

test('of what emcc hands to its clang, the flags stay that say how sources are read', () => {
  const line =
    ' "/usr/bin/clang++-19" -target wasm32-unknown-emscripten -mllvm -new-flag --sysroot=/e/sysroot -DEMSCRIPTEN ' +
    '-Xclang -iwithsysroot/include/compat -v -c a.cpp -o a.o\n "/usr/lib/llvm-19/bin/clang" -cc1 -triple wasm32';
  assert.deepEqual(emscriptenFlags(line), [
    '-target',
    'wasm32-unknown-emscripten',
    '--sysroot=/e/sysroot',
    '-DEMSCRIPTEN',
    '-Xclang',
    '-iwithsysroot/include/compat',
  ]);
});

test('a finding in a header is told once', () => {
  const finding = '/r/wasm/a.hpp:3:1: error: bad [x]\n  3 | code\n/r/wasm/a.hpp:4:1: note: why\n';
  const seen = new Set();
  assert.deepEqual(findingsIn(finding, seen), [finding.trimEnd()]);
  assert.deepEqual(findingsIn(`${finding}/r/wasm/b.cpp:1:2: error: worse [y]\n`, seen), [
    '/r/wasm/b.cpp:1:2: error: worse [y]',
  ]);
});
