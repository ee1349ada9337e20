// Shows a progress event of the package: the stage in words, the bar, the share.
import { formatPercent } from '../text/format.js';
import { t } from '../text/i18n.js';

/**
 * @param {Record<string, any>} parts  `stage`, `percent`, `progress`
 * @param {{stage: string, fraction?: number | null}} event  without a fraction the bar only says that something goes on
 */
export function showProgress({ stage, percent, progress }, event) {
  const words = t(`stage.${event.stage}`);
  // The stage is announced by screen readers: only when it changes.
  if (stage.textContent !== words) stage.textContent = words;
  const known = typeof event.fraction === 'number' && event.stage !== 'wait';
  percent.textContent = known ? formatPercent(Number(event.fraction)) : '';
  if (known) progress.value = event.fraction;
  else progress.removeAttribute('value');
}
