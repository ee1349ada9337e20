// HEIC by libheif-js, from the address that the site names: loads it for the first file, and asks it for the picture that
// the file calls its primary one.
import { NetocrError, nameOf } from '../shared/errors.js';

/** @typedef {{width: number, height: number}} Size */

const JAVASCRIPT = /^\s*(text|application)\/(x-)?(java|ecma)script\s*(;|$)/i;

/** @type {any} */
const scope = globalThis;

/**
 * @param {string} url of libheif-js: its ES module (`libheif-bundle.mjs`, under that name or another) or its script
 *   (`libheif-bundle.js`), which servers that know no `.mjs` serve rightly too
 */
export function createHeicDecoder(url) {
  /** @type {Promise<any> | null} */
  let loading = null;

  /** Errors: ENGINE_LOAD_FAILED; the next file tries again. @returns {Promise<any>} a new instance of libheif */
  async function instance() {
    /** @type {any} */
    let libheif;
    try {
      loading ??= importFactory(url);
      const factory = await loading;
      libheif = typeof factory === 'function' ? await factory() : factory;
    } catch (cause) {
      loading = null;
      throw loadFailed(await whyNot(url, cause), cause);
    }
    if (typeof libheif?.heif_js_decode_image2 === 'function') return libheif;
    throw loadFailed(`${shortened(url)} is not libheif-js 1.17 or newer`);
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
  const { heif_error_code: codes, heif_colorspace: spaces, heif_chroma: chromas } = libheif;
  const read = libheif.heif_context_read_from_memory(context, bytes);
  if (read.code !== codes.heif_error_Ok) throw refusal(libheif, read);
  const handle = primaryOf(libheif, context);
  if (handle.code) throw refusal(libheif, handle);
  checkSize({
    width: libheif.heif_image_handle_get_width(handle),
    height: libheif.heif_image_handle_get_height(handle),
  });
  const decoded = await libheif.heif_js_decode_image2(
    handle,
    spaces.heif_colorspace_RGB,
    chromas.heif_chroma_interleaved_RGBA,
  );
  if (decoded.code) throw refusal(libheif, decoded);
  const plane = decoded.channels.find(
    (/** @type {any} */ { id }) => id === libheif.heif_channel.heif_channel_interleaved,
  );
  checkSize(plane);
  return packed(plane);
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
  return { rgba, width, height };
}

/** @param {any} libheif @param {{code: unknown, subcode: unknown, message: string}} error of libheif's */
function refusal({ heif_error_code: codes, heif_suberror_code: subcodes }, { code, subcode, message }) {
  const word =
    subcode === subcodes.heif_suberror_Security_limit_exceeded
      ? 'IMAGE_TOO_LARGE'
      : code === codes.heif_error_Memory_allocation_error
        ? 'OUT_OF_MEMORY'
        : code === codes.heif_error_Unsupported_feature || code === codes.heif_error_Unsupported_filetype
          ? 'UNSUPPORTED_FEATURE'
          : 'CORRUPT_IMAGE';
  return new NetocrError(word, { detail: `the HEIC decoder says: ${message}` });
}

/**
 * @param {string} url
 * @returns {Promise<any>} what makes an instance of libheif
 */
async function importFactory(url) {
  // A script for CommonJS, imported as a module, finds these. A page's other scripts would find them too.
  const script = { exports: undefined };
  const lends = !scope.document && scope.module === undefined && scope.exports === undefined;
  if (lends) Object.assign(scope, { module: script, exports: {} });
  try {
    const { default: exported } = await import(/* @vite-ignore */ /* webpackIgnore: true */ url);
    return exported ?? script.exports ?? (scope.document && (await runScript(url)));
  } finally {
    if (lends) for (const name of ['module', 'exports']) delete scope[name];
  }
}

/** As a page runs a script: libheif-js leaves its factory in a variable. @param {string} url @returns {Promise<any>} */
function runScript(url) {
  return new Promise((resolve, reject) => {
    const script = scope.document.createElement('script');
    const onload = () => resolve(scope.libheif);
    scope.document.head.append(Object.assign(script, { src: url, onload, onerror: reject }));
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
    response.body?.cancel();
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
  const { protocol, host, pathname } = new URL(url);
  return /^(https?|file):$/.test(protocol) ? `${protocol}//${host}${pathname}` : `a ${protocol} URL`;
}

/** @param {string} why @param {unknown} [cause] */
function loadFailed(why, cause) {
  return new NetocrError('ENGINE_LOAD_FAILED', { detail: `heicDecoderUrl: ${why}`, cause });
}
