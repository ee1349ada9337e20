// The measurements. For each photo every competitor runs once in its own browser (first call, memory, the file), then all of
// them run in turns, round by round, so that disturbances of the machine affect all alike.
import { join } from 'node:path';
import { YARDSTICK } from './competitors.mjs';
import { watchMemory } from './memory.mjs';
import { launch, openNodePeer, openPagePeer } from './peer.mjs';

/** @typedef {import('./competitors.mjs').Competitor} Competitor */
/** @typedef {import('./photos.mjs').Photo} Photo */
/** @typedef {{origin: string, served: Set<string>, browser: string, folder: string, runs: number, report: (text: string) => void}} Setting */

export const BUDGET = { maxBytes: 200 * 1024, maxEdge: 1600 };
const WARM_UPS = 2;
/** Whoever takes longer than this for its first photo is in three rounds only, without warming up. */
const SLOW_MS = 2500;
const SLOW_RUNS = 3;

/** No load and no run may take longer: a competitor that hangs must not hang the comparison. */
const LIMIT_MS = 300_000;

/** @template T @param {Promise<T>} promise @returns {Promise<T>} */
async function inTime(promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** @param {number[]} values @returns {number} */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * @param {Competitor} competitor @param {Setting} setting
 * @param {import('./peer.mjs').Browser} [shared] a browser that others use as well
 */
async function openPeer(competitor, setting, shared) {
  if (competitor.place === 'node') return openNodePeer(join(setting.folder, 'out/node.jpg'));
  const browser = shared ?? (await launch(setting.browser));
  try {
    const peer = await openPagePeer(competitor, browser, setting.origin);
    return shared ? peer : { ...peer, close: () => browser.close() };
  } catch (error) {
    if (!shared) await browser.close();
    throw error;
  }
}

/**
 * The first call in a fresh page (loading included), its memory and its file.
 * @param {Competitor} competitor @param {Photo} photo @param {Setting} setting
 */
async function measureFirst(competitor, photo, setting) {
  const peer = await openPeer(competitor, setting);
  try {
    setting.served.clear();
    const loadMs = await inTime(peer.load());
    await peer.give(photo);
    const highest = await watchMemory(peer.pid);
    const { ms, bytes } = await inTime(peer.run(BUDGET));
    const peakBytes = await highest();
    const files = [...setting.served];
    return { firstMs: loadMs + ms, slow: ms > SLOW_MS, bytes, peakBytes, files, output: await peer.output() };
  } finally {
    await peer.close();
  }
}

/**
 * @param {Competitor[]} competitors those that can do this photo
 * @param {Set<string>} slow names
 * @param {Photo} photo @param {Setting} setting
 * @returns {Promise<Record<string, {times: number[], gaps: number[], error?: string}>>}
 */
async function measureRounds(competitors, slow, photo, setting) {
  const shared = await launch(setting.browser);
  /** @type {Record<string, import('./peer.mjs').Peer>} */
  const peers = {};
  /** @type {Record<string, {times: number[], gaps: number[], error?: string}>} */
  const seen = {};
  try {
    for (const competitor of competitors) {
      const peer = await openPeer(competitor, setting, shared);
      peers[competitor.name] = peer;
      seen[competitor.name] = { times: [], gaps: [] };
      await inTime(peer.load());
      await peer.give(photo);
    }
    for (let round = -WARM_UPS; round < setting.runs; round += 1) {
      // Each round begins with another one: nobody always follows the same neighbour.
      const turn = competitors.map((_, i) => competitors[(i + round + WARM_UPS) % competitors.length]);
      for (const { name } of turn) {
        if (seen[name].error || (slow.has(name) && (round < 0 || round >= SLOW_RUNS))) continue;
        try {
          const { ms, gap } = await inTime(peers[name].run(BUDGET));
          if (round < 0) continue;
          seen[name].times.push(ms);
          if (gap !== null) seen[name].gaps.push(gap);
        } catch (error) {
          // The others go on without it.
          seen[name].error = errorLine(error);
        }
      }
    }
  } finally {
    await peers['ours-node']?.close();
    await shared.close();
  }
  return seen;
}

/**
 * @param {Competitor[]} competitors @param {Photo} photo @param {Setting} setting
 * @param {(name: string, output: Buffer) => Promise<object>} judge the quality of a file
 * @returns {Promise<object[]>} a row for each competitor; `error` where it cannot do this photo
 */
export async function measurePhoto(competitors, photo, setting, judge) {
  /** @type {Record<string, any>} */
  const rows = {};
  for (const competitor of competitors) {
    const row = { competitor: competitor.name, photo: photo.name };
    rows[competitor.name] = row;
    setting.report(`${photo.name}: ${competitor.name}, first call`);
    try {
      const { output, ...first } = await measureFirst(competitor, photo, setting);
      Object.assign(row, first, await judge(competitor.name, output));
    } catch (error) {
      Object.assign(row, { error: errorLine(error) });
    }
  }
  if (rows[YARDSTICK].error) throw new Error(`${YARDSTICK}: ${rows[YARDSTICK].error}`);

  const able = competitors.filter(({ name }) => !rows[name].error);
  const slow = new Set(able.map(({ name }) => name).filter((name) => rows[name].slow));
  setting.report(`${photo.name}: ${able.length} competitors, ${setting.runs} rounds`);
  const seen = await measureRounds(able, slow, photo, setting);
  if (seen[YARDSTICK].error) throw new Error(`${YARDSTICK}: ${seen[YARDSTICK].error}`);
  const yard = median(seen[YARDSTICK].times);
  for (const { name } of able) {
    const { times, gaps, error } = seen[name];
    if (error) {
      rows[name].error = error;
      continue;
    }
    Object.assign(rows[name], {
      runs: times.length,
      medianMs: median(times),
      minMs: Math.min(...times),
      ratio: median(times) / yard,
      gapMs: gaps.length > 0 ? median(gaps) : null,
    });
  }
  return Object.values(rows).map(({ slow: _, ...row }) => row);
}

/** @param {unknown} error */
const errorLine = (error) =>
  String(/** @type {any} */ (error)?.message ?? error)
    .replace(/^page\.evaluate: (Error: )?/, '')
    .split('\n')[0]
    .slice(0, 160);
