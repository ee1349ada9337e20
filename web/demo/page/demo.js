// The demo page: four operations on top of the package's public interface, as any page would use it.
import { createClient } from '../../client/index.js';
import { describeError, isAbort } from '../text/error-text.js';
import { chooseLanguage, currentLanguage, onLanguage, setLanguage, storedLanguage, t } from '../text/i18n.js';
import { askProxy, endpointOf } from './connection.js';
import { element } from './dom.js';
import { createPanel } from './panel.js';
import { fits, renderSandbox } from './sandbox-banner.js';
import { createTabs } from './tabs.js';

/** @type {import('./panel.js').OperationOptions[]} */
const operations = [
  {
    name: 'compareFaces',
    slots: [
      { label: 'slot.first', kind: 'image', icon: 'face', capture: 'user' },
      { label: 'slot.second', kind: 'image', icon: 'face', capture: 'user' },
    ],
    call: (client, [a, b], options) => client.compareFaces(a, b, options),
  },
  {
    name: 'checkLiveness',
    slots: [{ label: 'slot.photo', kind: 'image', icon: 'face', capture: 'user' }],
    call: (client, [photo], options) => client.checkLiveness(photo, options),
  },
  {
    name: 'checkVideoLiveness',
    slots: [{ label: 'slot.video', kind: 'video', icon: 'video', capture: 'user' }],
    call: (client, [video], options) => client.checkVideoLiveness(video, options),
  },
  {
    name: 'matchIdCard',
    slots: [
      { label: 'slot.card', kind: 'image', icon: 'card', capture: 'environment' },
      { label: 'slot.face', kind: 'image', icon: 'face', capture: 'user' },
    ],
    transfer: true,
    call: (client, [card, face], options) => client.matchIdCard(card, face, options),
  },
];

const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
const connection = endpointOf(location);
const endpoint = connection?.endpoint ?? new URL('/netocr', location.href).href;
// HEIC where the browser does not decode it. Under the LGPL and no part of the package: from the checkout's own packages.
const heicDecoderUrl = new URL(
  '../../../node_modules/libheif-js/libheif-wasm/libheif-bundle.js',
  import.meta.url,
);
const settings = { maxBytes: 200 * 1024, maxEdge: 1600, timeoutMs: 30_000, scenario: '' };

/** @type {any} */
let client = null;
/** @type {unknown} */
let engineProblem = null;
/** @type {Awaited<ReturnType<typeof askProxy>> | null} */
let proxy = null;

function getClient() {
  client ??= createClient({
    endpoint,
    timeoutMs: settings.timeoutMs,
    headers: settings.scenario ? { 'X-Sandbox-Scenario': settings.scenario } : {},
    image: { maxBytes: settings.maxBytes, maxEdge: settings.maxEdge },
    heicDecoderUrl,
  });
  return client;
}

/**
 * @param {'image' | 'video'} kind
 * @returns {import('../slot/file-slot.js').Handler}
 */
function handlerOf(kind) {
  const { inspectImage, inspectVideo } = getClient();
  return kind === 'image'
    ? { prepare: preparePhoto, inspect: inspectImage }
    : { prepare: inspectVideo, inspect: inspectVideo };
}

/**
 * The picture as it will be sent, also as a Blob: the thumbnail shows it and the call takes it unchanged.
 * @param {Blob} file
 * @param {any} options
 */
async function preparePhoto(file, options) {
  const prepared = await getClient().prepareImage(file, options);
  return { ...prepared, blob: new Blob([prepared.bytes], { type: prepared.type }) };
}

/** A client's options are fixed when it is made: a change needs a new one, and what was being prepared begins again. */
function applySettings(/** @type {Partial<typeof settings>} */ changes, { prepareAll = false } = {}) {
  Object.assign(settings, changes);
  client?.close();
  client = null;
  for (const panel of panels) {
    panel.reset();
    for (const slot of panel.slots) if (prepareAll || slot.state() === 'working') slot.again();
  }
}

async function loadEngine() {
  engineProblem = null;
  renderEngineProblem();
  try {
    await getClient().warmUp();
  } catch (error) {
    // A change of options closes the client while it loads: that is no failure of the engine.
    if (/** @type {any} */ (error)?.code !== 'CLIENT_CLOSED' && !isAbort(error)) engineProblem = error;
  }
  renderEngineProblem();
}

