// Draws results as a bar chart in SVG: a panel for each photo, a bar for each competitor. Text is text, colours follow the
// reader's light or dark setting, nothing is scripted.

const PANEL = { width: 440, head: 34, row: 22, label: 168, gap: 16 };
const BAR = { left: PANEL.label + 8, right: 346, height: 13 };
/** Times the yardstick that fills the width; longer bars are cut, visibly, and their number says how long they are. */
const CAP = 4;
const MARGIN = { top: 58, side: 8, bottom: 12 };

const WORDS = {
  en: {
    title: 'Photo to JPEG of at most 200 KiB: time',
    note: 'as a multiple of the browser at its best (dashed line); shorter is better',
    cannot: 'cannot',
  },
  zh: {
    title: '照片转为不超过 200 KiB 的 JPEG：用时',
    note: '以浏览器最佳做法（虚线）为 1；越短越好',
    cannot: '不能',
  },
};

const STYLE = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; fill: #17202b; }
  .page { fill: #ffffff; stroke: #d9dfe6; }
  .title { font-size: 15px; font-weight: 650; }
  .photo { font-weight: 650; }
  .soft { fill: #566373; }
  .bar { fill: #9aa7b5; }
  .own { fill: #1f5aa8; }
  .strong { font-weight: 650; }
  .one { stroke: #566373; stroke-dasharray: 3 3; }
  .cut { stroke: #ffffff; stroke-width: 2.5; }
  .value { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #2b3744; }
    text { fill: #e5ebf2; }
    .soft { fill: #9aa8b8; }
    .bar { fill: #5d6b7a; }
    .own { fill: #82b0f2; }
    .one { stroke: #9aa8b8; }
    .cut, .value { stroke: #0d1117; }
  }
`;

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (c) => ENTITIES[/** @type {'&'} */ (c)]);

/** @param {number} x @param {number} y @param {string} words @param {string} [attributes] */
const text = (x, y, words, attributes = '') =>
  `<text x="${x}" y="${y}"${attributes}>${escaped(words)}</text>`;

/** @param {number} ms */
const duration = (ms) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** @param {number} ratio @returns {number} */
const lengthOf = (ratio) => Number(((Math.min(ratio, CAP) / CAP) * (BAR.right - BAR.left)).toFixed(1));

/** @param {any} row @param {{name: string, title: Record<string, string>}} competitor @param {number} y @param {'en' | 'zh'} lang */
function bar(row, { name, title }, y, lang) {
  const own = name.startsWith('ours');
  const middle = y + BAR.height - 2;
  const strong = own ? ' class="strong"' : '';
  const parts = [text(PANEL.label, middle, title[lang], ` text-anchor="end"${strong}`)];
  if (row.error) return [...parts, text(BAR.left, middle, WORDS[lang].cannot, ' class="soft"')].join('');
  const length = lengthOf(row.ratio);
  parts.push(
    `<rect class="${own ? 'own' : 'bar'}" x="${BAR.left}" y="${y}" width="${length}" height="${BAR.height}" rx="2"/>`,
  );
  if (row.ratio > CAP) {
    const x = BAR.right - 18;
    parts.push(
      `<path class="cut" d="M${x} ${y - 2}l-5 ${BAR.height + 4}M${x + 6} ${y - 2}l-5 ${BAR.height + 4}"/>`,
    );
  }
  const words = `${row.ratio.toFixed(2)} · ${duration(row.medianMs)}`;
  return [...parts, text(BAR.left + length + 6, middle, words, ` class="value${own ? ' strong' : ''}"`)].join(
    '',
  );
}

/** @param {any} results @param {any} photo @param {'en' | 'zh'} lang @returns {string[]} lines of the panel at 0, 0 */
function panel({ competitors, rows }, photo, lang) {
  const one = BAR.left + lengthOf(1);
  const bottom = PANEL.head + competitors.length * PANEL.row - 4;
  const size = `${(photo.bytes / 1048576).toFixed(1)} MiB`;
  return [
    `<text x="${BAR.left}" y="20"><tspan class="photo">${escaped(photo.name)}</tspan> <tspan class="soft">${size}</tspan></text>`,
    `<path class="one" d="M${one} ${PANEL.head - 6}V${bottom}"/>`,
    ...competitors.map((competitor, i) => {
      const row = rows.find((each) => each.competitor === competitor.name && each.photo === photo.name);
      return bar(row, competitor, PANEL.head + i * PANEL.row, lang);
    }),
  ];
}

/**
 * @param {import('./report.mjs').Results} results
 * @param {'en' | 'zh'} lang
 * @returns {string}
 */
export function chartOf(results, lang) {
  const { photos, competitors } = results;
  const across = photos.length > 1 ? 2 : 1;
  const tall = PANEL.head + competitors.length * PANEL.row + PANEL.gap;
  const width = 2 * MARGIN.side + across * PANEL.width;
  const height = MARGIN.top + Math.ceil(photos.length / across) * tall + MARGIN.bottom;
  const panels = photos.map((photo, i) => {
    const x = MARGIN.side + (i % across) * PANEL.width;
    const y = MARGIN.top + Math.floor(i / across) * tall;
    return `<g transform="translate(${x} ${y})">\n${panel(results, photo, lang).join('\n')}\n</g>`;
  });
  const { title, note } = WORDS[lang];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(`${title}, ${note}`)}</title>`,
    `<style>${STYLE}</style>`,
    // Its own ground: the page around it may be of the other scheme.
    `<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    text(MARGIN.side + 8, 24, title, ' class="title"'),
    text(MARGIN.side + 8, 44, note, ' class="soft"'),
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}
