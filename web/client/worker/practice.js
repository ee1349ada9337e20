// Browsers compile a module quickly at first and well only what was run for a while: the first photo takes twice as long
// as the next ones. A worker that has nothing to do yet practises on a small picture of its own.
import { wrapPixels } from './bmp.js';

const WIDTH = 512;
const HEIGHT = 384;
const PICTURE_BYTES = 100_000;
const RUNS = 4; // 10 to 30 ms each where a photo of 12 megapixels takes 150; more made no difference
// Less than half of the picture, so that it is decoded at a reduced scale and then filtered, as photos are.
const SMALL = { maxEdge: 200, maxBytes: 12_000 };

/**
 * Never fails: a trap is told by the bridge itself.
 * @param {import('./types.js').Bridge} bridge
 * @param {() => boolean} isIdle asked before each step; false ends the practice
 */
export async function practise(bridge, isIdle) {
  try {
    /** @type {Uint8Array<ArrayBuffer>} */
    let picture = wrapPixels(roughPixels());
    for (let run = 0; run <= RUNS; run += 1) {
      // What has arrived in the meantime comes first.
      await new Promise((resolve) => setTimeout(resolve));
      if (!isIdle()) return;
      const options = run === 0 ? { maxEdge: WIDTH, maxBytes: PICTURE_BYTES } : SMALL;
      const { bytes } = bridge.prepareImage(picture, options, () => {});
      if (run === 0) picture = bytes;
    }
  } catch {
    // No memory for it, or a trap: the next request will tell.
  }
}

/** Waves under noise: all frequencies, as in a photo. @returns {import('./types.js').Pixels} */
function roughPixels() {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  let state = 1;
  for (let i = 0; i < rgba.length; i += 1) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    rgba[i] = i % 4 === 3 ? 255 : 128 + 60 * Math.sin(i / 900) + ((state >>> 24) - 128) / 4;
  }
  return { rgba, width: WIDTH, height: HEIGHT, fullWidth: WIDTH, fullHeight: HEIGHT };
}
