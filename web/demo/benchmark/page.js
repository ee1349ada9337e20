// The benchmark page: a photo of the visitor's or a made one, through every way that this browser has.
import { element } from '../page/dom.js';
import { describeError, isAbort } from '../text/error-text.js';
import { formatBytes, formatDuration, formatPercent } from '../text/format.js';
import {
  addTexts,
  chooseLanguage,
  currentLanguage,
  onLanguage,
  setLanguage,
  storedLanguage,
  t,
} from '../text/i18n.js';
import { renderOutcomes, yardstickOf } from './result-view.js';
import { compareWays, makePhoto, median } from './run.js';
import { benchmarkTexts } from './texts.js';

const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));

/** @type {File | null} the visitor's */
let chosen = null;
/** @type {File | null} kept for the next run */
let made = null;
/** @type {AbortController | null} */
let running = null;
/** @type {import('./run.js').Outcome[] | null} */
let outcomes = null;
/** @type {unknown} */
let problem = null;

function render() {
  byId('file-name').textContent = chosen ? `${chosen.name} · ${formatBytes(chosen.size)}` : t('bench.made');
  byId('choose').textContent = t(chosen ? 'slot.image.other' : 'slot.image.choose');
  byId('use-made').hidden = !chosen || running !== null;
  byId('run').textContent = t(outcomes ? 'bench.again' : 'bench.run');
  byId('busy').hidden = running === null;
  for (const id of ['run', 'choose', 'rounds']) byId(id).disabled = running !== null;
  const box = byId('result');
  box.dataset.state = running ? 'running' : problem ? 'problem' : outcomes ? 'done' : 'empty';
  byId('result-body').replaceChildren(...resultNodes());
  for (const button of document.querySelectorAll('button[data-lang]'))
    button.setAttribute(
      'aria-pressed',
      String(/** @type {any} */ (button).dataset.lang === currentLanguage()),
    );
}

function resultNodes() {
  if (problem) return problemNodes();
  if (outcomes) return renderOutcomes(outcomes);
  return [
    element('p', { text: t('bench.empty') }),
    element('p', { class: 'small muted', text: t('bench.hint') }),
  ];
}

/** @returns {HTMLElement[]} */
function problemNodes() {
  if (isAbort(problem)) return [element('p', { text: t('bench.cancelled') })];
  const { way } = /** @type {any} */ (problem);
  const { code, message, detail } = describeError(problem);
  const words = way ? t('bench.failed', { way: t(`way.${way}`) }) : t('bench.unreadable');
  return [
    element('p', { text: words, role: 'alert' }),
    element('p', { class: 'small' }, element('code', { text: code }), ` ${detail || message}`),
  ];
}

/** @param {import('./run.js').Progress} progress */
function showProgress({ stage, fraction, ...values }) {
  const words = t(`stage.${stage}`, values);
  // Announced by screen readers: only when it changes.
  if (byId('stage').textContent !== words) byId('stage').textContent = words;
  byId('percent').textContent = formatPercent(fraction);
  byId('progress').value = fraction;
}

async function start() {
  if (running) return;
  const controller = new AbortController();
  const { signal } = controller;
  running = controller;
  outcomes = problem = null;
  byId('announce').textContent = '';
  render();
  byId('cancel').focus();
  try {
    showProgress({ stage: chosen || made ? 'bench.reference' : 'bench.make', fraction: 0 });
    if (!chosen) made ??= await makePhoto(signal);
    const photo = /** @type {File} */ (chosen ?? made);
    const rounds = Number(byId('rounds').value);
    outcomes = await compareWays(photo, { rounds, signal, onProgress: showProgress });
  } catch (error) {
    problem = signal.aborted ? signal.reason : error;
  }
  running = null;
  render();
  announce();
  byId('run').focus();
}

function announce() {
  if (!outcomes) return;
  const yardstick = yardstickOf(outcomes);
  const [ours] = outcomes;
  byId('announce').textContent = t('bench.summary', {
    ours: formatDuration(median(ours.times)),
    way: t(`way.${yardstick.name}`),
    theirs: formatDuration(median(yardstick.times)),
  });
}

/** @param {File | null} file */
function choose(file) {
  if (running) return;
  chosen = file;
  outcomes = problem = null;
  render();
}

function listenForFiles() {
  const input = byId('file');
  byId('choose').addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const [file] = input.files;
    if (file) choose(file);
    input.value = ''; // so that the same file can be chosen again
  });
  byId('use-made').addEventListener('click', () => {
    choose(null);
    byId('choose').focus();
  });
  const drop = byId('give');
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('dragging');
  });
  const leave = () => drop.classList.remove('dragging');
  document.addEventListener('dragleave', (event) => event.relatedTarget ?? leave());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    leave();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) choose(file);
  });
  document.addEventListener('paste', (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) choose(file);
  });
}

addTexts(benchmarkTexts);
onLanguage(render);
setLanguage(
  chooseLanguage({ search: location.search, stored: storedLanguage(), preferred: navigator.languages }),
);
listenForFiles();
for (const button of document.querySelectorAll('button[data-lang]')) {
  button.addEventListener('click', () =>
    setLanguage(/** @type {any} */ (button).dataset.lang, { remember: true }),
  );
}
byId('run').addEventListener('click', start);
byId('cancel').addEventListener('click', () => running?.abort());
window.addEventListener('pagehide', () => running?.abort());
document.documentElement.dataset.started = '';
