// What npm runs before it packs netocr-wasm or netocr-proxy: the build, so that a tarball never holds an older one.
import { setUp } from './build.mjs';
import { main } from './lib/steps.mjs';

await main(() => setUp({ tests: false }));
