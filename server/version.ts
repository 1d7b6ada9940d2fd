/** The version of the server; the packages carry the same. */
export const version = '0.1.0';
