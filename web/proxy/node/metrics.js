// Metrics for Prometheus (prom-client), made from the same records as the log: paths of the allow-list, codes, stages,
// sizes and times, and nothing that a client chose. Node only.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { fixedResponse } from '../../http/fixed-response.js';

/**
 * @typedef {object} Metrics
 * @property {(record: import('../settings.js').LogRecord) => void} observe
 * @property {() => Promise<Response>} answer what `/metrics` shows
 */

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120];

/**
 * @param {() => Promise<import('../handler.js').ProxyState>} state of the proxy
 * @param {() => number} [logDropped] how many lines of the log were lost
 * @returns {Metrics}
 */
export function createMetrics(state, logDropped = () => 0) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'netocr_proxy_requests_total',
    help: 'Requests by path, error code and the stage at which they ended.',
    labelNames: ['path', 'code', 'stage'],
    registers,
  });
  const seconds = new Histogram({
    name: 'netocr_proxy_request_seconds',
    help: 'Time from the head of a request to its reply.',
    labelNames: ['path'],
    buckets: SECONDS,
    registers,
  });
  const bytes = new Counter({
    name: 'netocr_proxy_bytes_total',
    help: 'Bytes of bodies: in from clients, out to them.',
    labelNames: ['direction'],
    registers,
  });
  const dropped = new Counter({
    name: 'netocr_proxy_log_dropped_total',
    help: 'Lines of the log that were lost: its reader stalled or left, or the disk was full.',
    registers,
  });
  const storeFailures = new Counter({
    name: 'netocr_proxy_store_failures_total',
    help: 'Requests that were refused because the store (of uses and rates, such as Redis) did not do its part, by cause.',
    labelNames: ['cause'],
    registers,
  });
  const gauge = (/** @type {string} */ name, /** @type {string} */ help) =>
    new Gauge({ name, help, registers });
  const calls = gauge('netocr_proxy_calls', 'Calls to the service under way.');
  const queued = gauge('netocr_proxy_queued', 'Requests that wait for a call to end.');
  const breaker = gauge('netocr_proxy_breaker_open', '1 while the circuit breaker refuses calls.');
  const store = gauge(
    'netocr_proxy_store_up',
    '1 while the store (of uses and rates, such as Redis) answers.',
  );

  return {
    observe({ path, code, stage, bytesIn, bytesOut, ms, cause }) {
      requests.inc({ path, code, stage });
      if (cause?.startsWith('STORE_')) storeFailures.inc({ cause });
      seconds.observe({ path }, ms / 1000);
      bytes.inc({ direction: 'in' }, bytesIn);
      bytes.inc({ direction: 'out' }, bytesOut);
    },
    async answer() {
      const now = await state();
      calls.set(now.calls);
      queued.set(now.queued);
      breaker.set(now.breakerOpen ? 1 : 0);
      store.set(now.storeUp ? 1 : 0);
      dropped.reset();
      dropped.inc(logDropped());
      return fixedResponse(await registry.metrics(), {
        headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' },
      });
    },
  };
}
