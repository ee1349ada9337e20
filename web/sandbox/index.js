// Public entry of the sandbox: a stand-in for the service as a (Request) => Response handler. For Node see node.js.
export { createSandboxHandler } from './handler.js';
export { SCENARIOS } from './scenarios.js';

/** @typedef {import('./handler.js').SandboxOptions} SandboxOptions */
/** @typedef {import('./handler.js').SandboxLogRecord} SandboxLogRecord */
/** @typedef {import('./scenarios.js').Scenario} Scenario */
