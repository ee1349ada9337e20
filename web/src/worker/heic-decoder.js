// HEIC by libheif-js, from the address that the site names: loads it for the first file, and asks it for the picture that
// the file calls its primary one.
import { NetocrError, nameOf } from '../errors.js';

/** @typedef {{width: number, height: number}} Size */
/**
 * What an attempt to load the decoder gave. `exported` is the module's default export, or a CommonJS script's
 * `module.exports`: libheif-js's factory.
 * @typedef {{exported: any}} Loaded
 */

const JAVASCRIPT = /^\s*(text|application)\/(x-)?(java|ecma)script\s*(;|$)/i;
const MAX_MESSAGE = 200;

/**
 * @param {string} url of libheif-js: its ES module (`libheif-bundle.mjs`, under that name or another) or its script
 *   (`libheif-bundle.js`), which servers that know no `.mjs` serve rightly too
 */
export function createHeicDecoder(url) {
  /** @type {Promise<Loaded> | null} */
  let loading = null;

  /** Errors: ENGINE_LOAD_FAILED; the next file tries again. @returns {Promise<any>} a new instance of libheif */
  async function instance() {
    loading ??= importDecoder(url);
    try {
      const { exported } = await loading;
      const libheif = await (typeof exported === 'function' ? exported() : exported);
      if (typeof libheif?.heif_js_decode_image2 === 'function') return libheif;
    } catch (cause) {
      loading = null;
      throw loadFailed(await whyNot(url, cause), cause);
    }
    throw loadFailed(
      `${shortened(url)} is not libheif-js 1.17 or newer${isPage() ? ' as an ES module' : ''}`,
    );
  }

  return {
    /**
     * The primary picture, upright and cropped to its clean aperture (libheif does both, and its sizes are those of the
     * result), in the file's own colours. Errors: ENGINE_LOAD_FAILED, CORRUPT_IMAGE, UNSUPPORTED_FEATURE,
     * IMAGE_TOO_LARGE, OUT_OF_MEMORY, and those of `checkSize`.
     * @param {Uint8Array<ArrayBuffer>} bytes
     * @param {(size: Size) => void} checkSize throws for a picture that is too large; called before it is decoded
     * @returns {Promise<Size & {rgba: Uint8Array<ArrayBuffer>}>}
     */
    async decode(bytes, checkSize) {
      const libheif = await instance();
      try {
        return await decodePrimary(libheif, bytes, checkSize);
      } catch (cause) {
        if (cause instanceof NetocrError) throw cause;
        // A trap of the decoder; its instance is not used again.
        const code = /memory|OOM/i.test(String(cause)) ? 'OUT_OF_MEMORY' : 'CORRUPT_IMAGE';
        throw new NetocrError(code, { detail: `the HEIC decoder failed: ${nameOf(cause)}`, cause });
      }
    },
  };
}

/**
 * libheif-js's own HeifDecoder lists the file's pictures in any order, and never answers where decoding throws: so this is
 * done by what is below it.
 * @param {any} libheif
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {(size: Size) => void} checkSize
 */
async function decodePrimary(libheif, bytes, checkSize) {
  const context = libheif.heif_context_alloc();
  const read = libheif.heif_context_read_from_memory(context, bytes);
  if (read.code !== libheif.heif_error_code.heif_error_Ok) throw refusal(libheif, read);
  const handle = primaryOf(libheif, context);
  if (handle.code) throw refusal(libheif, handle);
  checkSize({
    width: libheif.heif_image_handle_get_width(handle),
    height: libheif.heif_image_handle_get_height(handle),
  });
  const decoded = await libheif.heif_js_decode_image2(
    handle,
    libheif.heif_colorspace.heif_colorspace_RGB,
    libheif.heif_chroma.heif_chroma_interleaved_RGBA,
  );
  if (decoded.code) throw refusal(libheif, decoded);
  const plane = decoded.channels.find(
    (/** @type {any} */ { id }) => id === libheif.heif_channel.heif_channel_interleaved,
  );
  checkSize(plane);
  return { width: plane.width, height: plane.height, rgba: packed(plane) };
}

