// Shows a result, an error or the emptiness before them. A verdict is told by word, sign and colour, never by colour alone.
import { element, icon } from '../page/dom.js';
import { describeError, isAbort, isRetryable } from '../text/error-text.js';
import { formatDuration, formatNumber } from '../text/format.js';
import { t } from '../text/i18n.js';
import { waitNode } from './wait-view.js';

/**
 * @typedef {{state: 'empty'} | {state: 'busy'}
 *   | {state: 'result', operation: string, result: any, tookMs: number}
 *   | {state: 'error', error: unknown, tookMs: number, failedAt: number}} Outcome  `failedAt` in milliseconds since 1970
 */

/**
 * @param {HTMLElement} root
 * @param {Outcome} outcome
 * @param {() => void} retry
 */
export function renderOutcome(root, outcome, retry) {
  root.dataset.state = outcome.state;
  delete root.dataset.verdict;
  if (outcome.state === 'result') {
    root.dataset.verdict = stateOf(outcome.result);
    root.replaceChildren(...resultNodes(outcome.operation, outcome.result, outcome.tookMs));
  } else if (outcome.state === 'error') {
    root.replaceChildren(...errorNodes(outcome.error, outcome.failedAt, retry));
  } else {
    root.replaceChildren(...emptyNodes());
  }
}

function emptyNodes() {
  const steps = [1, 2, 3].map((step) => element('li', { text: t(`result.step.${step}`) }));
  return [
    element('p', { class: 'placeholder', text: t('result.empty') }),
    element('ol', { class: 'steps small muted' }, ...steps),
  ];
}

/**
 * A verdict that the page may not see is no unclear one.
 * @param {import('../../client/shared/types.js').Result} result
 */
function stateOf({ verdict, reason }) {
  return reason === 'withheld' ? reason : verdict;
}

/**
 * @param {string} operation
 * @param {import('../../client/shared/types.js').Result} result
 * @param {number} tookMs
 */
function resultNodes(operation, result, tookMs) {
  const state = stateOf(result);
  const isClear = state === 'pass' || state === 'fail';
  const sentence = t(isClear ? `${operation}.${state}` : `verdict.${state}.text`);
  return [
    headline(state, t(`verdict.${state}`), sentence),
    result.score && scoreNode(result.score),
    result.idCard && idCardNode(result.idCard),
    result.signals && signalsNode(result.signals),
    result.items && itemsNode(result.items),
    statusNode(result, tookMs),
    rawNode(t('raw.title'), result),
  ].filter((node) => node instanceof Node);
}

/**
 * @param {unknown} error
 * @param {number} failedAt
 * @param {() => void} retry
 */
function errorNodes(error, failedAt, retry) {
  if (isAbort(error)) return [element('p', { class: 'placeholder said', text: t('error.aborted') })];
  const { message, code, detail } = describeError(error);
  const again = element('button', { type: 'button', text: t('retry') });
  again.addEventListener('click', retry);
  const { status, requestId, stage, retryable, retryAfterMs, index } = /** @type {any} */ (error);
  const record = { code, stage, retryable, retryAfterMs, detail, status, requestId, index };
  const rows = [
    ['error.code', code],
    ['error.detail', detail],
    ['status.request', requestId],
  ];
  if (status) rows.splice(1, 0, ['status.code', [status.code, status.message].filter(Boolean).join(' · ')]);
  return [
    headline('error', t('verdict.error'), message),
    isRetryable(error) ? again : null,
    retryAfterMs ? waitNode(again, failedAt + retryAfterMs) : null,
    definitions(
      'facts wide',
      rows.filter(([, value]) => value),
    ),
    rawNode(t('raw.error'), record),
  ].filter((node) => node !== null);
}

/**
 * @param {string} sign
 * @param {string} word
 * @param {string} sentence
 */
function headline(sign, word, sentence) {
  return element(
    'div',
    { class: 'headline' },
    element('span', { class: 'sign' }, icon(sign)),
    element('div', {}, element('h3', { text: word }), element('p', { text: sentence })),
  );
}

