import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { checkSize, measure } from '../../scripts/check-size.mjs';
import { makeFolder } from './folder.mjs';

const tree = (wasm) => ({
  'dist/core.wasm': wasm,
  'dist/core.mjs': 'export default () => 1;\n'.repeat(1000),
  'web/src/index.js': 'export const a = 1;\n',
  'web/src/worker/entry.js': 'export const b = 2;\n',
  'web/src/types.js': 'export {};\n'.repeat(5000),
  'web/src/node.js': randomBytes(5000).toString('hex'),
  'web/src/node/xhr.js': randomBytes(5000).toString('hex'),
});

test('what a browser loads is counted, raw and as brotli', async (t) => {
  const { rows, total } = await measure(await makeFolder(t, tree(Buffer.alloc(10_000))));
  assert.deepEqual(
    rows.map(({ name, raw }) => [name, raw]),
    [
      ['dist/core.wasm', 10_000],
      ['dist/core.mjs', 24_000],
      ['web/src (2 files)', 40],
    ],
  );
  assert.equal(
    total,
    rows.reduce((sum, { brotli }) => sum + brotli, 0),
  );
  assert.ok(total < 300, `${total}`);
});

test('over the limit it fails, at the limit it does not', async (t) => {
  const noise = randomBytes(20_000);
  const top = await makeFolder(t, tree(noise));
  const { total } = await measure(top);
  assert.ok(total > 20_000);
  assert.equal((await checkSize(top, total)).isWithin, true);
  const { isWithin, lines } = await checkSize(top, total - 1);
  assert.equal(isWithin, false);
  assert.match(lines.at(-1), /^together .* KB brotli, limit /);
});

test('a product that was not built is an error, not a pass', async (t) => {
  await assert.rejects(checkSize(await makeFolder(t, { 'web/src/index.js': '' })), { code: 'ENOENT' });
});
