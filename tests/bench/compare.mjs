// Runs the whole comparison (set-up, every photo, encoding, downloads) and returns Results.

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
  const setting = { origin: server.origin, served: server.served, browser, folder, runs: rounds, report };
  await mkdir(join(folder, 'out'), { recursive: true });
  try {
    const able = await chooseAble(competitors, setting);
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
      made: !given,
      photos: photos.map(({ name, type, bytes }) => ({ name, type, bytes })),
      competitors: await Promise.all(able.map((competitor) => described(competitor, rows))),
      rows: rows.map(({ files, ...row }) => row),
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
 * Who can start here. One that cannot is told and left out.
 * @param {import('./competitors.mjs').Competitor[]} competitors @param {import('./measure.mjs').Setting} setting
 */
async function chooseAble(competitors, setting) {
  const able = [];
  for (const competitor of competitors) {
    const browser = competitor.place === 'node' ? null : await launch(setting.browser);
    try {
      if (browser) await (await openPagePeer(competitor, browser, setting.origin)).load();
      able.push(competitor);
    } catch (error) {
      setting.report(`${competitor.name} is left out: ${String(error).split('\n')[0]}`);
    } finally {
      await browser?.close();
    }
  }
  return able;
}

/**
 * With what a page downloads for it: a package's own files and ours; the recipes of the browser cost nothing.
 * @param {import('./competitors.mjs').Competitor} competitor
 * @param {any[]} rows `files`: what was served until its first photo was done
 */
async function described({ name, title, place, packages }, rows) {
  const parts = name.startsWith('ours') ? ['/web/client/'] : packages.map((part) => `/${part}/`);
  const files = rows.find((row) => row.competitor === name && row.files)?.files ?? [];
  const own = files.filter((/** @type {string} */ path) => parts.some((part) => path.includes(part)));
  return { name, title, downloadBytes: place === 'node' ? null : await downloadSize(own) };
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
