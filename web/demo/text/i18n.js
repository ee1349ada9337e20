// The choice of the language, and the page's words in it (texts.js). Texts of error codes come from the package.
import { texts } from './texts.js';

/** @typedef {'en' | 'zh'} Language */

const kStorageKey = 'netocr-demo-language';

/** @type {Language} */
let language = 'en';
/** @type {Set<() => void>} */
const listeners = new Set();

/** @returns {Language} */
export function currentLanguage() {
  return language;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}  the key itself when there is no such text
 */
export function t(key, values = {}) {
  const text = /** @type {Record<string, string>} */ (texts[language])[key];
  return text === undefined ? key : text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** @param {string} key */
export function hasText(key) {
  return Object.hasOwn(texts[language], key);
}

/**
 * Words of a page of its own, before the first setLanguage(); they go before the demo's of the same key.
 * @param {Record<Language, Record<string, string>>} more
 */
export function addTexts(more) {
  Object.assign(texts.en, more.en);
  Object.assign(texts.zh, more.zh);
}

/** @param {() => void} listener  called after every change of language */
export function onLanguage(listener) {
  listeners.add(listener);
}

/**
 * The language to begin with: the address, the last choice, the browser's list, English.
 * @param {{search: string, stored: string | null, preferred: readonly string[]}} from
 * @returns {Language}
 */
export function chooseLanguage({ search, stored, preferred }) {
  const wanted = [new URLSearchParams(search).get('lang'), stored, ...preferred];
  for (const tag of wanted) {
    const primary = (tag ?? '').toLowerCase().split('-')[0];
    if (primary === 'zh' || primary === 'en') return primary;
  }
  return 'en';
}

/** @returns {string | null} */
export function storedLanguage() {
  try {
    return localStorage.getItem(kStorageKey);
  } catch {
    return null; // storage is switched off: the choice lasts for this page
  }
}

/**
 * @param {Language} wanted
 * @param {{remember?: boolean}} [options]
 */
export function setLanguage(wanted, { remember = false } = {}) {
  language = wanted;
  document.documentElement.lang = wanted === 'zh' ? 'zh-CN' : 'en';
  document.title = t('title');
  translate(document);
  if (remember) {
    try {
      localStorage.setItem(kStorageKey, wanted);
    } catch {
      // as above
    }
  }
  for (const listener of listeners) listener();
}

/**
 * Fills in every `data-i18n` (text) and `data-i18n-label` (aria-label) below a node.
 * @param {ParentNode} root
 */
export function translate(root) {
  for (const node of root.querySelectorAll('[data-i18n]')) {
    node.textContent = t(/** @type {HTMLElement} */ (node).dataset.i18n ?? '');
  }
  for (const node of root.querySelectorAll('[data-i18n-label]')) {
    node.setAttribute('aria-label', t(/** @type {HTMLElement} */ (node).dataset.i18nLabel ?? ''));
  }
}
