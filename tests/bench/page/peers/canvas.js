// The browser alone, as most pages have it.
import { prepareByCanvas } from '/web/demo/benchmark/recipes.js';

export const init = async () => {};
export const prepare = prepareByCanvas;
