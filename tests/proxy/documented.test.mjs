// Both READMEs name every variable of the command, and none that it does not have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileVariable, SECRETS } from '../../web/proxy/environment/variable-names.js';
import { VARIABLES } from '../../web/proxy/environment.js';

/** The words of a text that look like names of variables. */
const namesIn = (text) => new Set(text.match(/(?<![\w*])(?:NETOCR_\w+|REDIS_URL|PORT|HOST)(?![\w*])/g));

/** A backend that verifies receipts has it: the snippet of the READMEs. */
const OF_OTHERS = ['NETOCR_RECEIPT_PUBLIC_KEY'];

for (const name of ['README.md', 'README.zh-CN.md']) {
  const names = namesIn(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));

  test(`${name} names every variable`, () => {
    const missing = Object.keys(VARIABLES).filter((variable) => !names.has(variable));
    assert.deepEqual(missing, []);
  });

  test(`${name} names no variable that there is not`, () => {
    const known = new Set([...Object.keys(VARIABLES), ...SECRETS.map(fileVariable), ...OF_OTHERS]);
    assert.deepEqual(
      [...names].filter((variable) => !known.has(variable)),
      [],
    );
  });
}
