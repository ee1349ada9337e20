// Says that a sandbox answers, and offers its scenarios: only those that fit the chosen operation, by what they lead to.

import { currentLanguage, t } from '../text/i18n.js';
import { element } from './dom.js';

/**
 * @typedef {{name: string, operations: string[], outcome: string, description: {en: string, zh: string}}} Scenario
 */

const kGroups = ['pass', 'fail', 'indeterminate', 'error'];
const groupOf = (/** @type {Scenario} */ { outcome }) => (kGroups.includes(outcome) ? outcome : 'error');

/**
 * @param {HTMLElement} root
 * @param {{scenarios: Scenario[], chosen: string, operation: string}} options
 *   `chosen`: a scenario's name, '' for the usual reply
 */
export function renderSandbox(root, { scenarios, chosen, operation }) {
  root.hidden = false;
  const select = /** @type {HTMLSelectElement} */ (root.querySelector('select'));
  const fitting = scenarios.filter(({ operations }) => operations.includes(operation));
  const groups = kGroups.map((group) => {
    const options = fitting.filter((scenario) => groupOf(scenario) === group).map(optionOf);
    return element('optgroup', { label: t(`verdict.${group}`) }, ...options);
  });
  select.replaceChildren(element('option', { value: '', text: t('sandbox.usual') }), ...groups);
  select.value = chosen;
  const scenario = fitting.find(({ name }) => name === chosen);
  const text = /** @type {HTMLElement} */ (root.querySelector('[data-part="expected"]'));
  text.replaceChildren();
  if (scenario) text.append(element('code', { text: scenario.name }), ` → ${outcomeWords(scenario)}`);
}

/** @param {Scenario} scenario */
function optionOf({ name, description }) {
  return element('option', { value: name, text: description[currentLanguage()] ?? description.en });
}

/** @param {Scenario} scenario */
function outcomeWords(scenario) {
  return groupOf(scenario) === 'error' ? scenario.outcome : t(`verdict.${scenario.outcome}`);
}

/**
 * @param {Scenario[]} scenarios
 * @param {string} name
 * @param {string} operation
 */
export function fits(scenarios, name, operation) {
  return (
    name === '' ||
    scenarios.some((scenario) => scenario.name === name && scenario.operations.includes(operation))
  );
}
