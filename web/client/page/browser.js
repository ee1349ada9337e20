// The browser's part of the engine: module workers, streaming compilation, this thread as the fallback.

// Literally so: bundlers look for these expressions.
const MODULE_URLS = {
  core: () => new URL('../dist/core.wasm', import.meta.url).href,
  codecs: () => new URL('../dist/codecs.wasm', import.meta.url).href,
};

/** @type {import('./types.js').Platform} */
export const browserPlatform = {
  spawn(workerUrl) {
    // Literally so: bundlers look for this expression. The file is web/client/worker/entry.js with its imports: one request
    // instead of four round trips where no bundler is used.
    const worker = workerUrl
      ? new Worker(workerUrl, { type: 'module' })
      : new Worker(new URL('../dist/worker.js', import.meta.url), { type: 'module' });
    return workerPort(worker);
  },

  async standIn() {
    const { connectInThread } = await import('../worker/in-thread.js');
    return connectInThread(globalThis.XMLHttpRequest);
  },

  async compile(module, givenUrl) {
    const response = await fetch(givenUrl ?? MODULE_URLS[module](), { credentials: 'same-origin' });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    // compileStreaming refuses any other type, and many servers do not know .wasm.
    if (/^application\/wasm\b/i.test(response.headers.get('content-type') ?? '')) {
      return WebAssembly.compileStreaming(response);
    }
    return WebAssembly.compile(await response.arrayBuffer());
  },

  cores: () => globalThis.navigator?.hardwareConcurrency ?? 1,
  baseUrl: () => globalThis.document?.baseURI ?? globalThis.location?.href,
  postsBlobs: true,
};

/** @param {Worker} worker @returns {import('./types.js').Port} */
function workerPort(worker) {
  return {
    post: (message, transfer) => worker.postMessage(message, transfer ?? []),
    listen(onMessage, onDeath) {
      worker.addEventListener('message', (event) => onMessage(event.data));
      worker.addEventListener('error', (event) => {
        // Otherwise the browser reports it to the page as well.
        event.preventDefault();
        onDeath('error in the worker');
      });
      worker.addEventListener('messageerror', () => onDeath('a message that cannot be read'));
    },
    end: () => worker.terminate(),
    busy: () => {},
    interruptible: true,
  };
}
