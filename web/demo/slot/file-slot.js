// One input of an operation: takes a file (chosen, dropped, pasted, from the camera), has it prepared at once and shows
// what became of it. The panel asks it for `value()`, the bytes to send.
import { onLanguage } from '../text/i18n.js';
import { createSlotView } from './slot-view.js';

/**
 * @typedef {{label: string, kind: 'image' | 'video', icon: string, capture: 'user' | 'environment'}} SlotOptions
 *   `label`: key of the text above the slot; `capture`: the camera that phones open.
 * @typedef {object} Handler  what the package does with one kind of file
 * @property {(file: Blob, options: any) => Promise<any>} prepare  a picture's result has its `blob`
 * @property {(file: Blob, options: any) => Promise<any>} inspect
 * @typedef {ReturnType<typeof createFileSlot>} FileSlot
 */

/**
 * @param {SlotOptions} options
 * @param {(kind: 'image' | 'video') => Handler} handlerOf
 * @param {() => void} onChange  called whenever `state()` changes
 */
export function createFileSlot(options, handlerOf, onChange) {
  const view = createSlotView(options, again);
  /** @type {File | Blob | null} */
  let file = null;
  /** @type {any} */
  let outcome = null;
  /** @type {any} */
  let problem = null;
  /** @type {AbortController | null} */
  let running = null;
  let tookMs = 0;

  const state = () => (running ? 'working' : outcome ? 'ready' : problem ? 'failed' : 'empty');

  function changed() {
    view.render({ state: state(), file, outcome, problem, tookMs });
    onChange();
  }

  function clear() {
    running?.abort();
    running = null;
    file = outcome = problem = null;
    changed();
  }

  /**
   * What a file that cannot be prepared is, if that can be told.
   * @param {Blob} given
   * @param {AbortSignal} signal
   */
  async function recognise(given, signal) {
    try {
      return await handlerOf(options.kind).inspect(given, { signal });
    } catch {
      return {};
    }
  }

  /** @param {File | Blob} given */
  async function take(given) {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    file = given;
    outcome = problem = null;
    changed();
    view.progress({ stage: 'load', fraction: 0 });
    const started = performance.now();
    let result = null;
    let failure = null;
    try {
      result = await handlerOf(options.kind).prepare(given, {
        signal: controller.signal,
        onProgress: (/** @type {any} */ event) => running === controller && view.progress(event),
      });
    } catch (error) {
      failure = { error, source: controller.signal.aborted ? {} : await recognise(given, controller.signal) };
    }
    if (running !== controller) return; // another file, or removed meanwhile
    running = null;
    if (controller.signal.aborted) return clear();
    tookMs = performance.now() - started;
    outcome = result;
    problem = failure;
    changed();
  }

  /** Prepares the same file again: after a change of options, or after a failure that may pass. */
  function again() {
    if (file) take(file);
  }

  view.listen({ take, clear, cancel: () => running?.abort() });
  onLanguage(() => view.render({ state: state(), file, outcome, problem, tookMs }));
  view.render({ state: state(), file, outcome, problem, tookMs });

  return {
    root: view.root,
    state,
    take,
    again,
    /** @returns {Blob}  the bytes to send: the prepared picture, or the video as it is */
    value: () => /** @type {Blob} */ (options.kind === 'image' ? outcome.blob : file),
  };
}
