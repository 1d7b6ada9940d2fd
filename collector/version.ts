/** The version that heartbeats carry. */
export const version = '0.1.0';
