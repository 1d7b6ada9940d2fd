/** A moment, in milliseconds since 1970, as the engine writes it. */
export const dateTime = (ms: number): string => `fromUnixTimestamp64Milli(${ms}, 'UTC')`;
