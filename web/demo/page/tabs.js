// The tab list: WAI-ARIA tabs with automatic activation (arrow keys, Home, End); the address keeps the chosen one.

import { onLanguage, t } from '../text/i18n.js';
import { element } from './dom.js';

/**
 * @param {HTMLElement} list
 * @param {{name: string, panel: HTMLElement}[]} entries
 * @param {() => void} onChoice
 * @returns {() => string}  the name of the chosen tab
 */
export function createTabs(list, entries, onChoice) {
  const tabs = entries.map(({ name }) =>
    element('button', {
      type: 'button',
      role: 'tab',
      id: `tab-${name}`,
      'aria-controls': `panel-${name}`,
    }),
  );
  let chosen = 0;

  /** @param {number} index */
  function choose(index) {
    chosen = index;
    tabs.forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
      entries[i].panel.hidden = i !== index;
    });
  }

  function byAddress() {
    const index = entries.findIndex(({ name }) => `#${name}` === location.hash);
    if (index < 0) return;
    choose(index);
    onChoice();
  }

  /** @param {number} index */
  function chooseAndTell(index) {
    choose(index);
    history.replaceState(null, '', `#${entries[index].name}`);
    onChoice();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const last = tabs.length - 1;
    const moves = {
      ArrowRight: chosen === last ? 0 : chosen + 1,
      ArrowLeft: chosen === 0 ? last : chosen - 1,
      Home: 0,
      End: last,
    };
    const target = /** @type {Record<string, number>} */ (moves)[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    chooseAndTell(target);
    tabs[target].focus();
  }

  for (const [index, tab] of tabs.entries()) tab.addEventListener('click', () => chooseAndTell(index));
  list.addEventListener('keydown', onKey);
  list.append(...tabs);
  window.addEventListener('hashchange', byAddress);
  const label = () =>
    tabs.forEach((tab, i) => {
      tab.textContent = t(`${entries[i].name}.tab`);
    });
  onLanguage(label);
  label();
  choose(0);
  byAddress();
  return () => entries[chosen].name;
}
