// The WebAssembly core in Node, from its file: what reads replies for receipts and for what the page may see.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createJudge } from '../receipts/judge.js';

/** Loads nothing until it is asked. */
export const createNodeJudge = () => createJudge(loadCore);

/** @type {import('../receipts/judge.js').LoadCore} */
async function loadCore() {
  const [{ default: createCore }, bytes] = await Promise.all([
    import('netocr-wasm/core.mjs'),
    readFile(createRequire(import.meta.url).resolve('netocr-wasm/core.wasm')),
  ]);
  return { createCore, wasm: await WebAssembly.compile(bytes) };
}
