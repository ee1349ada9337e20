import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkLayers, importViolations } from '../../scripts/check-layers.mjs';
import { includeViolations } from '../../scripts/lib/cpp-layers.mjs';
import { makeFolder } from './folder.mjs';

const INCLUDES = [
  ['wasm/base/result.hpp', '#include <optional>\n#include "base/error.hpp"', 0],
  ['wasm/base/result.hpp', '#include "text/form.hpp"', 1],
  ['wasm/base/result.hpp', '#include "image/meta/exif.hpp"', 1],
  ['wasm/base/result.cpp', '#include <zlib.h>', 1],
  ['wasm/image/open/open_image.hpp', '#include "image/pixel/row_source.hpp"', 0],
  ['wasm/image/meta/exif.cpp', '#include "image/scale/orient.hpp"', 1],
  ['wasm/image/meta/exif.cpp', '#include "image/pixel/color.hpp"', 1],
  ['wasm/image/open/open_image.hpp', '#include "image/png/open.hpp"', 1],
  ['wasm/image/png/open.hpp', '#include "image/open/open_image.hpp"', 0],
  ['wasm/image/pixel/row_source.hpp', '#include "image/meta/image_info.hpp"', 1],
  [
    'wasm/image/png/deflate.cpp',
    '#include <zlib.h>\n#include "base/bytes.hpp"\n#include "image/png/rows.hpp"',
    0,
  ],
  ['wasm/image/png/deflate.hpp', '#include <zlib.h>', 1],
  ['wasm/image/png/source.cpp', '#include "image/meta/exif.hpp"\n#include "image/pixel/color.hpp"', 0],
  ['wasm/image/png/source.cpp', '#include "image/jpeg/source.hpp"', 1],
  ['wasm/image/png/source.cpp', '#include "image/jpeg/common/zigzag.hpp"', 1],
  ['wasm/image/bmp/source.cpp', '#include "image/png/source.hpp"', 1],
  ['wasm/image/bmp/source.cpp', '#include "image/registry/codec.hpp"', 1],
  ['wasm/image/tiff/jpeg_piece.cpp', '#include "image/jpeg/source.hpp"', 1],
  ['wasm/image/tiff/reader.cpp', '#include "image/scale/orient.hpp"', 1],
  ['wasm/image/scale/resample.cpp', '#include "image/prepare.hpp"', 1],
  ['wasm/image/jpeg/decode/header.cpp', '#include "image/jpeg/common/zigzag.hpp"', 0],
  ['wasm/image/jpeg/decode/header.cpp', '#include "image/jpeg/encode/scan.hpp"', 1],
  ['wasm/image/jpeg/encode/encoder.cpp', '#include "image/jpeg/decode/header.hpp"', 1],
  ['wasm/image/jpeg/encode/encoder.cpp', '#include "image/scale/resample.hpp"', 1],
  ['wasm/image/jpeg/common/zigzag.hpp', '#include "image/jpeg/decode/block.hpp"', 1],
  [
    'wasm/image/jpeg/rewrite/turn.cpp',
    '#include "image/jpeg/decode/block.hpp"\n#include "image/jpeg/encode/scan.hpp"',
    0,
  ],
  ['wasm/image/jpeg/library/codec.cpp', '#include <jpeglib.h>\n#include <jerror.h>', 0],
  ['wasm/image/jpeg/source.cpp', '#include <jpeglib.h>', 1],
  ['wasm/image/jpeg/open.cpp', '#include "image/jpeg/library/open.hpp"', 1],
  ['wasm/image/jpeg/decode/planes.cpp', '#include <jpegint.h>', 1],
  ['wasm/image/jpeg/library/codec.hpp', '#include <jpeglib.h>', 1],
  ['wasm/image/tiff/reader.cpp', '#include <tiffio.h>', 0],
  ['wasm/image/webp/source.cpp', '#include <tiffio.h>', 1],
  ['wasm/image/jp2/tile.cpp', '#include <openjpeg.h>', 0],
  ['wasm/image/webp/source.cpp', '#include <webp/decode.h>', 0],
  ['wasm/image/prepare.cpp', '#include <webp/decode.h>', 1],
  ['wasm/image/fit.cpp', '#include "image/scale/resample.hpp"\n#include "image/jpeg/encode/encoder.hpp"', 0],
  ['wasm/image/prepare.cpp', '#include "image/bmp/open.hpp"', 1],
  [
    'wasm/image/registry/all_codecs.cpp',
    '#include "image/png/source.hpp"\n#include "image/jpeg/decode/header.hpp"',
    0,
  ],
  ['wasm/image/registry/codec.hpp', '#include "image/prepare.hpp"', 1],
  ['wasm/text/json.cpp', '#  include <nlohmann/json.hpp>', 0],
  ['wasm/text/json.hpp', '#  include <nlohmann/json.hpp>', 1],
  ['wasm/text/xml.cpp', '#include <nlohmann/json.hpp>\n#include <pugixml.hpp>', 1],
  ['wasm/text/xml.cpp', '#include "api/response.hpp"', 1],
  ['wasm/base/simd.hpp', '#include <wasm_simd128.h>', 0],
  ['wasm/base/simd.hpp', '#include <simde/wasm/simd128.h>', 0],
  ['wasm/image/png/inflate.cpp', '#include <emmintrin.h>', 1],
  ['wasm/text/sextets.hpp', '#include <wasm_simd128.h>', 1],
  ['wasm/base/simd.hpp', '#include <emscripten.h>', 1],
  ['wasm/image/pixel/color.cpp', '#include <sys/mman.h>', 1],
  ['wasm/image/png/source.cpp', '#include "video/probe.hpp"', 1],
  ['wasm/video/probe.cpp', '#include "sniff/video_container.hpp"', 0],
  ['wasm/video/probe.cpp', '#include "text/base64.hpp"', 1],
  ['wasm/sniff/image_format.cpp', '#include "image/meta/image_info.hpp"', 1],
  ['wasm/vision/light.cpp', '#include "image/pixel/planar_image.hpp"', 0],
  ['wasm/vision/light.cpp', '#include "image/scale/resample.hpp"', 1],
  ['wasm/api/request.cpp', '#include "sniff/image_format.hpp"\n#include "text/form.hpp"', 0],
  ['wasm/api/request.cpp', '#include "image/prepare.hpp"', 1],
  ['wasm/api/request.cpp', '#include "bindings/calls.hpp"', 1],
  ['wasm/api/request.cpp', '#include <emscripten/fetch.h>', 1],
  [
    'wasm/bindings/core.cpp',
    '#include <emscripten/bind.h>\n#include "api/request.hpp"\n#include "image/heif/header.hpp"',
    0,
  ],
  ['wasm/bindings/heap.hpp', '#include <emscripten/val.h>', 0],
  ['wasm/image/png/source.cpp', '#include "rows.hpp"', 1],
  ['wasm/image/png/source.cpp', '#include "../pixel/color.hpp"', 1],
  ['wasm/image/png/write/new.cpp', '', 1],
  ['wasm/other/new.cpp', '', 1],
  ['wasm/new.cpp', '', 1],
];
for (const [path, text, count] of INCLUDES) {
  test(`${path}: ${JSON.stringify(text)} has ${count}`, () =>
    assert.equal(includeViolations(path, text).length, count));
}

