// The whole comparison: set-up, every photo, encoding, downloads -> Results.

import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildDir } from '../../scripts/lib/paths.mjs';
import { chooseCompetitors } from './competitors.mjs';
import { downloadSize } from './download.mjs';
import { installPackages } from './install.mjs';
import { openJudge } from './judge.mjs';
import { BUDGET, measurePhoto } from './measure.mjs';
import { measureNodeEncoding } from './node-encoding.mjs';
import { launch, openPage, openPagePeer } from './peer.mjs';
import { makePhotos, readPhotos } from './photos.mjs';
import { startFileServer } from './server.mjs';

const ENCODING = { sizes: [200 * 1024, 1024 * 1024], rounds: 15 };

/**
 * @param {{photos?: string, large?: boolean, only?: string[], rounds: number, browser: string, scorer?: string,
 *   report: (text: string) => void}} options photos: a folder; scorer: the program of SSIMULACRA2
 * @returns {Promise<import('./report.mjs').Results>}
 */
export async function compare({ photos: given, large, only = [], rounds, browser, scorer, report }) {
  const folder = join(buildDir, 'bench');
  const competitors = chooseCompetitors(only);
  const modules = await installPackages(folder, competitors, report);
  const photos = given
    ? await readPhotos(given)
    : await makePhotos(join(folder, 'photos'), { large, report });
  const server = await startFileServer({
    modules,
    photos: new Map(photos.map(({ name, path }) => [name, path])),
  });
  const setting = { origin: server.origin, browser, folder, runs: rounds, report };
  await mkdir(join(folder, 'out'), { recursive: true });
  try {
    const { able, downloads } = await tryEach(competitors, setting, server.served);
    const rows = [];
    for (const photo of photos) {
      const { judge, close } = await openJudge(photo, setting, scorer);
      rows.push(...(await measurePhoto(able, photo, setting, judge).finally(close)));
    }
    report('base64 and form encoding');
    const { version, encoding } = await measureInPage(setting);
    const inNode = await measureNodeEncoding(ENCODING);
    return {
      machine: { cores: availableParallelism(), node: process.versions.node, browser: `Chromium ${version}` },
      budget: BUDGET,
      rounds,
      photos: photos.map(({ name, type, bytes }) => ({ name, type, bytes })),
      competitors: able.map(({ name, title }) => ({ name, title, downloadBytes: downloads[name] })),
      rows,
      encoding: [
        ...encoding.map((row) => ({ where: 'browser', ...row })),
        ...inNode.map((row) => ({ where: 'node', ...row })),
      ],
    };
  } finally {
    await server.close();
  }
}

/**
 * Who can start here, and what each downloads for it. One that cannot is told and left out.
 * @param {import('./competitors.mjs').Competitor[]} competitors @param {import('./measure.mjs').Setting} setting
 * @param {Set<string>} served by the server so far
 */
async function tryEach(competitors, setting, served) {
  const able = [];
  /** @type {Record<string, number | null>} */
  const downloads = {};
  for (const competitor of competitors) {
    const { name, place, packages } = competitor;
    if (place === 'node') {
      able.push(competitor);
      downloads[name] = null;
      continue;
    }
    const browser = await launch(setting.browser);
    try {
      const peer = await openPagePeer(competitor, browser, setting.origin);
      served.clear();
      await peer.load();
      // The recipes of the browser cost nothing; a package's own files count, and ours.
      const parts = name.startsWith('ours') ? ['/web/src/', '/dist/'] : packages.map((part) => `/${part}/`);
      downloads[name] = await downloadSize(
        [...served].filter((path) => parts.some((part) => path.includes(part))),
      );
      able.push(competitor);
    } catch (error) {
      setting.report(`${name} is left out: ${String(error).split('\n')[0]}`);
    } finally {
      await browser.close();
    }
  }
  return { able, downloads };
}

/** @param {import('./measure.mjs').Setting} setting */
async function measureInPage(setting) {
  const browser = await launch(setting.browser);
  try {
    const page = await openPage(browser, setting.origin);
    const encoding = await page.evaluate((options) => bench.measureEncoding(options), ENCODING);
    return { version: browser.version, encoding };
  } finally {
    await browser.close();
  }
}
