// The browser alone, with the canvas code that most pages use.
import { prepareByCanvas } from '/web/demo/benchmark/recipes.js';

export const init = async () => {};
export const prepare = prepareByCanvas;
