// Formats results as tables, for the terminal and, in two languages, for docs/benchmarks.md.
import { YARDSTICK } from './competitors.mjs';

/** What `npm run bench -- --json FILE` writes. The tables and the chart are made of nothing else. */
/** @typedef {{machine: {cores: number, node: string, browser: string}, budget: {maxBytes: number, maxEdge: number},
 *   rounds: number, made: boolean, photos: any[], competitors: any[], rows: any[], encoding: any[]}} Results */

const MiB = 1024 * 1024;
const fixed = (value, digits) => (value === null || value === undefined ? '–' : value.toFixed(digits));
const mebibytes = (bytes) => (bytes === null || bytes === undefined ? '–' : (bytes / MiB).toFixed(0));
const kilobytes = (bytes) => (bytes / 1024).toFixed(0);

/** @param {string[][]} rows the first one is the head @returns {string} columns with spaces between, numbers to the right */
function columns(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
  return rows.map((row) => `  ${line(row).join('  ')}`.trimEnd()).join('\n');
}

const HEAD = [
  '',
  'ratio',
  'median ms',
  'min ms',
  'first ms',
  'bytes',
  'MiB',
  'gap ms',
  'SSIM',
  'SSIMULACRA2',
];

/** @param {any} row @returns {string[]} */
const cells = (row) =>
  row.error
    ? [row.competitor, ...HEAD.slice(2).map(() => '–'), 'cannot']
    : [
        row.competitor,
        fixed(row.ratio, 2),
        fixed(row.medianMs, 0),
        fixed(row.minMs, 0),
        fixed(row.firstMs, 0),
        String(row.bytes),
        mebibytes(row.peakBytes),
        fixed(row.gapMs, 0),
        fixed(row.ssim, 4),
        fixed(row.ssimulacra2, 1),
      ];

/** @param {Results} results @returns {string} for the terminal */
export function textReport({ machine, photos, rows, encoding, rounds }) {
  const parts = [
    `${machine.cores} cores, ${machine.browser}, Node ${machine.node}; ${rounds} rounds; ratio: median time to that of ${YARDSTICK}`,
  ];
  for (const photo of photos) {
    const own = rows.filter((row) => row.photo === photo.name);
    parts.push(`\n${photo.name} (${(photo.bytes / MiB).toFixed(1)} MiB)`, columns([HEAD, ...own.map(cells)]));
    for (const { competitor, error } of own.filter((row) => row.error))
      parts.push(`  ${competitor}: ${error}`);
  }
  if (encoding.length > 0) {
    const head = ['base64 and form encoding', 'where', 'KiB', 'MB/s', 'ours is faster by'];
    const lines = encoding.map(({ name, where, size, megabytesPerSecond, ours }) => [
      name,
      where,
      kilobytes(size),
      megabytesPerSecond.toFixed(0),
      ours.toFixed(1),
    ]);
    parts.push(`\n${columns([head, ...lines])}`);
  }
  return parts.join('\n');
}

const WORDS = {
  en: {
    none: 'Not measured yet for this version: `npm run bench -- --docs` measures and writes the table and the chart.',
    figures: '../web/demo/figures',
    chart:
      'Time for each photo as a multiple of what the browser takes at its best; bars, shorter is better.',
    time: 'Time, as a multiple of the browser at its best',
    details: (photo) => `\`${photo}\` in detail`,
    detailHead: [
      '',
      'first call',
      'median',
      'file',
      'peak memory',
      'longest gap',
      'SSIM',
      'SSIMULACRA2',
      'download',
    ],
    encoding: 'Bytes to a field of a form (base64, percent-encoded): how many times as fast netocr-wasm is',
    where: { browser: 'Chromium', node: 'Node' },
    setting: ({ machine, budget, rounds, made }) =>
      `Measured by \`npm run bench -- --docs\` with ${machine.cores} cores, ${machine.browser} and Node ${machine.node}: median of ${rounds} rounds in which all take turns; at most ${kilobytes(budget.maxBytes)} KiB and ${budget.maxEdge} pixels${made ? '; the photos are made by the program' : ''}.`,
    cannot: 'cannot',
  },
  zh: {
    none: '此版本尚未测量：`npm run bench -- --docs` 会测量并写入表格和图。',
    figures: '../../web/demo/figures',
    chart: '处理每张照片的时间，以浏览器最佳做法的用时为单位；横条越短越好。',
    time: '用时（浏览器最佳做法为 1）',
    details: (photo) => `\`${photo}\` 的详细数据`,
    detailHead: ['', '首次调用', '中位数', '文件', '内存峰值', '最长停顿', 'SSIM', 'SSIMULACRA2', '下载量'],
    encoding: '字节转成表单字段（base64 加百分号编码）：netocr-wasm 快多少倍',
    where: { browser: 'Chromium', node: 'Node' },
    setting: ({ machine, budget, rounds, made }) =>
      `由 \`npm run bench -- --docs\` 测得：${machine.cores} 核，${machine.browser}，Node ${machine.node}；所有方案轮流运行 ${rounds} 轮，取中位数；不超过 ${kilobytes(budget.maxBytes)} KiB 和 ${budget.maxEdge} 像素${made ? '；照片由程序生成' : ''}。`,
    cannot: '不能',
  },
};

