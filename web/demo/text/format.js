// Numbers as people read them, in their language.
import { currentLanguage, t } from './i18n.js';

const locale = () => (currentLanguage() === 'zh' ? 'zh-CN' : 'en');

/**
 * @param {number} value
 * @param {number} [digits]  at most, after the point
 */
export function formatNumber(value, digits = 2) {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

/** Bytes in the units of the byte budget (1 KB shown = 1024 bytes). @param {number} bytes */
export function formatBytes(bytes) {
  if (bytes < 1024) return `${formatNumber(bytes, 0)} B`;
  if (bytes < 1024 * 1024) return `${formatNumber(bytes / 1024, 1)} KB`;
  return `${formatNumber(bytes / 1024 / 1024, 2)} MB`;
}

/** @param {number} ms */
export function formatDuration(ms) {
  return ms < 1000 ? `${formatNumber(ms, 0)} ms` : `${formatNumber(ms / 1000, 2)} s`;
}

/** Time that is left, in whole seconds. @param {number} ms */
export function formatCountdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const values = { minutes: Math.floor(seconds / 60), seconds: seconds % 60 };
  return t(values.minutes > 0 ? 'time.minutes' : 'time.seconds', values);
}

/**
 * @param {number} width
 * @param {number} height  both zero when the format is only recognised
 */
export function formatDimensions(width, height) {
  return width && height ? `${width} × ${height}` : '';
}

/** @param {number} fraction */
export function formatPercent(fraction) {
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 }).format(fraction);
}

/** The name people know a format by. @param {string} format */
export function formatName(format) {
  const names = { jpeg: 'JPEG', jp2: 'JPEG 2000 (JP2)', j2k: 'JPEG 2000 (J2K)', webp: 'WebP', unknown: '?' };
  return /** @type {Record<string, string>} */ (names)[format] ?? format.toUpperCase();
}
