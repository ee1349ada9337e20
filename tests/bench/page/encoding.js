// Encodes bytes as the value of a form field in a request body: base64, percent-encoded. It compares the module's function,
// with its copies into and out of the heap, with what a page would write without it. It runs in the page and in Node.

const LEAST_MS = 6; // a timing is of as many calls as take this long

/** @param {number} count @returns {Uint8Array} the same in every run */
function someBytes(count) {
  let state = 12345;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state >> 16;
  });
}

/** The module's function on plain bytes. @param {any} core */
export function formEncoderOf(core) {
  return (bytes) => {
    const pointer = core._malloc(bytes.length);
    core.HEAPU8.set(bytes, pointer);
    try {
      return core.formEncodeBase64(pointer, bytes.length).bytes;
    } finally {
      core._free(pointer);
    }
  };
}

const asText = (value) => (typeof value === 'string' ? value : new TextDecoder('latin1').decode(value));

/** A second opinion before anything is timed: all ways give the same text. */
function check(ways, bytes) {
  const texts = Object.entries(ways).map(([name, encode]) => [
    name,
    asText(encode(bytes)).replace(/^x=/, ''),
  ]);
  for (const [name, text] of texts)
    if (text !== texts[0][1]) throw new Error(`${name} does not give what ${texts[0][0]} gives`);
}

function timeOf(encode, bytes) {
  let calls = 0;
  let took = 0;
  for (const started = performance.now(); took < LEAST_MS; took = performance.now() - started) {
    if (encode(bytes).length <= bytes.length) throw new Error('too short');
    calls += 1;
  }
  return took / calls;
}

/**
 * @param {Record<string, (bytes: Uint8Array) => string | Uint8Array>} ways the first one is ours
 * @param {{sizes: number[], rounds: number}} options
 * @returns {{name: string, size: number, medianMs: number, minMs: number, megabytesPerSecond: number, ours: number}[]}
 *   ours: how many times as fast ours is
 */
export function compareEncoders(ways, { sizes, rounds }) {
  return sizes.flatMap((size) => {
    const bytes = someBytes(size);
    check(ways, bytes);
    const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
    for (let round = -2; round < rounds; round += 1) {
      for (const [name, encode] of Object.entries(ways)) {
        const ms = timeOf(encode, bytes);
        if (round >= 0) times[name].push(ms);
      }
    }
    const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
    const [own] = Object.values(times).map(median);
    return Object.entries(times).map(([name, values]) => ({
      name,
      size,
      medianMs: median(values),
      minMs: Math.min(...values),
      megabytesPerSecond: size / 1000 / median(values),
      ours: median(values) / own,
    }));
  });
}

/** In the page. @param {{sizes: number[], rounds: number}} options */
export async function measureEncoding(options) {
  const [{ default: createCore }, { instantiate }] = await Promise.all([
    import('/web/client/dist/core.mjs'),
    import('/web/client/core/loader.js'),
  ]);
  const core = await instantiate(
    createCore,
    await WebAssembly.compileStreaming(fetch('/web/client/dist/core.wasm')),
  );
  const binary = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000)
      text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return text;
  };
  const ways = {
    'netocr-wasm': formEncoderOf(core),
    'encodeURIComponent(btoa(…))': (bytes) => encodeURIComponent(btoa(binary(bytes))),
  };
  if (Uint8Array.prototype.toBase64)
    ways['encodeURIComponent(bytes.toBase64())'] = (bytes) => encodeURIComponent(bytes.toBase64());
  return compareEncoders(ways, options);
}
