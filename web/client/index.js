// netocr-wasm in a browser. Importing this does nothing: no request, no worker, no global is touched.

import { browserPlatform } from './page/browser.js';
import { createClientOn } from './page/client.js';
import { sharedTools } from './page/tools.js';

export { errorMessage, isNetocrError, NetocrError } from './shared/errors.js';
export { version } from './shared/version.js';

const tools = sharedTools(browserPlatform);

/**
 * A client of the proxy at `options.endpoint`. Errors (thrown): INVALID_ARGUMENT.
 * @param {import('./shared/types.js').ClientOptions} options
 * @returns {import('./shared/types.js').Client}
 */
export function createClient(options) {
  return createClientOn(browserPlatform, options);
}

/**
 * A photo as it came from a person -> an upright, metadata-free JPEG within a byte budget (or the file itself when it is
 * fit already). Nothing is sent.
 * @param {import('./shared/types.js').Input} photo
 * @param {import('./shared/types.js').PrepareCallOptions} [options]
 * @returns {Promise<import('./shared/types.js').PreparedImage>}
 */
export function prepareImage(photo, options) {
  return tools().prepareImage(photo, options);
}

/**
 * What a photo's file says about itself, without decoding it.
 * @param {import('./shared/types.js').Input} photo
 * @param {import('./shared/types.js').InspectCallOptions} [options]
 * @returns {Promise<import('./shared/types.js').ImageInfo>}
 */
export function inspectImage(photo, options) {
  return tools().inspectImage(photo, options);
}

/**
 * A video's container, size and duration, without judging them.
 * @param {import('./shared/types.js').Input} video
 * @param {import('./shared/types.js').InspectCallOptions} [options]
 * @returns {Promise<import('./shared/types.js').VideoInfo>}
 */
export function inspectVideo(video, options) {
  return tools().inspectVideo(video, options);
}
