/**
 * Finds words in a text also where it is encoded, as payloads are: percent and backslash escapes, base64 (also of
 * UTF-16, as PowerShell takes it), hexadecimal, and one of these within another.
 */

/** From the first character to before the last. */
export interface Range {
  from: number;
  to: number;
  /** The word as it stands in the decoded text. */
  word: string;
}

/** A stretch of the text decoded: where its characters came from. */
interface Decoded {
  text: string;
  startOf(index: number): number;
  /** Behind the character at `index`. */
  endOf(index: number): number;
}

/** Encodings within each other that are undone. */
const depth_max = 3;

const escaped_sign = /%([0-9a-f]{2})|\\x([0-9a-f]{2})|\\u00([0-9a-f]{2})|&#x([0-9a-f]{2});|&#(\d{2,3});/gi;
const base64_run = /[A-Za-z0-9+/_-]{8,}={0,2}/g;
const hex_run = /[0-9a-f]{10,}/gi;

/** Of a text in which no escape stands, nothing. */
function* undoEscapes(text: string): Generator<Decoded> {
  const starts: number[] = [];
  let plain = '';
  let at = 0;
  for (const found of text.matchAll(escaped_sign)) {
    for (; at < found.index; at += 1) {
      starts.push(at);
      plain += text[at];
    }
    const [whole, percent, backslash, unicode, hex, decimal] = found;
    const code =
      decimal === undefined
        ? Number.parseInt(percent ?? backslash ?? unicode ?? hex ?? '', 16)
        : Number(decimal);
    starts.push(at);
    plain += String.fromCharCode(code);
    at += whole.length;
  }
  if (at === 0) return;
  for (; at < text.length; at += 1) {
    starts.push(at);
    plain += text[at];
  }
  yield {
    text: plain,
    startOf: (index) => starts[index] as number,
    endOf: (index) => starts[index + 1] ?? text.length,
  };
}

/** Where a run begins is not known: a slash before it is one of its signs. So it is read from four places. */
function* undoBase64(text: string): Generator<Decoded> {
  for (const { 0: run, index } of text.matchAll(base64_run))
    for (let skipped = 0; skipped < 4; skipped += 1) {
      const first = index + skipped;
      yield* asTexts(
        Buffer.from(run.slice(skipped), 'base64').toString('latin1'),
        (byte) => first + Math.floor(byte / 3) * 4,
        (byte) => Math.min(first + (Math.floor(byte / 3) + 1) * 4, index + run.length),
      );
    }
}

function* undoHex(text: string): Generator<Decoded> {
  for (const { 0: run, index } of text.matchAll(hex_run))
    for (let skipped = 0; skipped < 2; skipped += 1) {
      const first = index + skipped;
      yield* asTexts(
        Buffer.from(run.slice(skipped), 'hex').toString('latin1'),
        (byte) => first + byte * 2,
        (byte) => first + byte * 2 + 2,
      );
    }
}

/** Bytes as text of one byte a character and, where every other one is zero, of two. */
function* asTexts(
  bytes: string,
  startOf: (byte: number) => number,
  endOf: (byte: number) => number,
): Generator<Decoded> {
  yield { text: bytes, startOf, endOf };
  if (!bytes.includes('\0')) return;
  const kept = [...bytes].flatMap((character, byte) => (character === '\0' ? [] : [byte]));
  yield {
    text: bytes.replaceAll('\0', ''),
    startOf: (index) => startOf(kept[index] as number),
    endOf: (index) => endOf(kept[index] as number),
  };
}

/**
 * Where a pattern matches, in order and without overlap.
 * @param plain for the text as it stands; global, like the other
 * @param encoded for what it is decoded to, which may be noise: it should match nothing that comes about by chance
 */
export function findEncoded(text: string, plain: RegExp, encoded: RegExp): Range[] {
  const found = [...findIn(text, plain), ...findWithin(text, encoded, depth_max)].sort(
    (a, b) => a.from - b.from || b.to - a.to,
  );
  const kept: Range[] = [];
  for (const range of found) {
    const last = kept.at(-1);
    if (last === undefined || range.from >= last.to) kept.push({ ...range });
    else last.to = Math.max(last.to, range.to);
  }
  return kept;
}

function* findIn(text: string, pattern: RegExp): Generator<Range> {
  for (const { 0: word, index } of text.matchAll(pattern))
    yield { from: index, to: index + word.length, word };
}

function* findWithin(text: string, pattern: RegExp, depth: number): Generator<Range> {
  if (depth === 0) return;
  for (const undo of [undoEscapes, undoBase64, undoHex])
    for (const decoded of undo(text)) {
      yield* map(decoded, findIn(decoded.text, pattern));
      yield* map(decoded, findWithin(decoded.text, pattern, depth - 1));
    }
}

function* map({ startOf, endOf }: Decoded, ranges: Iterable<Range>): Generator<Range> {
  for (const { from, to, word } of ranges) yield { from: startOf(from), to: endOf(to - 1), word };
}
