// The READMEs' table of formats is the list that the tests run.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { READMES, withTable } from './table.mjs';

for (const { file, lang } of READMES) {
  test(`${file.pathname.split('/').at(-1)} tells what the tests show: node tests/formats/table.mjs writes it`, async () => {
    const text = await readFile(file, 'utf8');
    assert.equal(withTable(text, lang), text);
  });
}
