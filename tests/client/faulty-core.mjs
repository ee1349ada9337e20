// The shipped core, except that preparing a photo does what its first bytes say: TRAP, EXIT, LOOP (for ever).
import createCodecs from '../../web/client/dist/codecs.mjs';
import createCore from '../../web/client/dist/core.mjs';

// (module (func (export "trap") unreachable))
const TRAP = 'AGFzbQEAAAABBAFgAAADAgEABwgBBHRyYXAAAAoFAQMAAAs=';
const { trap } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(TRAP, 'base64'))).exports;

const ACTS = {
  TRAP: trap,
  EXIT: () => process.exit(3),
  LOOP: () => {
    for (;;);
  },
};

async function createFaultyCore(options) {
  const core = await createCore(options);
  const { prepareImage } = core;
  core.prepareImage = (pointer, ...rest) => {
    const word = Buffer.from(core.HEAPU8.slice(pointer, pointer + 4)).toString('latin1');
    ACTS[word]?.();
    return prepareImage(pointer, ...rest);
  };
  return core;
}

/** Codecs that trap on a file that ends in TRAP. */
async function createFaultyCodecs(options) {
  const codecs = await createCodecs(options);
  const { prepareImage } = codecs;
  codecs.prepareImage = (pointer, length, ...rest) => {
    const word = Buffer.from(codecs.HEAPU8.slice(pointer + length - 4, pointer + length)).toString('latin1');
    ACTS[word]?.();
    return prepareImage(pointer, length, ...rest);
  };
  return codecs;
}

export const faultyGlue = { createCore: createFaultyCore, createCodecs: createFaultyCodecs };
