// The documentation names every variable of the command in both languages, and none that the command does not have.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fileVariable, SECRETS } from '../../web/proxy/environment/variable-names.js';
import { VARIABLES } from '../../web/proxy/environment.js';
import { readAllPages, readPage } from '../fixtures/pages.mjs';

/** The words of a text that look like names of variables. */
const namesIn = (text) => new Set(text.match(/(?<![\w*])(?:NETOCR_\w+|REDIS_URL|PORT|HOST)(?![\w*])/g));

/** A backend that verifies receipts has it: the snippet of the page about receipts. */
const OF_OTHERS = ['NETOCR_RECEIPT_PUBLIC_KEY'];

for (const [lang, page] of /** @type {const} */ ([
  ['en', 'docs/proxy/deploy.md'],
  ['zh', 'docs/zh-CN/proxy/deploy.md'],
])) {
  test(`${page} names every variable`, async () => {
    const names = namesIn(await readPage(page));
    const missing = Object.keys(VARIABLES).filter((variable) => !names.has(variable));
    assert.deepEqual(missing, []);
  });

  test(`the pages (${lang}) name no variable that does not exist`, async () => {
    const names = namesIn(await readAllPages(lang));
    const known = new Set([...Object.keys(VARIABLES), ...SECRETS.map(fileVariable), ...OF_OTHERS]);
    assert.deepEqual(
      [...names].filter((variable) => !known.has(variable)),
      [],
    );
  });
}
