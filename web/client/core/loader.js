// Instantiates a compiled module: the one place that knows the glue's own start-up options.
import { NetocrError, nameOf } from '../shared/errors.js';

/**
 * A new instance of a module. Errors: ENGINE_LOAD_FAILED.
 * @param {import('./types.js').CreateModule} createModule
 * @param {WebAssembly.Module} wasm
 * @param {Function} [XMLHttpRequest] what the core's startCall makes its requests with; not needed without calls
 * @returns {Promise<any>} Core or CodecsModule
 */
export function instantiate(createModule, wasm, XMLHttpRequest) {
  return new Promise((resolve, reject) => {
    /** @param {unknown} error */
    const fail = (error) =>
      reject(new NetocrError('ENGINE_LOAD_FAILED', { detail: nameOf(error), cause: error }));
    createModule({
      XMLHttpRequest,
      print: ignore,
      printErr: ignore,
      // The glue does not see a rejection in here: without `fail` its promise would stay pending for ever.
      instantiateWasm(/** @type {WebAssembly.Imports} */ imports, /** @type {Function} */ receive) {
        WebAssembly.instantiate(wasm, imports)
          .then((instance) => receive(instance, wasm))
          .catch(fail);
        return {};
      },
    }).then(resolve, fail);
  });
}

function ignore() {}

/**
 * Remembers the promise of `make` until it rejects: the next caller then makes a new one.
 * @template T
 * @param {() => Promise<T>} make
 * @returns {{get: () => Promise<T>, drop: (promise?: Promise<T>) => void}}
 */
export function remembered(make) {
  /** @type {Promise<T> | null} */
  let kept = null;
  return {
    get() {
      if (kept) return kept;
      const made = make();
      kept = made;
      made.catch(() => {
        if (kept === made) kept = null;
      });
      return made;
    },
    /** Forgets the promise, or only `promise` when it is still the one that is kept. */
    drop(promise) {
      if (!promise || kept === promise) kept = null;
    },
  };
}
