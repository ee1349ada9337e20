// The table of a comparison: a row for each way, its time and what its picture lacks as bars.
import { element } from '../page/dom.js';
import { formatBytes, formatDimensions, formatDuration, formatNumber } from '../text/format.js';
import { t } from '../text/i18n.js';
import { median } from './run.js';

/** @typedef {import('./run.js').Outcome} Outcome */

/** What times are a multiple of: the fastest way of the browser that is here. @param {Outcome[]} outcomes */
export function yardstickOf(outcomes) {
  return /** @type {Outcome} */ (
    outcomes.find(({ name }) => name === 'decoder') ?? outcomes.find(({ name }) => name === 'canvas')
  );
}

/**
 * @param {Outcome[]} outcomes
 * @returns {HTMLElement[]}
 */
export function renderOutcomes(outcomes) {
  const yardstick = yardstickOf(outcomes);
  const longest = Math.max(...outcomes.map(({ times }) => median(times)));
  const farthest = Math.max(...outcomes.map(({ ssim }) => 1 - (ssim ?? 1)));
  const heads = ['way', 'time', 'file', 'likeness'].map((name) =>
    element('th', { scope: 'col', class: `cell head ${name}`, text: t(`bench.${name}`) }),
  );
  const rows = outcomes.map((outcome) => rowOf(outcome, { yardstick, longest, farthest }));
  const table = element(
    'table',
    { class: 'ways' },
    element('caption', { class: 'hidden-text', text: t('bench.caption') }),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
  const notes = [element('p', { class: 'small muted', text: t('bench.about') })];
  if (yardstick.name !== 'decoder')
    notes.unshift(element('p', { class: 'small', text: t('bench.no-decoder') }));
  return [table, ...notes];
}

/**
 * @param {Outcome} outcome
 * @param {{yardstick: Outcome, longest: number, farthest: number}} scale
 */
function rowOf(outcome, { yardstick, longest, farthest }) {
  const { name, times, file, width, height, ssim } = outcome;
  const time = median(times);
  const ratio = time / median(yardstick.times);
  const range = { low: formatDuration(Math.min(...times)), high: formatDuration(Math.max(...times)) };
  const facts = [t('bench.range', range)];
  if (outcome !== yardstick)
    facts.unshift(t('bench.ratio', { ratio: formatNumber(ratio, 2), way: t(`way.${yardstick.name}`) }));
  return element(
    'tr',
    { 'data-way': name, class: name === 'ours' || name === 'best' ? 'row own' : 'row' },
    element(
      'th',
      { scope: 'row', class: 'cell way' },
      element('b', { text: t(`way.${name}`) }),
      element('span', { class: 'fact small muted', text: t(`way.${name}.text`) }),
    ),
    cell('time', formatDuration(time), facts.join(' · '), time / longest),
    cell('file', formatBytes(file.size), formatDimensions(width, height)),
    cell(
      'likeness',
      ssim === null ? '–' : formatNumber(ssim, 4),
      '',
      ssim === null ? undefined : (1 - ssim) / farthest,
    ),
  );
}

/**
 * @param {string} name of the column; its words are shown on narrow screens
 * @param {string} value @param {string} fact @param {number} [share] of the longest bar
 */
function cell(name, value, fact, share) {
  const head = t(`bench.${name}`);
  const td = element(
    'td',
    { class: `cell ${name}`, 'data-head': head },
    element('b', { class: 'num', text: value }),
  );
  if (share !== undefined) {
    const fill = element('span', { class: 'fill' });
    fill.style.inlineSize = `${100 * Math.max(0.01, share)}%`;
    td.append(element('span', { class: 'bar', 'aria-hidden': 'true' }, fill));
  }
  if (fact) td.append(element('span', { class: 'fact small muted', text: fact }));
  return td;
}
