// Variables that do something only beside another one. Where that one is missing, the operator believes in a setting that has
// no effect, so it is an error and not a silence.

/** Names, and those of which one must be set beside each of them; the first is the one to tell. */
const NEEDED = Object.freeze([
  {
    names: ['NETOCR_REDIS_PREFIX', 'NETOCR_REDIS_CA_FILE', 'NETOCR_REDIS_CERT_FILE', 'NETOCR_REDIS_KEY_FILE'],
    beside: ['REDIS_URL'],
  },
  {
    names: ['NETOCR_INTERNAL_HOST', 'NETOCR_INTERNAL_HOSTS', 'NETOCR_METRICS_HOST'],
    beside: ['NETOCR_INTERNAL_PORT', 'NETOCR_METRICS_PORT'],
  },
  { names: ['NETOCR_WEBHOOK_URL'], beside: ['NETOCR_RECEIPT_KEY'] },
]);

/**
 * Throws a TypeError that names both. An empty value counts as none: files of containers often pass variables on that way.
 *
 * @param {import('../environment.js').Environment} env
 */
export function checkNeeded(env) {
  for (const { names, beside } of NEEDED) {
    const name = names.find((it) => env[it]);
    if (name && !beside.some((it) => env[it]))
      throw new TypeError(`${name} is of no use without ${beside[0]}`);
  }
}
