/** By what a record's bytes are known again at their place. */

/** 128 bits of the SHA-256. */
export const digest_hex_digits = 32;

/** @param column that holds the bytes */
export const digestSql = (column: string): string =>
  `lower(substring(hex(SHA256(${column})), 1, ${digest_hex_digits}))`;
