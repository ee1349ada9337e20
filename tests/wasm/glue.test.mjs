// The shipped glue: it runs under a strict Content-Security-Policy and asks for nothing by itself.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { glueUrl, loadCore, wasmUrl } from './core.mjs';

const glue = readFileSync(glueUrl, 'utf8');

test('no eval and no new Function', () => {
  assert.doesNotMatch(glue, /\beval\s*\(|\bnew\s+Function\b|\bFunction\s*\(/);
});

test('no import, no require, no Node module', () => {
  assert.doesNotMatch(glue, /\brequire\s*\(|\bimport\s*\(|^\s*import\s/m);
});

test('requests are made with what was handed in', () => {
  assert.match(glue, /var XMLHttpRequest\s*=\s*Module/);
  assert.doesNotMatch(glue, /indexedDB/);
});

test('the module needs SIMD, and neither threads nor a shared memory', () => {
  const wasm = new WebAssembly.Module(readFileSync(wasmUrl));
  const memories = WebAssembly.Module.exports(wasm).filter(({ kind }) => kind === 'memory');
  assert.equal(memories.length, 1);
  assert.equal(WebAssembly.Module.imports(wasm).filter(({ kind }) => kind === 'memory').length, 0);
});

test('two instances of one module share nothing', async () => {
  const [a, b] = await Promise.all([loadCore(), loadCore()]);
  const pointer = a._malloc(8);
  a.HEAPU8.fill(7, pointer, pointer + 8);
  assert.notEqual(a.HEAPU8.buffer, b.HEAPU8.buffer);
  assert.notDeepEqual(b.HEAPU8.slice(pointer, pointer + 8), a.HEAPU8.slice(pointer, pointer + 8));
});
