/** Addresses of inner networks (RFC 1918, RFC 6598, loopback, link-local), as a text names them. */
const inner =
  /^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;

export const isInner = (host: string): boolean => inner.test(host);