/** @param {{value: number, scale: [number, number], threshold: number, higherMeans: string}} score */
function scoreNode({ value, scale: [low, high], threshold, higherMeans }) {
  const at = (/** @type {number} */ x) => `${Math.min(100, Math.max(0, ((x - low) / (high - low)) * 100))}%`;
  const words = [
    t('score.of', { value: formatNumber(value, 4), low, high }),
    t('score.threshold', { threshold }),
    t(`score.${higherMeans}`),
  ];
  const track = element(
    'div',
    { class: 'track', role: 'img', 'aria-label': words.join(', ') },
    element('span', { class: 'zone' }),
    element('span', { class: 'tick' }),
    element('span', { class: 'marker' }),
  );
  track.dataset.good = higherMeans === 'spoof' ? 'low' : 'high';
  // Through the object model: a style attribute would need an exception in the content security policy.
  track.style.setProperty('--value', at(value));
  track.style.setProperty('--threshold', at(threshold));
  const ends = element(
    'div',
    { class: 'ends small muted num' },
    element('span', { text: String(low) }),
    element('span', { class: 'at-threshold', text: String(threshold) }),
    element('span', { text: String(high) }),
  );
  ends.style.setProperty('--threshold', at(threshold));
  return element(
    'section',
    { class: 'score' },
    element('h4', {}, `${t('score.title')} `, element('b', { class: 'num', text: formatNumber(value, 4) })),
    track,
    ends,
    element('p', { class: 'small', text: words.slice(1).join(' · ') }),
    element('p', { class: 'small muted', text: t('score.note') }),
  );
}

/** @param {Partial<import('../../client/shared/types.js').VideoSignals>} signals */
function signalsNode(signals) {
  const rows = Object.entries(signals).map(([name, value]) => [
    `signals.${name}`,
    t(`signal.${value ?? 'unknown'}`),
  ]);
  return element('section', {}, element('h4', { text: t('signals.title') }), definitions('facts wide', rows));
}

/** @param {import('../../client/shared/types.js').IdCard} idCard */
function idCardNode(idCard) {
  const names = /** @type {const} */ (['name', 'sex', 'ethnicity', 'birth', 'address', 'number']);
  const rows = names.map((name) => [`idCard.${name}`, idCard[name] || t('signal.unknown')]);
  return element('section', {}, element('h4', { text: t('idCard.title') }), definitions('facts wide', rows));
}

/** @param {{desc: string, content: string}[]} items */
function itemsNode(items) {
  const title = element('h4', { text: t('items.title') });
  if (items.length === 0)
    return element('section', {}, title, element('p', { class: 'small muted', text: t('items.none') }));
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col', text: t('items.desc') }),
    element('th', { scope: 'col', text: t('items.content') }),
  );
  const rows = items.map(({ desc, content }) =>
    element('tr', {}, element('td', { text: desc }), element('td', { text: content })),
  );
  return element(
    'section',
    {},
    title,
    element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows)),
  );
}

/**
 * @param {import('../../client/shared/types.js').Result} result
 * @param {number} tookMs
 */
function statusNode({ status, requestId, withheld }, tookMs) {
  const rows = [
    ['status.code', [status.code, status.message].filter(Boolean).join(' · ') || '–'],
    ['status.http', String(status.httpStatus)],
    ['status.request', requestId || '–'],
    ['status.took', formatDuration(tookMs)],
  ];
  if (withheld.length > 0)
    rows.unshift(['withheld.title', withheld.map((part) => t(`withheld.${part}`)).join(t('withheld.and'))]);
  return element('section', {}, element('h4', { text: t('status.title') }), definitions('facts wide', rows));
}

/**
 * @param {string} title
 * @param {unknown} record
 */
function rawNode(title, record) {
  return element(
    'details',
    { class: 'raw' },
    element('summary', { text: title }),
    element('pre', { tabindex: '0', text: JSON.stringify(record, null, 2) }),
  );
}

/**
 * @param {string} className
 * @param {string[][]} rows  key of the term, text
 */
function definitions(className, rows) {
  return element(
    'dl',
    { class: className },
    ...rows.flatMap(([term, text]) => [
      element('dt', { text: t(term) }),
      element('dd', { text, dir: 'auto' }),
    ]),
  );
}
