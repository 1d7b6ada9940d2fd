/**
 * Finds the elements of one name in XML, byte for byte, with any prefix: where each begins and where its end tag ends.
 * Nothing of it is interpreted. Comments, CDATA sections and processing instructions are passed over, so that tags in
 * them count for nothing. An element cannot hold another of its name: the first end tag ends it.
 */
import type { FramedPart, FramedRecord, Framer } from './framed.ts';

const asides = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;
/** The longest tag: a `<` whose `>` is farther away is text. */
const tag_bytes_max = 64 * 1024;
const name_pattern = /^<(\/?)(?:[A-Za-z_][\w.-]{0,100}:)?([A-Za-z_][\w.-]{0,200})(?=[\s/>])/;
const name_bytes_max = 320;
const [less, greater, slash, quote, apostrophe] = [60, 62, 47, 34, 39];

interface Tag {
  kind: 'start' | 'end' | 'whole';
  start: number;
  end: number;
}

/** An element over the limit whose end has not come yet. */
interface Long {
  place: number;
  /** Its beginning, one character a byte. */
  head: string;
  bytes: number;
}

export class XmlFramer implements Framer {
  readonly #element: string;
  readonly #record_bytes_max: number;
  #long: Long | undefined;
  /** Ends of asides that were looked for in the present bytes, and are not there: they are not looked for again. */
  readonly #absent = new Set<string>();

  constructor(element: string, record_bytes_max: number, state?: unknown) {
    this.#element = element;
    this.#record_bytes_max = record_bytes_max;
    this.#long = (state as Long | null | undefined) ?? undefined;
  }

  get state(): unknown {
    return this.#long ?? null;
  }

  frame(bytes: Buffer, base: number): FramedPart {
    const records: FramedRecord[] = [];
    let used = 0;
    this.#absent.clear();
    for (;;) {
      if (this.#long !== undefined) {
        const end = this.#find(bytes, used, 'end');
        const behind = typeof end === 'number' ? end : end.end;
        this.#long.bytes += behind - used;
        used = behind;
        if (typeof end === 'number') return { records, used };
        records.push(this.#endLong());
        continue;
      }
      const first = this.#find(bytes, used, 'start');
      if (typeof first === 'number') return { records, used: first };
      const last = first.kind === 'whole' ? first : this.#find(bytes, first.end, 'end');
      if (typeof last !== 'number') {
        records.push(this.#cut(bytes, base, first.start, last.end));
        used = last.end;
      } else if (bytes.length - first.start < this.#record_bytes_max + tag_bytes_max) {
        return { records, used: first.start };
      } else {
        const head = bytes.toString('latin1', first.start, first.start + this.#record_bytes_max);
        this.#long = { place: base + first.start, head, bytes: last - first.start };
        return { records, used: last };
      }
    }
  }

  #cut(bytes: Buffer, base: number, start: number, end: number): FramedRecord {
    const kept = bytes.subarray(start, Math.min(end, start + this.#record_bytes_max));
    const original_size = end - start;
    return { place: base + start, bytes: kept, original_size, is_cut: kept.length < original_size };
  }

  #endLong(): FramedRecord {
    const { place, head, bytes } = this.#long!;
    this.#long = undefined;
    return { place, bytes: Buffer.from(head, 'latin1'), original_size: bytes, is_cut: true };
  }

  /** The next tag of the element, or up to where nothing of it can begin. */
  #find(bytes: Buffer, from: number, wanted: 'start' | 'end'): Tag | number {
    for (let at = from; ; ) {
      const start = bytes.indexOf(less, at);
      if (start === -1) return bytes.length;
      const open = bytes.toString('latin1', start, start + 9);
      const aside = asides.find(([begin]) => open.startsWith(begin));
      // Fewer bytes than say what it is.
      if (aside === undefined && asides.some(([begin]) => begin.startsWith(open))) return start;
      const end =
        aside === undefined ? endOfTag(bytes, start) : this.#endOf(bytes, start + aside[0].length, aside[1]);
      if (end === 'text') {
        at = start + 1;
        continue;
      }
      if (end === undefined) {
        const longest = aside === undefined ? tag_bytes_max : this.#record_bytes_max;
        if (bytes.length - start <= longest) return start;
        at = start + 1;
        continue;
      }
      const tag = aside === undefined ? this.#readTag(bytes, start, end) : undefined;
      if (tag !== undefined && (tag.kind === 'end') === (wanted === 'end')) return tag;
      at = end;
    }
  }

  #endOf(bytes: Buffer, from: number, text: string): number | undefined {
    if (this.#absent.has(text)) return undefined;
    const found = bytes.indexOf(text, from, 'latin1');
    if (found !== -1) return found + text.length;
    this.#absent.add(text);
    return undefined;
  }

  #readTag(bytes: Buffer, start: number, end: number): Tag | undefined {
    const name = name_pattern.exec(bytes.toString('latin1', start, start + name_bytes_max));
    if (name === null || name[2] !== this.#element) return undefined;
    const kind = name[1] === '/' ? 'end' : bytes[end - 2] === slash ? 'whole' : 'start';
    return { kind, start, end };
  }
}

/** Behind the `>` of a tag; one in a quoted value does not end it. A `<` before that says that it was text. */
function endOfTag(bytes: Buffer, start: number): number | 'text' | undefined {
  let open = 0;
  const limit = Math.min(bytes.length, start + tag_bytes_max);
  for (let at = start + 1; at < limit; at += 1) {
    const byte = bytes[at]!;
    if (open !== 0) {
      if (byte === open) open = 0;
    } else if (byte === quote || byte === apostrophe) open = byte;
    else if (byte === greater) return at + 1;
    else if (byte === less) return 'text';
  }
  return undefined;
}
