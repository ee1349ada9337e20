// Downloads the competitors' sources, pinned by SHA-256, and compiles every module of CMakeLists.txt in build/libraries.
// It is not part of set-up or of the tests: the sources are downloaded when the comparison runs.
import { readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApt } from '../../../scripts/lib/apt.mjs';
import { exists } from '../../../scripts/lib/exists.mjs';
import { sha256 } from '../../../scripts/lib/hash.mjs';
import { reportNinja } from '../../../scripts/lib/ninja.mjs';
import { buildDir, cacheRoot, root } from '../../../scripts/lib/paths.mjs';
import { run, StepError } from '../../../scripts/lib/run.mjs';
import { ensureSources, sourceFetchers, unpack } from '../../../scripts/sources.mjs';
import { ensureEmscripten } from '../../../scripts/toolchain.mjs';

const project = fileURLToPath(new URL('.', import.meta.url));
const log = join(buildDir, 'logs/libraries.log');
/** Where ITK's source has its copy of zlib-ng, and what it is taken for when zlib-ng itself cannot be had. */
const STAND_IN = { name: 'itk', of: 'zlib-ng', folder: 'Modules/ThirdParty/ZLIB/src/itkzlib-ng' };

/** @param {(detail: string) => void} report @returns {Promise<string>} one folder a library, in the user's cache */
async function ensureCompetitors(report) {
  const text = await readFile(join(project, 'sources.json'), 'utf8');
  const target = join(cacheRoot(), 'bench-sources', sha256(text).slice(0, 12));
  if (await exists(target)) return target;
  const draft = `${target}.tmp`;
  await rm(draft, { recursive: true, force: true });
  /** @type {import('../../../scripts/sources.mjs').Source[]} */
  const sources = JSON.parse(text);
  const apt = createApt(join(cacheRoot(), 'apt-bench'), log, 'trixie sid');
  const from = { downloads: join(cacheRoot(), 'downloads'), fetchers: await sourceFetchers(apt) };
  const standIn = sources.find(({ name }) => name === STAND_IN.name);
  for (const source of sources) {
    if (source === standIn) continue;
    report(`${source.name} ${source.version}`);
    const folder = join(draft, source.name);
    await unpack(source, folder, from).catch(async (error) => {
      if (!standIn || source.name !== STAND_IN.of || !(error instanceof StepError)) throw error;
      report(`${source.name} ${source.version} out of ITK ${standIn.version}, 400 MB`);
      await unpack(standIn, join(draft, standIn.name), from);
      await rm(folder, { recursive: true, force: true });
      await rename(join(draft, standIn.name, STAND_IN.folder), folder);
    });
  }
  await rename(draft, target);
  return target;
}

/** @param {(detail: string) => void} report @returns {Promise<string>} the folder of the modules */
export async function buildModules(report) {
  await ensureEmscripten(report);
  await ensureSources(report);
  const tree = join(buildDir, 'libraries');
  const definitions = {
    NETOCR_COMPETITORS: await ensureCompetitors(report),
    CMAKE_TOOLCHAIN_FILE: join(buildDir, 'toolchain/wasm.cmake'),
  };
  const flags = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  await run('cmake', ['-G', 'Ninja', '-S', root, '-B', tree, ...flags], { log });
  const jobs = String(availableParallelism());
  await run('cmake', ['--build', tree, '--target', 'libraries', '-j', jobs], {
    log,
    onLine: (line) => reportNinja(line, report),
  });
  return join(tree, 'modules');
}
