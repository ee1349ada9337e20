// Loads one of the modules of CMakeLists.txt.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

/**
 * @param {string} folder of the modules @param {string} name
 * @param {WebAssembly.Module} [compiled]
 */
export async function loadModule(folder, name, compiled) {
  const { default: create } = await import(pathToFileURL(`${folder}/${name}.mjs`).href);
  const wasm = compiled ?? (await WebAssembly.compile(await readFile(`${folder}/${name}.wasm`)));
  const exports = await create({
    instantiateWasm: (/** @type {any} */ imports, /** @type {any} */ done) => {
      WebAssembly.instantiate(wasm, imports).then((instance) => done(instance, wasm));
      return {};
    },
  });
  return {
    name,
    wasm,
    /** Bytes of the module's memory now; it never shrinks. */
    memory: () => exports.HEAPU8.length,
    /** @param {Buffer} bytes @returns {number} where they are in the module, for as long as it lives */
    put(bytes) {
      const at = exports._malloc(bytes.length);
      if (at === 0) throw new Error(`${name}: no memory for ${bytes.length} bytes`);
      exports.HEAPU8.set(bytes, at);
      return at;
    },
    /** @param {number} at */
    drop: (at) => exports._free(at),
    /**
     * @param {number} at @param {import('./pictures.mjs').Picture} picture @param {boolean} hashesAll
     * @returns {number} the hash of its rows
     */
    rows(at, { file, shape }, hashesAll) {
      const hash = exports._run_rows(
        at,
        file.length,
        shape.rows,
        shape.rowBytes,
        shape.pixelBytes,
        hashesAll,
      );
      if (hash === 0) throw new Error(`${name} cannot read the picture`);
      return hash;
    },
    /**
     * @param {number} at @param {import('./photos.mjs').Photo} photo @param {boolean} hashesAll
     * @returns {number} the hash of its planes
     */
    planes(at, { file, wanted }, hashesAll) {
      const hash = exports._run_planes(at, file.length, wanted.width, wanted.height, hashesAll);
      if (hash === 0) throw new Error(`${name} cannot decode the photo`);
      return hash;
    },
    /** @param {number} at @param {Buffer} text @param {number} times @returns {number} the hash of the tree */
    xml(at, text, times) {
      const hash = exports._run_xml(at, text.length, times);
      if (hash === 0) throw new Error(`${name} cannot read the reply`);
      return hash;
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof loadModule>>} Module */
