// What is wrong with an entry of a list of origins, in words that the operator can act on. Origins are public, but what
// may hold a password or a query, or looks like a secret that was meant for another variable, is not repeated.
import { isOrigin } from './origins.js';

const MAX_SHOWN = 120;

/**
 * @param {readonly unknown[]} origins
 * @returns {string | null} null when all are origins; else the entry and its mistake
 */
export function originMistake(origins) {
  const index = origins.findIndex((entry) => !isOrigin(entry));
  if (index === -1) return null;
  const entry = origins[index];
  if (typeof entry !== 'string') return `entry ${index + 1} is no text`;
  const isShown =
    entry.length <= MAX_SHOWN && /^([^@?#\p{C}]*[.:*][^@?#\p{C}]*|null|localhost)$/u.test(entry);
  return `${isShown ? `"${entry}"` : `entry ${index + 1}`} is no origin: ${remedyFor(entry)}`;
}

/** @param {string} entry */
function remedyFor(entry) {
  if (/[\s;]/.test(entry.trim())) return 'separate origins by commas';
  if (entry !== entry.trim()) return 'leave out the spaces round it';
  if (/^["'].*["']$/.test(entry)) return 'leave out the quotes';
  if (entry.includes('*')) return 'there are no wildcards, list each origin';
  if (entry === 'null') return 'every sandboxed frame and every file sends null';
  if (/^(localhost|127\.|\[::1\])/.test(entry)) return 'write http:// in front';
  if (!entry.includes('://')) return 'write https:// in front';
  return remedyForUrl(entry);
}

/** @param {string} entry */
function remedyForUrl(entry) {
  if (entry.endsWith('/') && isOrigin(entry.slice(0, -1))) return 'leave out the "/" at the end';
  const url = URL.canParse(entry) ? new URL(entry) : null;
  if (url?.username || url?.password) return 'leave out user and password';
  if (url && isOrigin(url.origin)) {
    const isBare = url.pathname === '/' && !/[?#]/.test(entry);
    return isBare ? `browsers send ${url.origin}` : `leave out what follows ${url.origin}`;
  }
  return 'it must look like https://www.example.com or capacitor://localhost';
}