const IMPORTS = [
  ['web/client/index.js', "import { a } from './client.js';\nimport core from './dist/core.mjs';", 0],
  ['web/client/index.js', "import { a } from '../proxy/routes.js';", 1],
  ['web/client/index.js', "export { a } from '../sandbox/index.js';", 1],
  ['web/client/index.js', "import '../demo/demo.js';", 1],
  ['web/client/index.js', "const a = await import('../sandbox/index.js');", 1],
  ['web/client/index.js', "import { readFile } from 'node:fs/promises';", 1],
  ['web/client/index.js', "import { Hono } from 'hono';", 1],
  ['web/client/index.js', "import { open } from './node/xhr.js';", 1],
  [
    'web/client/node.js',
    "import { readFile } from 'node:fs/promises';\nimport { open } from './node/xhr.js';",
    0,
  ],
  ['web/client/node/xhr.js', "import http from 'node:http';", 0],
  ['web/client/node/xhr.js', "import { Hono } from 'hono';", 1],
  ['web/client/worker/entry.js', "import {\n  a,\n  b,\n} from '../../proxy/routes.js';", 1],
  [
    'web/client/index.js',
    "/** @type {import('../proxy/routes.js').Route} */\n// import '../demo/demo.js'",
    0,
  ],
  [
    'web/proxy/handler.js',
    "import { Hono } from 'hono';\nimport { stream } from 'hono/streaming';\nimport http from 'node:http';",
    0,
  ],
  ['web/proxy/handler.js', "import { a } from '../sandbox/index.js';", 1],
  ['web/proxy/handler.js', "import express from 'express';", 1],
  ['web/sandbox/index.js', "import { a } from '../proxy/routes.js';", 1],
  [
    'web/demo/page/demo.js',
    "import { createClient } from '../../client/index.js';\nimport { a } from './dom.js';",
    0,
  ],
  ['web/demo/page/demo.js', "import { a } from '../../client/dist/core.mjs';", 1],
  ['web/other/new.js', '', 1],
];
for (const [path, text, count] of IMPORTS) {
  test(`${path}: ${JSON.stringify(text)} has ${count}`, () =>
    assert.equal(importViolations(path, text).length, count));
}

test('a whole tree, and the program over it', async (t) => {
  const top = await makeFolder(t, {
    'wasm/base/result.hpp': '#include <optional>\n',
    'wasm/image/png/rows.cpp': '#include "text/form.hpp"\n',
    'web/client/index.js': "import '../proxy/a.js';\n",
    'web/client/notes.md': "import '../proxy/a.js';\n",
  });
  const { files, violations } = await checkLayers(top);
  assert.equal(files, 3);
  assert.deepEqual(violations, [
    'wasm/image/png/rows.cpp: image/png may not include "text/form.hpp"',
    'web/client/index.js: web/client may not import web/proxy/a.js',
  ]);
  const program = fileURLToPath(new URL('../../scripts/check-layers.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [program, top], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /image\/png may not include/);
});
