// `netocr-proxy check`: says whether a configuration would start and the store takes it, and with a probe whether the
// service does. Prints no value of it.

import { DEFAULT_HOST } from '../../http/node-server.js';
import { checkListening } from '../access/anonymous.js';
import { withVariables } from '../environment/option-names.js';
import { readEnvironment } from '../environment.js';
import { createNodeProxyHandler, mintOf } from '../node/index.js';
import { checkInternal } from '../node/internal.js';
import { checkOptions } from '../settings.js';
import { probeService, probeStore } from './probe.js';

/**
 * `verdict`: 'bad' when the store or the service refuses or does not answer, else 'unknown' when the service's answer tells
 * nothing about the credentials.
 *
 * @typedef {object} CheckResult
 * @property {import('./probe.js').Finding['verdict']} verdict
 * @property {string[]} lines for the operator
 */

/**
 * Rejects with a TypeError or a StoreError when the proxy would not start.
 *
 * @param {import('../environment.js').Environment} env
 * @param {{probes: boolean, inFiles?: readonly string[]}} options `inFiles`: secrets that came from files
 * @returns {Promise<CheckResult>}
 */
export async function checkConfiguration(env, { probes, inFiles }) {
  /** @type {string[]} */
  const lines = [];
  const { mintSecret, ...options } = readEnvironment(env);
  checkListening(options, options.host ?? DEFAULT_HOST);
  const warn = (/** @type {string} */ message) =>
    void lines.push(`warning: ${withVariables(message, inFiles)}`);
  checkInternal({ ...options, mintSecret, warn });
  if (mintSecret !== undefined) mintOf({ ...options, mintSecret });
  const handler = createNodeProxyHandler({ ...options, warn });
  await handler.ready();
  await handler.close();
  // First what costs nothing: no call is made for a configuration that would not start.
  const findings = [await probeStore(options.redis)];
  lines.push('configuration: good');
  if (probes) {
    lines.push('probe: one call with ten bytes that are no picture; calls are billed, so it may cost one');
    findings.unshift(
      await probeService(checkOptions({ ...options, receipts: undefined, reveal: undefined })),
    );
  }
  if (options.redis || probes) lines.push(...findings.map(({ line }) => line));
  const verdicts = findings.map(({ verdict }) => verdict);
  return {
    verdict: verdicts.find((v) => v === 'bad') ?? verdicts.find((v) => v === 'unknown') ?? 'good',
    lines,
  };
}
