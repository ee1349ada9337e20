// The contract vectors in the repository are what their second opinions say today.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

for (const name of ['make.mjs', 'make-video.mjs']) {
  test(`tests/contract/${name} would write the same files again`, () => {
    const path = fileURLToPath(new URL(`../contract/${name}`, import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [path, '--check'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
}
