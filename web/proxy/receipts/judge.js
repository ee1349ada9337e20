// What a reply says, by the same WebAssembly core that the page has (both come to one verdict from the same bytes), and
// what of it the page gets.
import { createCaller } from '../../client/core/caller.js';
import { instantiate, remembered } from '../../client/core/loader.js';

/**
 * @typedef {object} Judgement
 * @property {'pass' | 'fail' | 'indeterminate'} verdict
 * @property {{value: number, scale: [number, number], threshold: number, higherMeans: string} | null} score
 * @property {string} statusCode of the service; '' when it told none that can be read
 * @property {string} error '' or the code that the client's call ends with, such as SERVICE_IMAGE_REJECTED
 * @property {import('../../client/shared/types.js').VideoSignals | null} signals null for operations that have none, and with an error
 * @property {import('../../client/shared/types.js').IdCard | null} idCard null for operations that have none, and with an error
 * @property {string} message the service's text beside its status
 * @property {{desc: string, content: string}[]} items everything the service said
 */

/**
 * @typedef {object} Judge
 * @property {() => Promise<void>} ready rejects when the core cannot be loaded
 * @property {(operation: string, reply: Uint8Array) => Promise<Judgement>} read `operation`: the core's word, of
 *   routes.js. Never rejects: what cannot be read is indeterminate
 * @property {(operation: string, reply: Uint8Array, options: {allowed: string, asXml: boolean}) =>
 *   Promise<Uint8Array<ArrayBuffer> | null>} reveal a new reply that says what is allowed; null when the reply cannot be read.
 *   Rejects when the core fails
 */

/** @typedef {() => Promise<{createCore: (options: object) => Promise<any>, wasm: any}>} LoadCore */

/** @type {Readonly<Judgement>} */
const UNREADABLE = Object.freeze({
  verdict: 'indeterminate',
  score: null,
  statusCode: '',
  error: 'ENGINE_CRASHED',
  signals: null,
  idCard: null,
  message: '',
  items: [],
});

/**
 * @param {LoadCore} load the glue (the default export of dist/core.mjs) and the compiled dist/core.wasm
 * @returns {Judge}
 */
export function createJudge(load) {
  const instance = remembered(async () => {
    const { createCore, wasm } = await load();
    /** @type {any} */
    const core = await instantiate(createCore, wasm);
    // After a trap the next reply gets a new instance.
    return { core, caller: createCaller(() => instance.drop()) };
  });
  /**
   * @param {Uint8Array} reply
   * @param {(core: any, pointer: number, length: number) => any} use
   */
  async function withReply(reply, use) {
    const { core, caller } = await instance.get();
    return caller.withBytes(core, [reply], ([[pointer, length]]) => use(core, pointer, length));
  }
  return {
    ready: async () => void (await instance.get()),
    async reveal(operation, reply, options) {
      const { bytes } = await withReply(reply, (core, pointer, length) =>
        core.revealReply(pointer, length, { operation, ...options }),
      );
      return bytes;
    },
    async read(operation, reply) {
      try {
        const record = await withReply(reply, (core, pointer, length) =>
          core.parseReply(operation, 200, pointer, length),
        );
        return judgementOf(record);
      } catch {
        return UNREADABLE;
      }
    },
  };
}

/**
 * @param {any} record of the core's parseReply
 * @returns {Judgement}
 */
function judgementOf({ ok, code, verdict, score, signals, idCard, statusCode, statusMessage, items }) {
  const said = { statusCode: statusCode ?? '', message: statusMessage ?? '', items: items ?? [] };
  if (!ok)
    return { verdict: 'indeterminate', score: null, signals: null, idCard: null, error: code, ...said };
  const { value, scaleMax, threshold, higherMeans } = score ?? {};
  return {
    verdict,
    score: score && { value, scale: [0, scaleMax], threshold, higherMeans },
    signals,
    idCard,
    error: '',
    ...said,
  };
}
