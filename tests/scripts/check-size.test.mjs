import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { checkSize, measure } from '../../scripts/check-size.mjs';
import { makeFolder } from './folder.mjs';

const tree = (wasm) => ({
  'web/client/dist/core.wasm': wasm,
  'web/client/dist/core.mjs': 'export default () => 1;\n'.repeat(1000),
  'web/client/dist/codecs.wasm': Buffer.alloc(3_000),
  'web/client/dist/codecs.mjs': 'export default () => 2;\n',
  'web/client/dist/index.js': 'export const c=3;',
  'web/client/dist/worker.js': 'export const d=4;',
  'web/client/index.js': 'export const a = 1;\n',
  'web/client/worker/entry.js': 'export const b = 2;\n',
  'web/client/shared/types.js': 'export {};\n'.repeat(5000),
  'web/client/node.js': randomBytes(5000).toString('hex'),
  'web/client/node/xhr.js': randomBytes(5000).toString('hex'),
});

test('what a browser loads is counted, raw and as brotli', async (t) => {
  const rows = await measure(await makeFolder(t, tree(Buffer.alloc(10_000))));
  assert.deepEqual(
    rows.map(({ name, budget, raw }) => [name, budget, raw]),
    [
      ['web/client/dist/core.wasm', 'core', 10_000],
      ['web/client/dist/core.mjs', 'core', 24_000],
      ['web/client/dist/codecs.wasm', 'codecs', 3_000],
      ['web/client/dist/codecs.mjs', 'codecs', 24],
      ['web/client (2 files)', 'scripts', 40],
      ['web/client/dist/index.js', 'bundles', 17],
      ['web/client/dist/worker.js', 'bundles', 17],
    ],
  );
  for (const { name, brotli } of rows) assert.ok(brotli > 0 && brotli < 150, `${name}: ${brotli}`);
});

test('over any limit it fails, at the limits it does not', async (t) => {
  const top = await makeFolder(t, tree(randomBytes(20_000)));
  const [wasm, glue, codecsWasm, codecsGlue, scripts, client, worker] = (await measure(top)).map(
    (row) => row.brotli,
  );
  assert.ok(wasm > 20_000);
  const limits = { core: wasm + glue, codecs: codecsWasm + codecsGlue, scripts, bundles: client + worker };
  assert.equal((await checkSize(top, limits)).isWithin, true);
  for (const budget of ['core', 'codecs', 'scripts', 'bundles']) {
    const { isWithin, lines } = await checkSize(top, { ...limits, [budget]: limits[budget] - 1 });
    assert.equal(isWithin, false);
    assert.deepEqual(
      lines.filter((line) => line.endsWith(': OVER')).map((line) => line.split(' ')[0]),
      [budget],
    );
  }
});

test('a product that was not built is an error, not a pass', async (t) => {
  await assert.rejects(checkSize(await makeFolder(t, { 'web/client/index.js': '' })), { code: 'ENOENT' });
});
