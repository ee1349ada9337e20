// The shipped module for the tests: a new instance of dist/core.wasm in Node.
import { readFileSync } from 'node:fs';
import createCore from '../../dist/core.mjs';
import { instantiateCore } from '../../web/src/engine/loader.js';

export const wasmUrl = new URL('../../dist/core.wasm', import.meta.url);
export const glueUrl = new URL('../../dist/core.mjs', import.meta.url);
const compiled = new WebAssembly.Module(readFileSync(wasmUrl));

/** @param {Function} [XMLHttpRequest] */
export const loadCore = (XMLHttpRequest) => instantiateCore(createCore, compiled, XMLHttpRequest);

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