function renderEngineProblem() {
  const box = byId('engine-failure');
  box.hidden = !engineProblem;
  if (!engineProblem) return;
  const { message, code, detail } = describeError(engineProblem);
  const again = element('button', { type: 'button', text: t('retry') });
  again.addEventListener('click', loadEngine);
  box.replaceChildren(
    element('strong', { text: message }),
    element('p', { class: 'small code' }, element('code', { text: code }), detail ? ` ${detail}` : ''),
    again,
  );
}

function renderConnection() {
  const box = byId('connection');
  const lines = [];
  if (!connection) lines.push(t('connection.bad'));
  else if (connection.elsewhere) lines.push(t('connection.elsewhere', { origin: new URL(endpoint).origin }));
  if (proxy && !proxy.reached) lines.push(t('connection.none', { endpoint }), t('connection.none.todo'));
  box.hidden = lines.length === 0;
  box.classList.toggle('bad', !connection || proxy?.reached === false);
  box.replaceChildren(...lines.map((text) => element('p', { text })));
}

function renderBanner() {
  if (!proxy?.sandbox) return;
  const operation = chosenName();
  if (!fits(proxy.scenarios, settings.scenario, operation)) applySettings({ scenario: '' });
  renderSandbox(byId('sandbox'), { scenarios: proxy.scenarios, chosen: settings.scenario, operation });
}

/** Numbers outside their range are put back into it, as the form's own limits say. */
function readOptions() {
  const form = byId('options-form');
  const read = (/** @type {string} */ name) => {
    const input = form.elements[name];
    const given = Number.parseFloat(input.value);
    const value = Number.isFinite(given)
      ? Math.min(Number(input.max), Math.max(Number(input.min), given))
      : Number(input.defaultValue);
    input.value = String(value);
    return value;
  };
  return {
    maxBytes: Math.round(read('maxKiB') * 1024),
    maxEdge: Math.round(read('maxEdge')),
    timeoutMs: Math.round(read('timeoutS') * 1000),
  };
}

/** Files that are pasted, or dropped beside a slot, go to the chosen operation's first free slot. */
function listenForStrayFiles(/** @type {() => any} */ chosenPanel) {
  const take = (/** @type {FileList | undefined} */ files) => {
    const [file] = files ?? [];
    if (file) chosenPanel().freeSlot().take(file);
    return Boolean(file);
  };
  document.addEventListener('paste', (event) => {
    if (take(event.clipboardData?.files)) event.preventDefault();
  });
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files);
  });
}

function renderLanguageChoice() {
  for (const button of document.querySelectorAll('button[data-lang]')) {
    button.setAttribute(
      'aria-pressed',
      String(/** @type {any} */ (button).dataset.lang === currentLanguage()),
    );
  }
}

setLanguage(
  chooseLanguage({ search: location.search, stored: storedLanguage(), preferred: navigator.languages }),
);
const panels = operations.map((operation) => createPanel(operation, getClient, handlerOf));
byId('panels').append(...panels.map((panel) => panel.root));
const chosenName = createTabs(
  byId('tabs'),
  operations.map(({ name }, i) => ({ name, panel: panels[i].root })),
  renderBanner,
);
document.documentElement.dataset.started = '';
byId('endpoint').textContent = endpoint;

for (const button of document.querySelectorAll('button[data-lang]')) {
  button.addEventListener('click', () =>
    setLanguage(/** @type {any} */ (button).dataset.lang, { remember: true }),
  );
}
byId('scenario').addEventListener('change', () => {
  applySettings({ scenario: byId('scenario').value });
  renderBanner();
});
byId('options-form').addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault());
byId('options-form').addEventListener('change', () => {
  const before = { ...settings };
  const next = readOptions();
  applySettings(next, { prepareAll: before.maxBytes !== next.maxBytes || before.maxEdge !== next.maxEdge });
});
listenForStrayFiles(() => panels[operations.findIndex(({ name }) => name === chosenName())]);
for (const render of [renderLanguageChoice, renderEngineProblem, renderConnection, renderBanner]) {
  onLanguage(render);
  render();
}
window.addEventListener('pagehide', () => {
  client?.close();
  client = null; // a page that comes back from the browser's cache makes a new one
});
loadEngine();
askProxy(endpoint).then((answer) => {
  proxy = answer;
  renderConnection();
  renderBanner();
});
