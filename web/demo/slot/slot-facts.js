// What is told about a file: name, original, what will be sent, length, time, warnings.
import { formatBytes, formatDimensions, formatDuration, formatName } from '../text/format.js';
import { hasText, t } from '../text/i18n.js';

/**
 * @param {'image' | 'video'} kind
 * @param {any} file
 * @param {any} outcome
 * @param {{source: any} | null} problem
 * @param {number} tookMs
 * @returns {[string, string[]][]}  rows of a term's key and its lines
 */
export function factsOf(kind, file, outcome, problem, tookMs) {
  if (!file) return [];
  /** @type {[string, string[]][]} */
  const rows = [['facts.file', [file.name || '–']]];
  if (!outcome) return [...rows, ['facts.original', [originalLine(problem?.source ?? {}, file.size)]]];
  rows.push(...(kind === 'image' ? imageFacts(outcome, file.size) : videoFacts(outcome)));
  rows.push(['facts.took', [formatDuration(tookMs)]]);
  const notes = (outcome.warnings ?? [])
    .map((/** @type {string} */ word) => `warning.${word}`)
    .filter(hasText);
  if (notes.length)
    rows.push([
      'facts.warnings',
      notes.map((/** @type {string} */ key) => t(key, { percent: percentOf(outcome) })),
    ]);
  return rows;
}

/** @param {any} prepared @returns {number} of the picture's rows that the file holds */
function percentOf({ decodedRows = 0, source }) {
  return Math.floor((100 * decodedRows) / (source?.height || 1));
}

/**
 * @param {any} prepared
 * @param {number} bytes
 * @returns {[string, string[]][]}
 */
function imageFacts({ source, format, width, height, blob, quality, lossless }, bytes) {
  const sent = [formatName(format), formatDimensions(width, height), formatBytes(blob.size)];
  const how = lossless
    ? t('facts.lossless')
    : format === 'png'
      ? t('facts.exact')
      : t('facts.quality', { quality });
  const lines = [sent.join(' · '), how];
  if (source.orientation > 1) lines.push(t('facts.turned', { orientation: source.orientation }));
  return [
    ['facts.original', [originalLine(source, bytes)]],
    ['facts.prepared', lines],
  ];
}

/**
 * Format, dimensions and size, as far as they are known: a file that cannot be prepared may still be recognised.
 * @param {{format?: string, container?: string, width?: number, height?: number}} source
 * @param {number} bytes
 */
function originalLine({ format, container, width = 0, height = 0 }, bytes) {
  const name = format ?? container;
  return [name && formatName(name), formatDimensions(width, height), formatBytes(bytes)]
    .filter(Boolean)
    .join(' · ');
}

/**
 * @param {any} video
 * @returns {[string, string[]][]}
 */
function videoFacts({ container, bytes, durationMs }) {
  const length =
    durationMs === null || durationMs === undefined ? t('facts.length.unknown') : formatDuration(durationMs);
  return [
    ['facts.original', [originalLine({ container }, bytes)]],
    ['facts.length', [length]],
  ];
}
