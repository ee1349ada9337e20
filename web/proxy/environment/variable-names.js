// Which environment variables the proxy knows. A misspelt name would silently leave its option at the default, so that
// every unknown NETOCR_* name is an error, except those that Kubernetes injects for services.

/** What may also come from a file, whose path is in the variable with _FILE behind its name. */
export const SECRETS = Object.freeze([
  'NETOCR_KEY',
  'NETOCR_SECRET',
  'NETOCR_TOKEN_SECRET',
  'NETOCR_TOKEN_SECRET_PREVIOUS',
  'NETOCR_MINT_SECRET',
  'NETOCR_RECEIPT_KEY',
  'REDIS_URL',
]);

const PREFIX = 'NETOCR_';

/** @param {string} secret @returns {string} */
export const fileVariable = (secret) => `${secret}_FILE`;

const FILE_VARIABLES = SECRETS.map(fileVariable);

/**
 * Throws a TypeError that names every unknown variable and the one that was probably meant.
 *
 * @param {Record<string, unknown>} env others' variables, which do not begin with NETOCR_, are left aside
 * @param {readonly string[]} known
 */
export function checkNames(env, known) {
  const all = [...known, ...FILE_VARIABLES];
  const problems = Object.entries(env).flatMap(([name, value]) =>
    all.includes(name) ? problemOf(name, value) : strangerIn(name, value, all),
  );
  if (problems.length > 0) throw new TypeError(problems.join('; '));
}

/**
 * @param {string} name
 * @param {readonly string[]} known
 * @returns {string}
 */
export function unknownVariable(name, known) {
  const secretless = name.endsWith('_FILE') && known.includes(name.slice(0, -'_FILE'.length));
  if (secretless) return `${name} is not a variable of the proxy: only secrets come from files`;
  const near = nearestName(name, [...known, ...FILE_VARIABLES]);
  return `${name} is not a variable of the proxy${near ? `: did you mean ${near}?` : ''}`;
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {readonly string[]} known
 */
function strangerIn(name, value, known) {
  if (!name.startsWith(PREFIX) || isInjected(name, value)) return [];
  return [unknownVariable(name, known)];
}

/**
 * Kubernetes gives a pod the variables of each service in its namespace, in the form that Docker's links had.
 *
 * @param {string} name
 * @param {unknown} value
 */
function isInjected(name, value) {
  return /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_\w+)$/.test(name) || isLinkedPort(name, value);
}

/** @param {string} name @param {unknown} value */
const isLinkedPort = (name, value) => name.endsWith('_PORT') && /^(tcp|udp):\/\//.test(String(value));

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {string[]}
 */
function problemOf(name, value) {
  if (!isLinkedPort(name, value)) return [];
  const service = name.slice(0, -'_PORT'.length).toLowerCase().replaceAll('_', '-');
  return [
    `${name} has the address that Kubernetes injects for a service named ${service}: ` +
      'rename the service, set enableServiceLinks: false, or set the variable',
  ];
}

/**
 * @param {string} name
 * @param {readonly string[]} known
 * @returns {string | undefined} undefined when none is near
 */
function nearestName(name, known) {
  const bare = (/** @type {string} */ text) => text.replace(PREFIX, '');
  const wanted = bare(name.toUpperCase());
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(wanted, bare(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const isNear = ranked[0].distance <= Math.max(2, Math.floor(wanted.length / 3));
  if (isNear) return ranked[0].candidate;
  // NETOCR_ORIGINS: a name that was cut short.
  return ranked.find(({ candidate }) => wanted.length > 3 && bare(candidate).includes(wanted))?.candidate;
}

/**
 * True for names without the proxy's prefix that are one of its variables but for a letter or two.
 *
 * @param {string} name
 * @param {readonly string[]} known
 */
export function nearVariable(name, known) {
  const wanted = name.toUpperCase().replace(/_FILE$/, '');
  return known.some((candidate) => editDistance(wanted, candidate) <= 2);
}

/**
 * How many characters must be inserted, removed or replaced (Levenshtein).
 *
 * @param {string} a
 * @param {string} b
 */
function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
