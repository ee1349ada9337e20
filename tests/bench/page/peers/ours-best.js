// netocr-wasm with all that it can do for the picture.
import * as ours from './ours.js';

export const init = () => ours.init({ effort: 'best' });
export const prepare = ours.prepare;
