// The table in docs/formats.md is the list of formats that the tests run.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { PAGES, withTable } from './table.mjs';

for (const { file, lang } of PAGES) {
  test(`${file.pathname.split('/').slice(-2).join('/')} says what the tests show: node tests/formats/table.mjs writes it`, async () => {
    const text = await readFile(file, 'utf8');
    assert.equal(withTable(text, lang), text);
  });
}
