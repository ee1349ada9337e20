// Writes the table of formats into docs/formats.md in both languages, from the list that the tests run: `node tests/formats/table.mjs`.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { VARIANTS } from './variants.mjs';

const TITLES = {
  jpeg: 'JPEG',
  png: 'PNG',
  bmp: 'BMP',
  tiff: 'TIFF',
  jp2: 'JPEG 2000',
  j2k: 'JPEG 2000',
  wsq: 'WSQ',
  webp: 'WebP',
};
const FILES = { 'docs/formats.md': 'en', 'docs/zh-CN/formats.md': 'zh' };
const WORDS = {
  en: {
    head: ['Format', 'Decoded', 'Refused, by code'],
    comma: ', ',
    semicolon: '; ',
    warned: (/** @type {string} */ w) => ` (warning \`${w}\`)`,
    none: '',
  },
  zh: {
    head: ['格式', '可解码', '拒绝，附错误码'],
    comma: '、',
    semicolon: '；',
    warned: (/** @type {string} */ w) => `（警告 \`${w}\`）`,
    none: '',
  },
};

/** @param {'en' | 'zh'} lang @returns {string} the table, without a last line break */
export function formatTable(lang) {
  const words = WORDS[lang];
  /** @type {Map<string, {decoded: string[], refused: Map<string, string[]>}>} */
  const rows = new Map();
  for (const variant of VARIANTS) {
    const title = TITLES[/** @type {keyof typeof TITLES} */ (variant.format)];
    const row = rows.get(title) ?? { decoded: [], refused: new Map() };
    rows.set(title, row);
    const name = lang === 'en' ? variant.name : variant.zh;
    if (variant.code) row.refused.set(variant.code, [...(row.refused.get(variant.code) ?? []), name]);
    else row.decoded.push(name + (variant.warnings ?? []).map(words.warned).join(''));
  }
  const lines = [...rows].map(([title, { decoded, refused }]) => {
    const codes = [...refused].map(([code, names]) => `\`${code}\`: ${names.join(words.comma)}`);
    return [title, decoded.join(words.semicolon), codes.join(words.semicolon)];
  });
  return [words.head, words.head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** @param {string} text of the page @param {'en' | 'zh'} lang @returns {string} with the table between its marks */
export function withTable(text, lang) {
  const marks =
    /(<!-- formats: written by tests\/formats\/table\.mjs -->\n\n)[\s\S]*?(\n\n<!-- \/formats -->)/;
  if (!marks.test(text)) throw new Error('the page has no marks for the table of formats');
  return text.replace(marks, (_, begin, end) => begin + formatTable(lang) + end);
}

export const PAGES = Object.entries(FILES).map(([name, lang]) => ({
  file: new URL(`../../${name}`, import.meta.url),
  lang: /** @type {'en' | 'zh'} */ (lang),
}));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, lang } of PAGES) await writeFile(file, withTable(await readFile(file, 'utf8'), lang));
}
