// netocr-wasm with `effort: 'best'`.
import * as ours from './ours.js';

export const init = () => ours.init({ effort: 'best' });
export const prepare = ours.prepare;
