// One operation: its inputs, its button, the call with progress and cancel, its outcome.

import { renderOutcome } from '../result/result-view.js';
import { createFileSlot } from '../slot/file-slot.js';
import { onLanguage, t, translate } from '../text/i18n.js';
import { fromTemplate } from './dom.js';
import { showProgress } from './progress.js';

/**
 * @typedef {import('../slot/file-slot.js').SlotOptions} SlotOptions
 * @typedef {object} OperationOptions
 * @property {string} name
 * @property {SlotOptions[]} slots
 * @property {boolean} [transfer]  offers the choice between base64 and files
 * @property {(client: any, inputs: any[], options: any) => Promise<any>} call
 */

/**
 * @param {OperationOptions} operation
 * @param {() => any} getClient
 * @param {(kind: 'image' | 'video') => import('../slot/file-slot.js').Handler} handlerOf
 */
export function createPanel(operation, getClient, handlerOf) {
  const { name } = operation;
  const { root, parts } = fromTemplate('panel-template');
  const slots = operation.slots.map((options) => createFileSlot(options, handlerOf, inputsChanged));
  /** @type {import('../result/result-view.js').Outcome} */
  let outcome = { state: 'empty' };
  /** @type {AbortController | null} */
  let running = null;

  root.id = `panel-${name}`;
  root.setAttribute('aria-labelledby', `tab-${name}`);
  parts.slots.append(...slots.map((slot) => slot.root));
  parts.slots.dataset.count = String(slots.length);
  parts.transfer.hidden = !operation.transfer;
  const radios = [...parts.transfer.querySelectorAll('input')];
  for (const radio of radios) {
    radio.name = `transfer-${name}`;
    radio.addEventListener('change', inputsChanged);
  }

  /** An outcome belongs to the inputs it was made from: a change takes it away. */
  function inputsChanged() {
    running?.abort();
    running = null;
    outcome = { state: 'empty' };
    render();
  }

  function missing() {
    const states = slots.map((slot) => slot.state());
    if (states.includes('working')) return 'missing.wait';
    if (states.every((state) => state === 'ready')) return null;
    if (states.includes('failed')) return 'missing.failed';
    return slots.length === 1 ? 'missing.one' : 'missing.two';
  }

  function render() {
    translate(root);
    parts.title.textContent = t(`${name}.title`);
    parts.text.textContent = t(`${name}.text`);
    parts.run.textContent = t(`${name}.run`);
    const what = missing();
    parts.run.disabled = what !== null;
    parts.run.hidden = running !== null;
    parts.missing.textContent = what === null ? '' : t(what);
    parts.missing.hidden = what === null;
    parts.busy.hidden = running === null;
    renderOutcome(parts.result, outcome, run);
    // Only the verdict is announced; the rest is there to be read.
    parts.announce.textContent = parts.result.querySelector('.headline, .said')?.textContent ?? '';
  }

  async function run() {
    if (running || missing() !== null) return;
    const controller = new AbortController();
    running = controller;
    outcome = { state: 'busy' };
    showProgress(parts, { stage: 'load', fraction: 0 });
    render();
    parts.cancel.focus({ preventScroll: true });
    const started = performance.now();
    const options = {
      signal: controller.signal,
      onProgress: (/** @type {any} */ event) => running === controller && showProgress(parts, event),
      ...(operation.transfer && { transfer: radios.find((radio) => radio.checked)?.value }),
    };
    /** @type {import('../result/result-view.js').Outcome} */
    let next;
    try {
      const result = await operation.call(
        getClient(),
        slots.map((slot) => slot.value()),
        options,
      );
      next = { state: 'result', operation: name, result, tookMs: performance.now() - started };
    } catch (error) {
      next = { state: 'error', error, tookMs: performance.now() - started, failedAt: Date.now() };
    }
    if (running !== controller) return;
    const hadFocus = parts.busy.contains(document.activeElement);
    running = null;
    outcome = next;
    render();
    if (hadFocus) parts.run.focus({ preventScroll: true });
    parts.result.scrollIntoView({ block: 'nearest' });
  }

  parts.run.addEventListener('click', run);
  parts.cancel.addEventListener('click', () => running?.abort());
  onLanguage(render);
  render();

  return {
    root,
    slots,
    /** The first slot without a file, else the last one: where a pasted or stray file goes. */
    freeSlot: () => slots.find((slot) => slot.state() === 'empty') ?? slots[slots.length - 1],
    reset: inputsChanged,
  };
}
