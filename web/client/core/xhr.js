// The XMLHttpRequest that emscripten fetch is given: the platform's own, with what emscripten fetch lacks: upload
// progress, no exception out of open() and setRequestHeader(), no copy of a reply that has no room in the heap, and a
// word when the module traps inside an event.

/** The handlers that the glue assigns. */
const HANDLERS = ['onload', 'onerror', 'ontimeout', 'onprogress', 'onreadystatechange'];

/**
 * @param {any} Base an XMLHttpRequest constructor
 * @param {{canHold: (bytes: number) => boolean, onTrap: (error: unknown) => void}} module
 */
export function reportingXhr(Base, module) {
  /** @type {import('./types.js').UploadEvents | null} */
  let starting = null;

  /** Made with `new` by the glue, which then gets the platform's own object. */
  function XMLHttpRequest() {
    const xhr = new Base();
    reportUpload(xhr, starting);
    deferExceptions(xhr);
    guardHandlers(xhr, module.onTrap);
    hideOversized(xhr, module.canHold);
    return xhr;
  }

  return {
    XMLHttpRequest,
    /**
     * Requests that are made while `start` runs report to `events`.
     * @template T
     * @param {import('./types.js').UploadEvents} events
     * @param {() => T} start
     * @returns {T}
     */
    during(events, start) {
      starting = events;
      try {
        return start();
      } finally {
        starting = null;
      }
    },
  };
}

/** @param {any} xhr @param {import('./types.js').UploadEvents | null} events */
function reportUpload(xhr, events) {
  if (!events) return;
  xhr.upload.addEventListener('progress', (/** @type {any} */ event) =>
    events.onUpload(event.loaded, event.total),
  );
  xhr.upload.addEventListener('load', () => events.onUploaded());
}

/**
 * The glue expects exceptions of send() only: those of the steps before would unwind through the core.
 * @param {any} xhr
 */
function deferExceptions(xhr) {
  /** @type {unknown} */
  let refusal = null;
  const { send } = xhr;
  for (const name of ['open', 'setRequestHeader']) {
    const method = xhr[name];
    define(xhr, name, (/** @type {unknown[]} */ ...args) => {
      try {
        if (!refusal) method.apply(xhr, args);
      } catch (error) {
        refusal = error;
      }
    });
  }
  define(xhr, 'send', (/** @type {unknown} */ body) => {
    if (refusal) throw refusal;
    send.call(xhr, body);
  });
}

/**
 * An exception in a handler comes from the module: it has trapped.
 * @param {any} xhr
 * @param {(error: unknown) => void} onTrap
 */
function guardHandlers(xhr, onTrap) {
  for (const name of HANDLERS) {
    Object.defineProperty(xhr, name, {
      set(handler) {
        xhr.addEventListener(name.slice(2), (/** @type {unknown} */ event) => {
          try {
            handler(event);
          } catch (error) {
            onTrap(error);
          }
        });
      },
    });
  }
}

/**
 * The glue copies the reply to whatever malloc gives, null included: without room for it there is no reply.
 * @param {any} xhr
 * @param {(bytes: number) => boolean} canHold
 */
function hideOversized(xhr, canHold) {
  const read = getterOf(xhr, 'response');
  /** @type {boolean | null} */
  let fits = null;
  Object.defineProperty(xhr, 'response', {
    get() {
      const response = read.call(xhr);
      if (!response) return response;
      fits ??= canHold(response.byteLength);
      return fits ? response : null;
    },
  });
}

/** @param {object} object @param {string} name @returns {Function} the accessor, its own or an inherited one */
function getterOf(object, name) {
  for (let holder = object; holder; holder = Object.getPrototypeOf(holder)) {
    const get = Object.getOwnPropertyDescriptor(holder, name)?.get;
    if (get) return get;
  }
  throw new TypeError(`XMLHttpRequest has no ${name}`);
}

/** @param {any} object @param {string} name @param {unknown} value */
function define(object, name, value) {
  Object.defineProperty(object, name, { value });
}
