// The table of competitors, and the packages that they need. Each is a module of page/peers that exports init() and
// prepare(photo, budget).

/**
 * @typedef {object} Competitor
 * @property {string} name
 * @property {{en: string, zh: string}} title
 * @property {string} module in page/peers
 * @property {'page' | 'worker' | 'node'} place where prepare() is called; what starts its own workers is called in the page
 * @property {string[]} packages names of PACKAGES
 */

/** Exact versions, installed into build/bench: the project itself depends on none of them. */
export const PACKAGES = {
  '@jsquash/jpeg': '1.6.0',
  '@jsquash/resize': '2.1.1',
  'browser-image-compression': '2.0.2',
  compressorjs: '1.3.0',
  pica: '10.0.3',
  'wasm-vips': '0.0.19',
};

/** The one that all times are a ratio to. */
export const YARDSTICK = 'browser-best';

/** @type {Competitor[]} */
export const COMPETITORS = [
  {
    name: 'ours',
    title: { en: 'netocr-wasm', zh: 'netocr-wasm' },
    module: 'ours.js',
    place: 'page',
    packages: [],
  },
  {
    name: 'ours-best',
    title: { en: "netocr-wasm, effort: 'best'", zh: "netocr-wasm，effort: 'best'" },
    module: 'ours-best.js',
    place: 'page',
    packages: [],
  },
  {
    name: 'ours-node',
    title: { en: 'netocr-wasm in Node', zh: 'netocr-wasm（Node）' },
    module: 'node-peer.mjs',
    place: 'node',
    packages: [],
  },
  {
    name: YARDSTICK,
    title: { en: 'browser at its best', zh: '浏览器的最佳做法' },
    module: 'browser-best.js',
    place: 'worker',
    packages: [],
  },
  {
    name: 'canvas',
    title: { en: 'browser: canvas, toBlob', zh: '浏览器：canvas、toBlob' },
    module: 'canvas.js',
    place: 'page',
    packages: [],
  },
  {
    name: 'wasm-vips',
    title: { en: 'wasm-vips', zh: 'wasm-vips' },
    module: 'wasm-vips.js',
    place: 'worker',
    packages: ['wasm-vips'],
  },
  {
    name: 'wasm-vips-mozjpeg',
    title: { en: 'wasm-vips with mozjpeg', zh: 'wasm-vips 加 mozjpeg' },
    module: 'wasm-vips-mozjpeg.js',
    place: 'worker',
    packages: ['wasm-vips'],
  },
  {
    name: 'jsquash',
    title: { en: 'jSquash (mozjpeg)', zh: 'jSquash（mozjpeg）' },
    module: 'jsquash.js',
    place: 'worker',
    packages: ['@jsquash/jpeg', '@jsquash/resize'],
  },
  {
    name: 'pica',
    title: { en: 'pica', zh: 'pica' },
    module: 'pica.js',
    place: 'page',
    packages: ['pica'],
  },
  {
    name: 'compressorjs',
    title: { en: 'Compressor.js', zh: 'Compressor.js' },
    module: 'compressorjs.js',
    place: 'page',
    packages: ['compressorjs'],
  },
  {
    name: 'browser-image-compression',
    title: { en: 'browser-image-compression', zh: 'browser-image-compression' },
    module: 'browser-image-compression.js',
    place: 'page',
    packages: ['browser-image-compression'],
  },
];

/**
 * @param {string[]} names none for all; the yardstick is always among the answer
 * @returns {Competitor[]}
 */
export function chooseCompetitors(names) {
  const unknown = names.filter((name) => !COMPETITORS.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Error(
      `no competitor is called ${unknown.join(', ')}: ${COMPETITORS.map((one) => one.name).join(', ')}`,
    );
  return COMPETITORS.filter(({ name }) => names.length === 0 || names.includes(name) || name === YARDSTICK);
}
