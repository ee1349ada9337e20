import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkLayers, importViolations, includeViolations } from '../../scripts/check-layers.mjs';
import { makeFolder } from './folder.mjs';

const INCLUDES = [
  ['wasm/base/result.hpp', '#include <optional>\n#include "base/error.hpp"', 0],
  ['wasm/base/result.hpp', '#include "text/form.hpp"', 1],
  ['wasm/base/result.cpp', '#include <zlib.h>', 1],
  ['wasm/image/png.cpp', '#include <png.h>\n#include "base/bytes.hpp"\n#include "image/png.hpp"', 0],
  ['wasm/image/png.hpp', '#include <png.h>', 1],
  ['wasm/text/json.hpp', '#  include <nlohmann/json.hpp>', 1],
  ['wasm/image/png.cpp', '#include "video/probe.hpp"', 1],
  ['wasm/video/probe.cpp', '#include "text/base64.hpp"', 1],
  ['wasm/text/xml.cpp', '#include "api/response.hpp"', 1],
  [
    'wasm/api/request.cpp',
    '#include "image/prepare.hpp"\n#include "text/form.hpp"\n#include "video/probe.hpp"',
    0,
  ],
  ['wasm/api/request.cpp', '#include "bindings/calls.hpp"', 1],
  ['wasm/api/request.cpp', '#include <emscripten/fetch.h>', 1],
  ['wasm/image/simd.hpp', '#include <emscripten.h>', 1],
  ['wasm/bindings/core.cpp', '#include <emscripten/bind.h>\n#include "api/request.hpp"', 0],
  ['wasm/image/png.cpp', '#include "png.hpp"', 1],
  ['wasm/image/png.cpp', '#include "../base/bytes.hpp"', 1],
  ['wasm/other/new.cpp', '', 1],
];
for (const [path, text, count] of INCLUDES) {
  test(`${path}: ${JSON.stringify(text)} has ${count}`, () =>
    assert.equal(includeViolations(path, text).length, count));
}

const IMPORTS = [
  ['web/src/index.js', "import { a } from './client.js';\nimport core from '../../dist/core.mjs';", 0],
  ['web/src/index.js', "import { a } from '../proxy/routes.js';", 1],
  ['web/src/index.js', "export { a } from '../sandbox/index.js';", 1],
  ['web/src/index.js', "import '../demo/demo.js';", 1],
  ['web/src/index.js', "const a = await import('../sandbox/index.js');", 1],
  ['web/src/index.js', "import { readFile } from 'node:fs/promises';", 1],
  ['web/src/index.js', "import { Hono } from 'hono';", 1],
  ['web/src/index.js', "import { open } from './node/xhr.js';", 1],
  [
    'web/src/node.js',
    "import { readFile } from 'node:fs/promises';\nimport { open } from './node/xhr.js';",
    0,
  ],
  ['web/src/node/xhr.js', "import http from 'node:http';", 0],
  ['web/src/node/xhr.js', "import { Hono } from 'hono';", 1],
  ['web/src/worker/entry.js', "import {\n  a,\n  b,\n} from '../../proxy/routes.js';", 1],
  ['web/src/index.js', "/** @type {import('../proxy/routes.js').Route} */\n// import '../demo/demo.js'", 0],
  [
    'web/proxy/handler.js',
    "import { Hono } from 'hono';\nimport { stream } from 'hono/streaming';\nimport http from 'node:http';",
    0,
  ],
  ['web/proxy/handler.js', "import { a } from '../sandbox/index.js';", 1],
  ['web/proxy/handler.js', "import express from 'express';", 1],
  ['web/sandbox/index.js', "import { a } from '../proxy/routes.js';", 1],
  ['web/demo/demo.js', "import { createClient } from '../src/index.js';\nimport { a } from './dom.js';", 0],
  ['web/demo/demo.js', "import { a } from '../../dist/core.mjs';", 1],
  ['web/other/new.js', '', 1],
];
for (const [path, text, count] of IMPORTS) {
  test(`${path}: ${JSON.stringify(text)} has ${count}`, () =>
    assert.equal(importViolations(path, text).length, count));
}

test('a whole tree, and the program over it', async (t) => {
  const top = await makeFolder(t, {
    'wasm/base/result.hpp': '#include <optional>\n',
    'wasm/image/deep/png.cpp': '#include "text/form.hpp"\n',
    'web/src/index.js': "import '../proxy/a.js';\n",
    'web/src/notes.md': "import '../proxy/a.js';\n",
  });
  const { files, violations } = await checkLayers(top);
  assert.equal(files, 3);
  assert.deepEqual(violations, [
    'wasm/image/deep/png.cpp: image may not include "text/form.hpp"',
    'web/src/index.js: web/src may not import web/proxy/a.js',
  ]);
  const program = fileURLToPath(new URL('../../scripts/check-layers.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [program, top], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /image may not include/);
});
