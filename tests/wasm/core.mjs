// The shipped modules for the tests: new instances of dist/core.wasm and dist/codecs.wasm in Node.
import { readFileSync } from 'node:fs';
import { instantiate } from '../../web/client/core/loader.js';
import createCodecs from '../../web/client/dist/codecs.mjs';
import createCore from '../../web/client/dist/core.mjs';

export const wasmUrl = new URL('../../web/client/dist/core.wasm', import.meta.url);
export const glueUrl = new URL('../../web/client/dist/core.mjs', import.meta.url);
const compiled = new WebAssembly.Module(readFileSync(wasmUrl));
const compiledCodecs = new WebAssembly.Module(
  readFileSync(new URL('../../web/client/dist/codecs.wasm', import.meta.url)),
);

/** @param {Function} [XMLHttpRequest] */
export const loadCore = (XMLHttpRequest) => instantiate(createCore, compiled, XMLHttpRequest);

export const loadCodecs = () => instantiate(createCodecs, compiledCodecs);

/** Runs `use` with the byte arrays in the heap, as [pointer, length] each. */
export function withBytes(core, arrays, use) {
  const parts = arrays.map((bytes) => {
    const pointer = core._malloc(Math.max(bytes.length, 1));
    core.HEAPU8.set(bytes, pointer);
    return [pointer, bytes.length];
  });
  try {
    return use(parts);
  } finally {
    for (const [pointer] of parts) core._free(pointer);
  }
}

/** The four fields that every record begins with. */
export const outcomeOf = ({ ok, code, position, detail }) => ({ ok, code, position, detail });
