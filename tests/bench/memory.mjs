// Measures the resident memory of a program and its child processes, from Linux's /proc: at rest, and the max.
import { readdir, readFile, writeFile } from 'node:fs/promises';

/** @param {number} pid @param {string} file */
const proc = (pid, file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');

/** @param {number} top @returns {Promise<number[]>} `top` and its descendants; empty where there is no /proc */
async function familyOf(top) {
  const names = await readdir('/proc').catch(() => []);
  const parents = new Map();
  for (const pid of names.filter((name) => /^\d+$/.test(name)).map(Number)) {
    const stat = await proc(pid, 'stat');
    if (stat) parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isOfFamily = (pid) => pid === top || (parents.has(pid) && isOfFamily(parents.get(pid)));
  return [...parents.keys()].filter(isOfFamily);
}

/** @param {number} pid @param {'VmRSS' | 'VmHWM'} field @returns {Promise<number>} bytes */
async function read(pid, field) {
  const status = await proc(pid, 'status');
  return 1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}

/**
 * @param {number} top process id
 * @returns {Promise<() => Promise<number | null>>} asked later: by how many bytes, summed over the processes, memory has been
 *   above what it was; null where that cannot be known
 */
export async function watchMemory(top) {
  const rest = new Map();
  for (const pid of await familyOf(top)) {
    // 5: the highest so far becomes what it is now.
    await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {});
    rest.set(pid, await read(pid, 'VmRSS'));
  }
  return async () => {
    if (rest.size === 0) return null;
    let sum = 0;
    for (const pid of await familyOf(top))
      sum += Math.max(0, (await read(pid, 'VmHWM')) - (rest.get(pid) ?? 0));
    return sum;
  };
}
