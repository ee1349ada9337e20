// Which folder of wasm/ may include which, and where the header of each library may stand. wasm/README.md draws it.

/** The formats of wasm/image: they include neither each other nor the registry. */
const FORMATS = ['jpeg', 'png', 'bmp', 'tiff', 'jp2', 'webp', 'wsq', 'heif', 'gif'].map(
  (name) => `image/${name}`,
);
const PICTURE = ['base', 'image/pixel', 'image/meta'];
/** What a format opens: its header, read. */
const OPENED = [...PICTURE, 'image/open'];
/** The parts of image/jpeg. */
const COMMON = 'image/jpeg/common';
const DECODE = 'image/jpeg/decode';
const ENCODE = 'image/jpeg/encode';
const LIBRARY = 'image/jpeg/library';
const REWRITE = 'image/jpeg/rewrite';
const JPEG_PARTS = [COMMON, DECODE, ENCODE, LIBRARY, REWRITE];

/**
 * Folder of wasm/ -> the folders whose headers it may include besides its own. A folder that is not here is none.
 * @type {Record<string, string[]>}
 */
const FOLDERS = {
  base: [],
  sniff: ['base'],
  text: ['base'],
  'image/pixel': ['base'],
  'image/meta': ['base', 'sniff'],
  'image/open': ['sniff', ...PICTURE],
  'image/scale': PICTURE,
  'image/lut': PICTURE,
  ...Object.fromEntries(FORMATS.map((folder) => [folder, OPENED])),
  [COMMON]: ['base', 'image/pixel'],
  [DECODE]: [...PICTURE, COMMON],
  [ENCODE]: [...PICTURE, COMMON],
  [LIBRARY]: [...OPENED, COMMON, DECODE],
  [REWRITE]: [...PICTURE, COMMON, DECODE, ENCODE],
  'image/jpeg': [...OPENED, DECODE, REWRITE],
  'image/registry': [...OPENED, 'sniff', 'image/lut', ...FORMATS, ...JPEG_PARTS],
  image: [...OPENED, 'sniff', 'image/scale', 'image/registry', 'image/png', ENCODE],
  video: ['base', 'sniff'],
  vision: PICTURE,
  api: ['base', 'sniff', 'text'],
};
/** The only code that may include Emscripten's headers, and any folder's. */
const BINDINGS = 'bindings';

/**
 * Libraries: their headers, and the folders whose .cpp files may include them.
 * @type {{name: string, headers: RegExp, folders: string[], inHeaders?: boolean}[]}
 */
const LIBRARIES = [
  { name: 'libjpeg-turbo', headers: /^j(peglib|error|config|morecfg|pegint)\.h$/, folders: [LIBRARY] },
  { name: 'zlib', headers: /^z(lib|conf)\.h$/, folders: ['image/png'] },
  { name: 'libtiff', headers: /^tiff\w*\.h$/, folders: ['image/tiff'] },
  { name: 'OpenJPEG', headers: /^(openjpeg|opj_\w+)\.h$/, folders: ['image/jp2'] },
  { name: 'libwebp', headers: /^webp\/\w+\.h$/, folders: ['image/webp'] },
  { name: 'lcms2', headers: /^lcms2(_plugin)?\.h$/, folders: ['image/lut'] },
  { name: 'nlohmann/json', headers: /^nlohmann\//, folders: ['text'] },
  { name: 'pugixml', headers: /^pugi\w+\.hpp$/, folders: ['text'] },
  { name: 'Emscripten', headers: /^emscripten(\.h$|\/)/, folders: [BINDINGS], inHeaders: true },
  {
    name: 'SIMD intrinsics',
    headers: /^((wasm_simd128|[a-z]mmintrin|immintrin|arm_neon)\.h$|simde\/)/,
    folders: ['base'],
    inHeaders: true,
  },
  { name: 'the allocator', headers: /^malloc\.h$/, folders: [BINDINGS] },
];

/** @param {string} path relative to wasm/ @returns {string} its folder; empty for wasm/ itself */
const folderOf = (path) => path.split('/').slice(0, -1).join('/');

/** @param {string} folder */
const isFolder = (folder) => folder in FOLDERS || folder === BINDINGS;

/**
 * @param {string} folder of the file that includes
 * @param {string} header in quotes
 * @returns {string | null} what is wrong with it
 */
function ownViolation(folder, header) {
  const target = folderOf(header);
  if (!isFolder(target)) return `include "${header}" by its path from wasm/, such as "base/result.hpp"`;
  const isAllowed = target === folder || folder === BINDINGS || FOLDERS[folder].includes(target);
  return isAllowed ? null : `${folder} may not include "${header}"`;
}

/**
 * @param {string} folder of the file that includes
 * @param {string} header in angle brackets
 * @param {boolean} isHeader whether the file that includes is one itself
 * @returns {string | null} what is wrong with it
 */
function libraryViolation(folder, header, isHeader) {
  // The standard library's own headers have neither a dot nor a folder in their names.
  if (!/[./]/.test(header)) return null;
  const library = LIBRARIES.find(({ headers }) => headers.test(header));
  if (!library) return `<${header}> belongs to no library that scripts/lib/cpp-layers.mjs knows`;
  if (!library.folders.includes(folder))
    return `only ${library.folders.join(' and ')} may include <${header}>`;
  return isHeader && !library.inHeaders ? `<${header}> belongs into a .cpp file` : null;
}

/** @param {string[]} headers in angle brackets @returns {string[]} the libraries of which a file may have one */
function librariesOf(headers) {
  const found = LIBRARIES.filter(
    ({ headers: own, inHeaders }) => !inHeaders && headers.some((header) => own.test(header)),
  );
  return found.map(({ name }) => name);
}

/**
 * @param {string} path of the file, relative to the repository
 * @param {string} text its contents
 * @returns {string[]} what is forbidden in it, one sentence each
 */
export function includeViolations(path, text) {
  const folder = folderOf(path).replace(/^wasm\/?/, '');
  if (!isFolder(folder))
    return [`${path}: wasm/${folder} is not a folder that scripts/lib/cpp-layers.mjs knows`];
  const includes = [...text.matchAll(/^\s*#\s*include\s*([<"])([^>"]+)[>"]/gm)];
  const isHeader = path.endsWith('.hpp');
  const found = includes.map(([, kind, header]) =>
    kind === '"' ? ownViolation(folder, header) : libraryViolation(folder, header, isHeader),
  );
  const libraries = librariesOf(includes.map(([, , header]) => header));
  if (libraries.length > 1) found.push(`one library for each .cpp file, not ${libraries.join(' and ')}`);
  return found.filter((violation) => violation !== null).map((violation) => `${path}: ${violation}`);
}
