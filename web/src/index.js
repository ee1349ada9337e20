// netocr-wasm in a browser. Importing this does nothing: no request, no worker, no global is touched.
import { createClientOn, createTools } from './client.js';
import { browserPlatform } from './engine/browser.js';

export { errorMessage, isNetocrError, NetocrError } from './errors.js';
export { version } from './version.js';

const tools = createTools(browserPlatform);

/**
 * A client of the proxy at `options.endpoint`. Errors (thrown): INVALID_ARGUMENT.
 * @param {import('./types.js').ClientOptions} options
 * @returns {import('./types.js').Client}
 */
export function createClient(options) {
  return createClientOn(browserPlatform, options);
}

/**
 * A photo as it came from a person -> an upright, metadata-free JPEG within a byte budget (or the file itself when it is
 * fit already). Nothing is sent.
 * @param {import('./types.js').Input} photo
 * @param {import('./types.js').PrepareCallOptions} [options]
 * @returns {Promise<import('./types.js').PreparedImage>}
 */
export function prepareImage(photo, options) {
  return tools.prepareImage(photo, options);
}

/**
 * What a photo's file says about itself, without decoding it.
 * @param {import('./types.js').Input} photo
 * @param {import('./types.js').InspectCallOptions} [options]
 * @returns {Promise<import('./types.js').ImageInfo>}
 */
export function inspectImage(photo, options) {
  return tools.inspectImage(photo, options);
}

/**
 * A video's container, size and duration, without judging them.
 * @param {import('./types.js').Input} video
 * @param {import('./types.js').InspectCallOptions} [options]
 * @returns {Promise<import('./types.js').VideoInfo>}
 */
export function inspectVideo(video, options) {
  return tools.inspectVideo(video, options);
}
