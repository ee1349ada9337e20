// The documentation as text: links lead somewhere, both languages have the same structure and code, README stays short.
import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import {
  anchorOf,
  blocksOf,
  headingsOf,
  listPages,
  ROOT,
  readPage,
  withoutComments,
} from '../fixtures/pages.mjs';

const MAX_README_LINES = 160;
const OTHERS = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'wasm/README.md',
  'web/client/README.md',
  'web/proxy/README.md',
];
const pages = await listPages();

test('there are pages, each in both languages', async () => {
  assert.ok(pages.length >= 16);
  for (const { zh } of pages) await access(join(ROOT, zh));
});

describe('links', () => {
  for (const path of [...pages.flatMap(({ en, zh }) => [en, zh]), ...OTHERS]) {
    test(path, async () => {
      const text = (await readPage(path)).replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '`');
      for (const [, target] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
        const problem = await problemOf(path, target);
        assert.equal(problem, null, `${target}: ${problem}`);
      }
    });
  }
});

/**
 * @param {string} from path of the page with the link
 * @param {string} target
 * @returns {Promise<string | null>} what is wrong with the link
 */
async function problemOf(from, target) {
  const [file, anchor] = decodeURIComponent(target).split('#');
  const path = file === '' ? from : normalize(join(dirname(from), file));
  if (path.startsWith('..')) return 'leads out of the repository';
  const isThere = await access(join(ROOT, path)).then(
    () => true,
    () => false,
  );
  if (!isThere) return 'no such file';
  if (anchor === undefined) return null;
  const anchors = headingsOf(await readPage(path)).map(({ title }) => anchorOf(title));
  return anchors.includes(anchor) ? null : `no such heading among ${anchors.join(' ')}`;
}

describe('both languages', () => {
  for (const { en, zh } of pages) {
    test(`${zh} has the headings of ${en}`, async () => {
      const [english, chinese] = await Promise.all([en, zh].map(readPage));
      const levels = (/** @type {string} */ text) => headingsOf(text).map(({ level }) => level);
      assert.deepEqual(levels(chinese), levels(english));
    });

    test(`${zh} has the code of ${en}, apart from comments`, async () => {
      const [english, chinese] = await Promise.all([en, zh].map(readPage));
      const codeOf = (/** @type {string} */ text) =>
        blocksOf(text)
          .filter(({ language }) => language !== 'text')
          .map(({ name, language, code }) => ({ name, language, code: withoutComments(code) }));
      assert.deepEqual(codeOf(chinese), codeOf(english));
    });

    test(`${zh} has the names of the tables of ${en}`, async () => {
      const [english, chinese] = await Promise.all([en, zh].map(readPage));
      const namesOf = (/** @type {string} */ text) =>
        [...text.matchAll(/^\| (`[\w.]+`)/gm)].map(([, name]) => name);
      assert.deepEqual(namesOf(chinese), namesOf(english));
    });

    test(`${zh} links to the pages of ${en}`, async () => {
      const [english, chinese] = await Promise.all([en, zh].map(readPage));
      const targetsOf = (/** @type {string} */ text, /** @type {string} */ from) =>
        [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)]
          .map(([, target]) => normalize(join(dirname(from), target)).replace('docs/zh-CN/', 'docs/'))
          .map((target) => target.replace(/(README|benchmark)(\.zh-CN)?\./, '$1.'));
      assert.deepEqual(new Set(targetsOf(chinese, zh)), new Set(targetsOf(english, en)));
    });
  }
});

describe('comments in the code of Chinese pages', () => {
  for (const { zh } of pages.filter(({ zh }) => !zh.endsWith('architecture.md'))) {
    test(`${zh}: are Chinese`, async () => {
      for (const { code, language } of blocksOf(await readPage(zh))) {
        if (language !== 'js' && language !== 'html') continue;
        const comments = [...code.matchAll(/(?<=^|\s)\/\/ (.*)$|\/\*\* (.*?) \*\//gm)];
        for (const [comment, line, block] of comments) {
          const text = line ?? block;
          if (!/^[\w./-]+$/.test(text)) assert.match(text, /\p{Script=Han}/u, comment);
        }
      }
    });
  }
});

describe('the start of each page', () => {
  for (const path of pages.flatMap(({ en, zh }) => [en, zh])) {
    test(`${path}: a title, then one sentence on what it is for`, async () => {
      const [title, sentence] = (await readPage(path)).split('\n\n');
      assert.match(title, /^# \S[^\n]*$/);
      const isReadme = path.startsWith('README');
      if (!isReadme) assert.match(sentence, /^(For|面向)/);
      assert.equal([...sentence.matchAll(/[.。](?:\s|$)/g)].length, 1);
    });
  }

  for (const path of ['README.md', 'README.zh-CN.md']) {
    test(`${path} is one page: picture, code, commands, then parts`, async () => {
      const text = await readPage(path);
      assert.ok(text.split('\n').length <= MAX_README_LINES);
      const places = ['```text', '```js', '```sh'].map((mark) => text.indexOf(mark));
      assert.ok(places.every((place) => place > 0));
      assert.deepEqual(
        places.toSorted((a, b) => a - b),
        places,
      );
    });

    test(`${path} leads to every page`, async () => {
      const text = await readPage(path);
      const wanted = pages.slice(1).map(({ en, zh }) => (path === 'README.md' ? en : zh));
      for (const page of wanted) assert.ok(text.includes(`(${page})`), page);
    });
  }
});
