// The coded parts of a HEIC by the browser's own video decoder: each tile is one key frame. What comes out are the samples
// as they are coded; wasm/image/heif makes a picture of them.
import { NetocrError, nameOf } from '../shared/errors.js';

/** @typedef {import('../core/types.js').Tiles} Tiles */
/** @typedef {import('../core/types.js').Samples} Samples */

/** For each tile and each question: a decoder that is silent for longer is not coming back. */
const SILENCE_MS = 5000;
/** Between the tiles' timestamps, in microseconds: whole in every unit that a platform's decoder counts in. */
const TICK = 10_000;
/** Any HEVC, and any AVC. */
const PROBES = { hevc: 'hvc1.1.6.L93.B0', avc: 'avc1.42E01E' };

/** @type {any} */
const scope = globalThis;

/** @param {string} codec @param {object} [more] of the configuration */
async function supported(codec, more) {
  const config = { codec, optimizeForLatency: true, ...more };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const silence = new Promise((resolve) => {
    timer = setTimeout(resolve, SILENCE_MS);
  });
  try {
    const answer = await Promise.race([scope.VideoDecoder.isConfigSupported(config), silence]);
    return answer?.supported ? config : null;
  } catch {
    return null; // it rejects what it does not understand
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Whether the second module is worth loading for a file: ISO/IEC 23008-12 marks those in AVC by a brand.
 * @param {Uint8Array} bytes
 */
export async function canDecodeTiles(bytes) {
  if (typeof scope.VideoDecoder !== 'function') return false;
  const isAvc = /avc[is]/.test(new TextDecoder('latin1').decode(bytes.subarray(0, 64)));
  return (await supported(isAvc ? PROBES.avc : PROBES.hevc)) !== null;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {number[]} ranges */
function dataOf(bytes, ranges) {
  const parts = [];
  for (let i = 0; i < ranges.length; i += 2) {
    parts.push(bytes.subarray(ranges[i], ranges[i] + ranges[i + 1]));
  }
  if (parts.length === 1) return parts[0];
  const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}

/** Why a picture is left to another decoder. @param {string} detail */
const refused = (detail) => new NetocrError('UNSUPPORTED_FORMAT', { detail });

/** @param {number} size */
function roomFor(size) {
  try {
    return new Uint8Array(size);
  } catch (cause) {
    throw new NetocrError('OUT_OF_MEMORY', { detail: 'no room for the samples', cause });
  }
}

/**
 * The picture that the frames are copied into. Each of its planes has a spare row at the end: copyTo() counts whole strides.
 * Errors: OUT_OF_MEMORY.
 * @param {Tiles} tiles
 */
function createCanvas({ tileWidth, tileHeight, columns, rows }) {
  const width = columns * tileWidth;
  const height = rows * tileHeight;
  const chromaWidth = Math.ceil(width / 2);
  const chroma = width * (height + 1);
  const chromaBytes = chromaWidth * (Math.ceil(height / 2) + 1);
  const samples = roomFor(chroma + 2 * chromaBytes);
  /** @type {any} */
  let format = null;

  return {
    /** @returns {Samples} */
    result: () => ({ samples, format }),

    /** Errors: UNSUPPORTED_FORMAT. @param {any} frame @param {number} index of its tile */
    async put(frame, index) {
      const { width: w, height: h } = frame.visibleRect ?? {};
      if (w !== tileWidth || h !== tileHeight) throw refused('the decoded tiles have another size');
      format ??= frame.format;
      if (frame.format !== format || !['I420', 'NV12'].includes(format)) {
        throw refused(`the browser gives frames as ${frame.format}`);
      }
      const x = (index % columns) * tileWidth;
      const y = Math.floor(index / columns) * tileHeight;
      const luma = { offset: y * width + x, stride: width };
      const at = (y / 2) * chromaWidth + x / 2;
      const layout =
        format === 'NV12'
          ? [luma, { offset: chroma + 2 * at, stride: 2 * chromaWidth }]
          : [0, chromaBytes].map((plane) => ({ offset: chroma + plane + at, stride: chromaWidth }));
      await frame.copyTo(samples, { layout: format === 'NV12' ? layout : [luma, ...layout] });
    },
  };
}

/** @param {Tiles} tiles */
async function configFor({ codecs, description, tileWidth: codedWidth, tileHeight: codedHeight }) {
  for (const codec of codecs) {
    const config = await supported(codec, { description, codedWidth, codedHeight });
    if (config) return config;
  }
  throw refused(`the browser does not decode ${codecs[0]}`);
}

/**
 * Errors: UNSUPPORTED_FORMAT for whatever the browser's decoder does not do as it should, the signal's reason, OUT_OF_MEMORY.
 * @param {Uint8Array<ArrayBuffer>} bytes the file
 * @param {Tiles} tiles
 * @param {{signal: AbortSignal, onTile: (fraction: number) => void}} call
 * @returns {Promise<Samples>}
 */
export async function decodeTiles(bytes, tiles, { signal, onTile }) {
  const config = await configFor(tiles);
  signal.throwIfAborted();
  const canvas = createCanvas(tiles);
  const all = tiles.tiles;
  const seen = new Set();
  let copied = 0;
  /** @type {(error: unknown) => void} */
  let fail = () => {};
  /** @type {(value: unknown) => void} */
  let finish = () => {};
  const done = new Promise((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  done.catch(() => {}); // it may fail before anything waits for it
  const onAbort = () => fail(signal.reason);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => fail(refused('the decoder does not answer')), SILENCE_MS);
  };
  /** @param {any} frame */
  async function output(frame) {
    try {
      const index = frame.timestamp / TICK;
      if (!(index in all) || seen.has(index)) throw refused('the decoder gave a frame twice');
      seen.add(index);
      await canvas.put(frame, index);
      wait();
      copied += 1;
      onTile(copied / all.length);
      if (copied === all.length) finish(null);
    } catch (error) {
      fail(error);
    } finally {
      frame.close();
    }
  }
  const decoder = new scope.VideoDecoder({ output, error: fail });
  try {
    signal.addEventListener('abort', onAbort);
    wait();
    decoder.configure(config);
    for (const [index, ranges] of all.entries()) {
      const data = dataOf(bytes, ranges);
      decoder.decode(new scope.EncodedVideoChunk({ type: 'key', timestamp: index * TICK, data }));
    }
    decoder.flush().then(() => seen.size < all.length && fail(refused('the decoder left tiles out')), fail);
    await done;
    return canvas.result();
  } catch (error) {
    if (error instanceof NetocrError || error === signal.reason) throw error;
    throw refused(`the decoder failed: ${nameOf(error)}`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    if (decoder.state !== 'closed') decoder.close();
  }
}
