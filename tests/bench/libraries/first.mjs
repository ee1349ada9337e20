// `node first.mjs FOLDER MODULE PICTURE`: the processor time in ms that a module needs for the first picture of a process,
// including the engine's compilation, as in a page that prepares one photo.
import { readFile } from 'node:fs/promises';
import { processorTime } from './measure.mjs';
import { loadModule } from './module.mjs';

const [folder, name, path] = process.argv.slice(2);
const file = await readFile(path);
const shape = JSON.parse(await readFile(`${path}.json`, 'utf8'));
const module = await loadModule(folder, name);
const at = module.put(file);
const start = processorTime();
module.rows(at, { name: path, file, shape }, false);
console.log(processorTime() - start);
