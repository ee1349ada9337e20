// The page of a competitor: loads it, runs it, and meanwhile measures the page's own thread. tests/bench/chromium.mjs drives it
// through `window.bench`.
import { judge } from '/web/demo/benchmark/judge.js';
import { referenceOf } from '/web/demo/benchmark/pixels.js';
import { measureEncoding } from './encoding.js';

const TICK_MS = 4; // the least that browsers allow
let prepare;
let photo;
/** What the last run gave. */
let output;

/** @param {string} url @param {'page' | 'worker'} place */
async function load(url, place) {
  const started = performance.now();
  if (place === 'worker') prepare = await loadInWorker(url);
  else {
    const peer = await import(url);
    await peer.init();
    prepare = peer.prepare;
  }
  return performance.now() - started;
}

async function loadInWorker(url) {
  const worker = new Worker('worker.js', { type: 'module' });
  const call = (message) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.value));
      worker.onerror = (event) => reject(new Error(event.message || 'the worker ended'));
      worker.postMessage(message);
    });
  await call({ url });
  return (blob, budget) => call({ blob, budget });
}

async function fetchPhoto(url, type) {
  photo = new Blob([await (await fetch(url)).arrayBuffer()], { type });
}

/** One run: how long it took, and the longest time that the page's thread did not answer. */
async function run(budget) {
  output = null;
  await new Promise((resolve) => setTimeout(resolve, 20));
  let last = performance.now();
  let gap = 0;
  const note = () => {
    const now = performance.now();
    gap = Math.max(gap, now - last);
    last = now;
  };
  const ticker = setInterval(note, TICK_MS);
  const started = performance.now();
  const made = await prepare(photo, budget);
  const ms = performance.now() - started;
  await new Promise((resolve) => setTimeout(resolve, 2 * TICK_MS));
  clearInterval(ticker);
  note();
  output = made;
  return { ms, gap, bytes: made.size };
}

let reference;
/** @returns {Promise<string>} what to compare with, as base64 of its pixels */
async function makeReference(maxEdge) {
  reference = await referenceOf(photo, maxEdge);
  return { width: reference.width, height: reference.height, rgb: toBase64(reference.rgb) };
}

/** @param {string} base64 of a JPEG */
async function judgeFile(base64) {
  const file = new Blob([fromBase64(base64)], { type: 'image/jpeg' });
  const { compared, ...seen } = await judge(reference, file);
  const scaled = compared === file ? null : toBase64(new Uint8Array(await compared.arrayBuffer()));
  return { ...seen, scaled };
}

const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

function toBase64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

window.bench = {
  load,
  fetchPhoto,
  run,
  outputBase64: async () => toBase64(new Uint8Array(await output.arrayBuffer())),
  makeReference,
  judge: judgeFile,
  measureEncoding,
};
