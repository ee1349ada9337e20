// What of an input is seen and touched: its template's parts, thumbnail, buttons, drops. The state is in file-slot.js.
import { element, fromTemplate, icon } from '../page/dom.js';
import { showProgress } from '../page/progress.js';
import { describeError, isRetryable } from '../text/error-text.js';
import { t, translate } from '../text/i18n.js';
import { factsOf } from './slot-facts.js';

// File choosers know some of these by their endings only.
const ACCEPT = {
  image: 'image/*,.tif,.tiff,.tff,.jp2,.jpc,.j2k,.wsq,.heic,.heif,.avif',
  video: 'video/*,.rm,.rmvb,.flv,.mkv',
};

/**
 * @param {import('./file-slot.js').SlotOptions} options
 * @param {() => void} again  prepares the same file once more
 */
export function createSlotView({ label, kind, icon: iconName, capture }, again) {
  const { root, parts } = fromTemplate('slot-template');
  let thumbnailUrl = '';
  /** @type {Blob | null} */
  let thumbnailOf = null;
  parts.icon.setAttribute('href', `#i-${iconName}`);
  parts.file.accept = ACCEPT[kind];
  parts['camera-file'].accept = `${kind}/*`;
  parts['camera-file'].setAttribute('capture', capture);

  /** @param {Blob | null} blob */
  function showThumbnail(blob) {
    if (blob !== thumbnailOf) {
      if (thumbnailUrl) URL.revokeObjectURL(thumbnailUrl);
      thumbnailUrl = blob ? URL.createObjectURL(blob) : '';
      thumbnailOf = blob;
      if (blob) parts.thumbnail.src = thumbnailUrl;
      else parts.thumbnail.removeAttribute('src');
    }
    parts.thumbnail.alt = blob ? t('slot.thumbnail') : '';
    parts.thumbnail.hidden = !blob;
    parts.empty.hidden = Boolean(blob);
  }

  /** @param {{state: string, file: any, outcome: any, problem: any, tookMs: number}} now */
  function render({ state, file, outcome, problem, tookMs }) {
    translate(root);
    root.dataset.state = state;
    root.setAttribute('aria-label', t(label));
    parts.label.textContent = t(label);
    parts.choose.textContent = t(`slot.${kind}.${state === 'empty' ? 'choose' : 'other'}`);
    parts.camera.textContent = t(`slot.${kind}.camera`);
    parts.remove.textContent = t('slot.remove');
    parts.hint.textContent = state === 'empty' ? t(`slot.${kind}.hint`) : '';
    parts.remove.hidden = state === 'empty' || state === 'working';
    parts.busy.hidden = state !== 'working';
    showThumbnail(outcome?.blob ?? null);
    parts.badge.hidden = state !== 'ready';
    parts.badge.replaceChildren(icon('pass'), t(outcome?.lossless ? 'slot.lossless' : 'slot.ready'));
    renderFacts(parts.facts, factsOf(kind, file, outcome, problem, tookMs));
    renderProblem(parts.problem, state === 'failed' ? problem.error : null, again);
  }

  /** @param {{take: (file: File) => void, clear: () => void, cancel: () => void}} actions */
  function listen({ take, clear, cancel }) {
    for (const [button, input] of [
      ['choose', 'file'],
      ['camera', 'camera-file'],
      ['drop', 'file'],
    ]) {
      parts[button].addEventListener('click', () => parts[input].click());
    }
    for (const name of ['file', 'camera-file']) {
      parts[name].addEventListener('change', () => {
        const [chosen] = parts[name].files;
        if (chosen) take(chosen);
        parts[name].value = ''; // so that the same file can be chosen again
      });
    }
    parts.remove.addEventListener('click', () => {
      clear();
      parts.choose.focus();
    });
    parts.cancel.addEventListener('click', () => {
      cancel();
      parts.choose.focus();
    });
    listenForDrops(root, take);
  }

  return { root, render, listen, progress: (/** @type {any} */ event) => showProgress(parts, event) };
}

/**
 * @param {HTMLElement} root
 * @param {(file: File) => void} take
 */
function listenForDrops(root, take) {
  let depth = 0; // dragenter and dragleave also come from the children
  const mark = () => root.classList.toggle('dragging', depth > 0);
  root.addEventListener('dragenter', (event) => {
    event.preventDefault();
    depth += 1;
    mark();
  });
  root.addEventListener('dragleave', () => {
    depth -= 1;
    mark();
  });
  root.addEventListener('dragover', (event) => event.preventDefault());
  root.addEventListener('drop', (event) => {
    event.preventDefault();
    event.stopPropagation();
    depth = 0;
    mark();
    const dropped = event.dataTransfer?.files[0];
    if (dropped) take(dropped);
  });
}

/**
 * @param {HTMLElement} list
 * @param {[string, string[]][]} rows
 */
function renderFacts(list, rows) {
  list.hidden = rows.length === 0;
  list.replaceChildren(
    ...rows.flatMap(([term, lines]) => [
      element('dt', { text: t(term) }),
      element(
        'dd',
        {},
        ...lines.map((line, i) => element('span', { text: line, dir: 'auto', class: i > 0 && 'more' })),
      ),
    ]),
  );
}

/**
 * @param {HTMLElement} box
 * @param {unknown} problem
 * @param {() => void} again
 */
function renderProblem(box, problem, again) {
  box.hidden = !problem;
  box.replaceChildren();
  if (!problem) return;
  const { message, code, detail } = describeError(problem);
  box.append(
    element('strong', { text: message }),
    element('p', { class: 'small code' }, element('code', { text: code }), detail ? ` ${detail}` : ''),
  );
  if (!isRetryable(problem)) return;
  const button = element('button', { type: 'button', text: t('retry') });
  button.addEventListener('click', again);
  box.append(button);
}
