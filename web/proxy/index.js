// Public entry of the proxy: web standards only, so that it also loads on edge runtimes. For Node see node.js.
export { createFetchTransport } from './fetch-transport.js';
export { createProxyHandler } from './handler.js';
export { ROUTES } from './routes.js';
export { DEFAULT_LIMITS } from './settings.js';

/** @typedef {import('./routes.js').Route} Route */
/** @typedef {import('./settings.js').ProxyOptions} ProxyOptions */
/** @typedef {import('./settings.js').LogRecord} LogRecord */
/** @typedef {import('./settings.js').Limits} Limits */
/** @typedef {import('./fetch-transport.js').Transport} Transport */
/** @typedef {import('./fetch-transport.js').UpstreamCall} UpstreamCall */
/** @typedef {import('./fetch-transport.js').UpstreamReply} UpstreamReply */
