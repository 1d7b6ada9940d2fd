/** Bytes of a record as text and as hexadecimal, so that every byte can be told from every other. */

/** Length of the UTF-8 sequence at `at`; 0 where the bytes there are none. Follows RFC 3629, section 4. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first <= 0xdf
      ? 2
      : first >= 0xe0 && first <= 0xef
        ? 3
        : first >= 0xf0 && first <= 0xf4
          ? 4
          : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1]!;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let index = 2; index < length; index++) if ((bytes[at + index]! & 0xc0) !== 0x80) return 0;
  return length;
}

/** @returns stretches of valid text, and bytes that are no UTF-8 as \xNN */
export function decodeBytes(bytes: Uint8Array): { text: string; invalid: boolean }[] {
  const parts: { text: string; invalid: boolean }[] = [];
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (at > start) parts.push({ text: decoder.decode(bytes.subarray(start, at)), invalid: false });
    parts.push({ text: `\\x${bytes[at]!.toString(16).padStart(2, '0')}`, invalid: true });
    at += 1;
    start = at;
  }
  if (at > start) parts.push({ text: decoder.decode(bytes.subarray(start, at)), invalid: false });
  return parts;
}

/** Offset, sixteen bytes, and those that are printable ASCII. */
export function dumpHex(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const cells = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`.padEnd(48);
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${cells}  ${ascii}`);
  }
  return lines.join('\n');
}
