// The version that the code tells is the package's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { version } from '../../../web/client/shared/version.js';

test('version', () => {
  const { version: packaged } = JSON.parse(
    readFileSync(new URL('../../../web/client/package.json', import.meta.url), 'utf8'),
  );
  assert.equal(version, packaged);
});
