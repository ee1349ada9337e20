// Says once that a token was minted for nobody in particular.

const MESSAGE =
  'a token was minted without applicantId: attempts are counted for each token then, so that whoever gets a new one ' +
  'for each call may try as often as they like';

/**
 * @param {(message: string) => void} [warn] by default as Node's own warnings come, and on the console elsewhere
 * @returns {(applicantId: string | undefined) => void} warns at the first token that names no applicant
 */
export function createMintWarning(warn = warnOfProcess) {
  let warned = false;
  return (applicantId) => {
    if (warned || applicantId !== undefined) return;
    warned = true;
    warn(MESSAGE);
  };
}

/** @param {string} message */
function warnOfProcess(message) {
  const { process } = /** @type {{process?: {emitWarning?: (message: string, options: object) => void}}} */ (
    globalThis
  );
  if (process?.emitWarning) process.emitWarning(message, { code: 'NETOCR_NO_APPLICANT' });
  else console.warn(message);
}
