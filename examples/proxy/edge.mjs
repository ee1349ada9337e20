// The proxy on an edge runtime: the module's default export is what the runtime calls. Its bindings (secrets) have the
// names of the command's variables: NETOCR_KEY, NETOCR_SECRET, NETOCR_TOKEN_SECRET, NETOCR_ALLOWED_ORIGINS, ... On
// Cloudflare set NETOCR_ADDRESS_HEADER to cf-connecting-ip, so that each caller has a rate.
// With a store that all isolates share: export default createEdgeProxy({ store }). Receipts and NETOCR_REVEAL also need
// the compiled core there: see edge-reveal.mjs.
// There is no /tokens here: mint in your backend by mintToken(). Unknown NETOCR_* bindings are errors, others are left aside.
export { default } from 'netocr-proxy/edge';
