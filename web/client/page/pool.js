// The engine behind a client: one or two lanes, made when they are needed, and the compiled modules that they share.

import { remembered } from '../core/loader.js';
import { isNetocrError, NetocrError, nameOf } from '../shared/errors.js';
import { createConnector } from './connect.js';
import { createLane } from './lane.js';
import { parseUrl } from './options.js';

/** @typedef {ReturnType<typeof createPool>} Pool */

/**
 * @param {import('./types.js').Platform} platform
 * @param {import('../shared/types.js').EngineOptions} options
 */
export function createPool(platform, options) {
  /** @param {'core' | 'codecs'} module @param {string | URL | undefined} url */
  const compiled = (module, url) =>
    remembered(async () => {
      try {
        return await platform.compile(module, url === undefined ? undefined : String(url));
      } catch (cause) {
        if (isNetocrError(cause)) throw cause;
        throw new NetocrError('ENGINE_LOAD_FAILED', { detail: `${module}.wasm: ${nameOf(cause)}`, cause });
      }
    });
  const { wasmUrl, codecsUrl, heicDecoderUrl } = options;
  const connector = createConnector(platform, options, {
    core: compiled('core', wasmUrl).get,
    codecs: compiled('codecs', codecsUrl).get,
    heicDecoderUrl:
      heicDecoderUrl && parseUrl(String(heicDecoderUrl), platform.baseUrl(), 'heicDecoderUrl').href,
  });
  /** @type {ReturnType<typeof createLane>[]} */
  const lanes = [];

  /** The lane with the least to do; a new one rather than a queue, as long as there may be one. */
  function quietest() {
    const least = lanes.reduce((a, b) => (a && a.load() <= b.load() ? a : b), lanes[0]);
    if (least && (least.load() === 0 || lanes.length >= connector.lanes())) return least;
    const lane = createLane(connector.connect);
    lanes.push(lane);
    return lane;
  }

  return {
    /** @param {AbortSignal} signal */
    open: (signal) => (lanes[0] ?? quietest()).open(signal),
    /** @param {import('./types.js').Task} task @returns {Promise<any>} */
    run(task) {
      const lane = quietest();
      // A second worker that cannot be loaded (offline since the first one was) leaves the work to the first.
      return lane.run(task, () => lanes.find((other) => other !== lane && other.isOpen()));
    },
    /** Ends every worker; the next task starts new ones. */
    stop() {
      for (const lane of lanes) lane.stop();
    },
  };
}