/** @param {any} libheif @param {any} context @returns {any} its handle, or an error of libheif's */
function primaryOf(libheif, context) {
  // Not in 1.17.
  if (libheif.heif_js_context_get_primary_image_handle) {
    return libheif.heif_js_context_get_primary_image_handle(context);
  }
  return Array.from(libheif.heif_js_context_get_list_of_top_level_image_IDs(context))
    .map((id) => libheif.heif_js_context_get_image_handle(context, id))
    .find((handle) => handle.code || libheif.heif_image_handle_is_primary_image(handle));
}

/** @param {{data: Uint8Array, stride: number, width: number, height: number}} plane of 4 bytes a pixel */
function packed({ data, stride, width, height }) {
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    rgba.set(data.subarray(y * stride, y * stride + width * 4), y * width * 4);
  }
  return rgba;
}

/** @param {any} libheif @param {{code: unknown, subcode: unknown, message: string}} error of libheif's */
function refusal({ heif_error_code: codes, heif_suberror_code: subcodes }, { code, subcode, message }) {
  const detail = `the HEIC decoder says: ${String(message).slice(0, MAX_MESSAGE)}`;
  if (subcode === subcodes.heif_suberror_Security_limit_exceeded) {
    return new NetocrError('IMAGE_TOO_LARGE', { detail });
  }
  if (code === codes.heif_error_Memory_allocation_error) return new NetocrError('OUT_OF_MEMORY', { detail });
  const unsupported = [codes.heif_error_Unsupported_feature, codes.heif_error_Unsupported_filetype];
  return new NetocrError(unsupported.includes(code) ? 'UNSUPPORTED_FEATURE' : 'CORRUPT_IMAGE', { detail });
}

/** This thread has a page's scripts beside ours. */
const isPage = () => typeof document !== 'undefined';

/**
 * @param {string} url
 * @returns {Promise<Loaded>}
 */
async function importDecoder(url) {
  /** @type {any} */
  const scope = globalThis;
  /** @type {{exports: any}} */
  const module = { exports: undefined };
  // A script for CommonJS, imported as a module, finds these. A page's other scripts would find them too.
  const lends = !isPage() && scope.module === undefined && scope.exports === undefined;
  if (lends) Object.assign(scope, { module, exports: {} });
  try {
    const { default: exported = module.exports } = await import(
      /* @vite-ignore */ /* webpackIgnore: true */ url
    );
    return { exported: exported ?? (isPage() ? await runScript(url) : undefined) };
  } finally {
    if (lends) for (const name of ['module', 'exports']) delete scope[name];
  }
}

/** As a page runs a script: libheif-js leaves its factory in a variable. @param {string} url @returns {Promise<any>} */
function runScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => resolve(/** @type {any} */ (globalThis).libheif);
    script.onerror = () => reject(new TypeError('the script cannot be run'));
    document.head.append(script);
  });
}

/**
 * Why an import failed, as far as the server says: browsers do not tell it.
 * @param {string} url
 * @param {unknown} cause
 */
async function whyNot(url, cause) {
  const name = shortened(url);
  try {
    const response = await fetch(url, { credentials: 'same-origin' });
    response.body?.cancel().catch(() => {});
    if (!response.ok) return `${name} is answered with HTTP status ${response.status}`;
    const type = response.headers.get('content-type') ?? 'no content type';
    if (!JAVASCRIPT.test(type)) {
      return `${name} comes as ${type}, but a browser imports a module only as text/javascript: have the server send that, or give the file a name that ends in .js`;
    }
  } catch {
    // Offline, or an address that only import() can read.
  }
  return `${name} cannot be imported: ${nameOf(cause)}`;
}

/** Without what may be a secret. @param {string} url */
function shortened(url) {
  const { protocol, origin, pathname } = new URL(url);
  if (protocol === 'data:' || protocol === 'blob:') return `a ${protocol} URL`;
  return origin === 'null' ? `${protocol}//${pathname}` : origin + pathname;
}

/** @param {string} why @param {unknown} [cause] */
function loadFailed(why, cause) {
  return new NetocrError('ENGINE_LOAD_FAILED', { detail: `heicDecoderUrl: ${why}`, cause });
}
