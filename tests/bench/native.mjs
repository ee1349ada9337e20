// `npm run bench -- --native` and `--update-bounds`: the kernels themselves, without WebAssembly.
import { spawn } from 'node:child_process';
import { buildKernels, compareCounts, describeCounts, readBounds, updateBounds } from './instructions.mjs';

/** Times every kernel with google-benchmark. @param {string[]} args its own options */
export async function timeKernels(args) {
  const program = await buildKernels('kernel_benchmark');
  const child = spawn(program, args, { stdio: 'inherit' });
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

/** Counts, prints beside the old bounds, and makes the counts the bounds. */
export async function rewriteBounds() {
  const before = await readBounds().catch(() => null);
  const counted = await updateBounds();
  console.log(describeCounts(compareCounts(counted, before ?? { ...counted, counts: {} })));
}
