// Formats the comparison's results as text.

const MiB = 1024 * 1024;

/** @param {string[][]} rows the first one is the head @returns {string} columns with spaces between, numbers to the right */
function columns(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (/** @type {string[]} */ row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
  return rows.map((row) => `  ${line(row).join('  ')}`.trimEnd()).join('\n');
}

/** @param {import('./measure.mjs').Timing[]} rows */
const timingTable = (rows) =>
  columns([
    ['', 'ratio', 'quarters', 'ms'],
    ...rows.map(({ module, ms, ratio, low, high }) => [
      module,
      ratio.toFixed(2),
      `${low.toFixed(2)}..${high.toFixed(2)}`,
      ms < 1 ? ms.toFixed(4) : ms.toFixed(1),
    ]),
  ]);

/**
 * The geometric mean of each module's ratios.
 * @param {{rows: import('./measure.mjs').Timing[]}[]} inputs of the same modules
 * @returns {{module: string, ratio: number}[]}
 */
export function meanRatios(inputs) {
  return inputs[0].rows.map(({ module }, i) => {
    const logs = inputs.map(({ rows }) => Math.log(rows[i].ratio));
    return { module, ratio: Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length) };
  });
}

/** @param {{module: string, ratio: number}[]} rows gain: how much less time than the module ours takes */
const meanTable = (rows) =>
  columns([
    ['', 'mean ratio', 'gain of ours'],
    ...rows.map(({ module, ratio }) => [module, ratio.toFixed(2), `${((1 - 1 / ratio) * 100).toFixed(0)} %`]),
  ]);

/**
 * @param {{machine: {cores: number, node: string}, rounds: number, timings: any[], first: any[], memory: any[], sizes: any[]}} results
 * @returns {string}
 */
export function textReport({ machine, rounds, timings, first, memory, sizes }) {
  const parts = [
    `${machine.cores} cores, Node ${machine.node}; ${rounds} rounds in turns; processor time, ratio to ours`,
  ];
  for (const { name, bytes, rows } of timings) parts.push(`\n${name} (${bytes} bytes)`, timingTable(rows));
  for (const { name, rows } of first)
    parts.push(`\n${name}, first of a process, compiling included`, timingTable(rows));
  for (const [kind, title] of [
    ['rows', 'all PNGs'],
    ['planes', 'all JPEGs'],
    ['xml', 'all replies'],
  ]) {
    const inputs = timings.filter(({ rows }) => rows[0].module.startsWith(`${kind}-`));
    parts.push(`\n${title}`, meanTable(meanRatios(inputs)));
  }
  parts.push('\nall PNGs, first of a process', meanTable(meanRatios(first)));
  for (const { name, rows } of memory) {
    const lines = rows.map((/** @type {any} */ row) => [row.module, (row.bytes / MiB).toFixed(2)]);
    parts.push(`\n${name}: memory over the input's`, columns([['', 'MiB'], ...lines]));
  }
  const lines = sizes.map(({ module, raw, brotli }) => [module, String(raw), String(brotli)]);
  parts.push('\nbytes of the module, over those of one without', columns([['', 'raw', 'brotli'], ...lines]));
  return parts.join('\n');
}