/** @param {string[]} head @param {string[][]} lines */
const markdown = (head, lines) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...lines]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

/** @param {Results} results @param {'en' | 'zh'} lang */
function timeTable({ photos, competitors, rows }, lang) {
  const lines = competitors.map(({ name, title }) => [
    title[lang],
    ...photos.map((photo) => {
      const row = rows.find((one) => one.competitor === name && one.photo === photo.name);
      return row.error ? WORDS[lang].cannot : fixed(row.ratio, 2);
    }),
  ]);
  return markdown(['', ...photos.map(({ name }) => `\`${name}\``)], lines);
}

/** The first photo with everything that was measured. @param {Results} results @param {'en' | 'zh'} lang */
function detailTable({ photos, competitors, rows }, lang) {
  const lines = competitors.map(({ name, title, downloadBytes }) => {
    const row = rows.find((one) => one.competitor === name && one.photo === photos[0].name);
    if (row.error) return [title[lang], WORDS[lang].cannot, ...Array(7).fill('')];
    return [
      title[lang],
      `${fixed(row.firstMs, 0)} ms`,
      `${fixed(row.medianMs, 0)} ms`,
      `${kilobytes(row.bytes)} KiB`,
      `${mebibytes(row.peakBytes)} MiB`,
      row.gapMs === null ? '–' : `${fixed(row.gapMs, 0)} ms`,
      fixed(row.ssim, 4),
      fixed(row.ssimulacra2, 1),
      downloadBytes === null ? '–' : `${kilobytes(downloadBytes)} KiB`,
    ];
  });
  return markdown(WORDS[lang].detailHead, lines);
}

/** @param {Results} results @param {'en' | 'zh'} lang */
function encodingTable({ encoding }, lang) {
  const sizes = [...new Set(encoding.map(({ size }) => size))];
  const others = encoding.filter(({ name }) => name !== 'netocr-wasm');
  const keys = [...new Set(others.map(({ where, name }) => `${where} ${name}`))];
  const lines = keys.map((key) => {
    const own = others.filter(({ where, name }) => `${where} ${name}` === key);
    const by = sizes.map((size) => own.find((one) => one.size === size)?.ours);
    return [`${WORDS[lang].where[own[0].where]}: \`${own[0].name}\``, ...by.map((value) => fixed(value, 1))];
  });
  return markdown(['', ...sizes.map((size) => `${kilobytes(size)} KiB`)], lines);
}

/**
 * What stands in docs/benchmarks.md between its marks.
 * @param {Results | null} results null: nothing was measured for this version
 * @param {'en' | 'zh'} lang
 */
export function pageBlock(results, lang) {
  const words = WORDS[lang];
  if (!results) return words.none;
  const parts = [
    `![${words.chart}](${words.figures}/benchmark.svg)`,
    `**${words.time}**`,
    timeTable(results, lang),
    `**${words.details(results.photos[0].name)}**`,
    detailTable(results, lang),
  ];
  if (results.encoding.length > 0) parts.push(`**${words.encoding}**`, encodingTable(results, lang));
  parts.push(words.setting(results));
  return parts.join('\n\n');
}

const MARKS =
  /(<!-- benchmark: written by npm run bench -- --docs -->\n\n)[\s\S]*?(\n\n<!-- \/benchmark -->)/;

/** @param {string} text of the page @param {Results | null} results @param {'en' | 'zh'} lang @returns {string} */
export function withBlock(text, results, lang) {
  if (!MARKS.test(text)) throw new Error('the page has no marks for the benchmark');
  return text.replace(MARKS, (_, open, close) => open + pageBlock(results, lang) + close);
}
