// `node write-samples.mjs FOLDER`: the whole files that hostile_test damages, in FOLDER/<target>/.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeBases } from '../fixtures/hostile.mjs';

const [folder] = process.argv.slice(2);
await rm(folder, { recursive: true, force: true });
for (const { target, name, bytes } of makeBases()) {
  await mkdir(join(folder, target), { recursive: true });
  await writeFile(join(folder, target, name.replace(/[^A-Za-z0-9]+/g, '-')), bytes);
}
