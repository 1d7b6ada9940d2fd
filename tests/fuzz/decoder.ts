/** What a decoder of hostile bytes is to the fuzzer. */

export interface FuzzDecoder {
  name: string;
  /** Valid inputs, from which all others are made. */
  seeds: readonly Buffer[];
  /** Words of the format that are put in at random. */
  words?: readonly string[];
  /**
   * Decodes the whole input. Throws only what it documents for malformed input, which `isDocumented` knows.
   * @returns how much came out: bytes, characters or items, whatever its limit is told in
   */
  decode(input: Buffer): number;
  isDocumented?(error: unknown): boolean;
  /** Most that may come out of an input of so many bytes; 16 times as much and 4096 where it does not say. */
  outputMax?(input_bytes: number): number;
  /** Sets checksums right again, so that what lies behind them is reached. Used on half of the inputs. */
  repair?(input: Buffer): void;
  /** Frees what the seeds and inputs needed: files. */
  close?(): void;
}
