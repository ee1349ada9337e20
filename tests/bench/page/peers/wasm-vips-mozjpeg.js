// wasm-vips with every option of its MozJPEG (progressive, trellis, deringing, scans, its table 3), and few encodings, as each
// is slow.
import { searchByLine } from '/web/demo/benchmark/recipes.js';
import { prepareWith } from './wasm-vips.js';

const OPTIONS = {
  interlace: true,
  trellis_quant: true,
  overshoot_deringing: true,
  optimize_scans: true,
  quant_table: 3,
};

export { init } from './wasm-vips.js';
export const prepare = (photo, budget) => prepareWith(photo, budget, OPTIONS, searchByLine);
