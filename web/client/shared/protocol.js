// The version of the messages (protocol-types.js) between a page and its worker. Both are shipped together; the version
// catches a worker file that a cache or a copied bundle kept from another release.

export const PROTOCOL = 5;
