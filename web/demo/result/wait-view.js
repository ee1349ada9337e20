// An error that says when to try again: how much time is left, counted down, and a button that waits for it.
import { element } from '../page/dom.js';
import { formatCountdown } from '../text/format.js';
import { t } from '../text/i18n.js';

const TICK_MS = 1000;

/**
 * Keeps the button disabled while there is time left, for as long as both are on the page.
 * @param {HTMLButtonElement} button
 * @param {number} untilMs  when the call may be tried again, in milliseconds since 1970
 * @param {() => number} [now]
 * @returns {HTMLElement}  the line beside the button
 */
export function waitNode(button, untilMs, now = Date.now) {
  // Not announced as it counts: `timer` is silent for screen readers until it is read.
  const line = element('p', { class: 'wait small num', role: 'timer' });
  function show() {
    const leftMs = untilMs - now();
    button.disabled = leftMs > 0;
    line.textContent = leftMs > 0 ? t('error.wait', { time: formatCountdown(leftMs) }) : t('error.wait.over');
    return leftMs > 0;
  }
  if (show()) {
    const timer = setInterval(() => {
      if (!line.isConnected || !show()) clearInterval(timer);
    }, TICK_MS);
  }
  return line;
}
