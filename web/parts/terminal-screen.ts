/**
 * What a terminal shows after some bytes: the part of ECMA-48 that shells, editors and progress bars use. Colours are
 * left out; what it does not know it skips. Text of an attacker comes out as text and nothing else.
 */

/** A terminal writes from left to right; in a page these would reorder what stands beside them, or hide. */
const turns_writing = /[\p{Cf}\p{Zl}\p{Zp}\u0080-\u009f]/u;
const columns = 120;
/** Lines that are kept; a terminal scrolls, a page does too. */
const lines_max = 2000;

export class TerminalScreen {
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  /** First line of the screen: cursor addresses count from it. */
  #top = 0;
  readonly #rows = 24;
  #decoder = new TextDecoder('utf-8', { fatal: false });
  #rest = '';

  write(bytes: Uint8Array): void {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    this.#rest = '';
    for (let at = 0; at < text.length; ) {
      const character = String.fromCodePoint(text.codePointAt(at)!);
      if (character === '\x1b') {
        const length = this.#escape(text, at);
        if (length === 0) {
          // The sequence goes on in the next frame; one that never ends is no sequence.
          if (text.length - at < 256) this.#rest = text.slice(at);
          return;
        }
        at += length;
      } else {
        this.#put(character);
        at += character.length;
      }
    }
  }

  text(): string {
    return this.#lines.map((line) => line.join('').trimEnd()).join('\n');
  }

  #put(character: string): void {
    if (character === '\n') {
      // Recordings lack the return that the terminal's own line discipline adds.
      this.#column = 0;
      this.#down();
    } else if (character === '\r') this.#column = 0;
    else if (character === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (character === '\t') this.#column = Math.min(columns - 1, (Math.floor(this.#column / 8) + 1) * 8);
    else if (character >= ' ' && character !== '\x7f' && !turns_writing.test(character)) {
      if (this.#column >= columns) {
        this.#column = 0;
        this.#down();
      }
      this.#cell(character);
      this.#column += 1;
    }
  }

  #cell(character: string): void {
    const line = this.#lines[this.#row]!;
    while (line.length < this.#column) line.push(' ');
    line[this.#column] = character;
  }

  #down(): void {
    this.#row += 1;
    if (this.#row >= this.#lines.length) this.#lines.push([]);
    this.#top = Math.max(this.#top, this.#row - this.#rows + 1);
    this.#dropOldest();
  }

  #dropOldest(): void {
    if (this.#lines.length > lines_max) {
      const gone = this.#lines.length - lines_max;
      this.#lines.splice(0, gone);
      this.#row -= gone;
      this.#top = Math.max(0, this.#top - gone);
    }
  }

  /** @returns characters of the sequence; 0 where it is not whole yet */
  #escape(text: string, at: number): number {
    const next = text[at + 1];
    if (next === undefined) return 0;
    if (next === ']' || next === 'P') {
      const end = /\x07|\x1b\\/.exec(text.slice(at));
      return end === null ? 0 : end.index + end[0].length;
    }
    if (next !== '[') return next === '(' || next === ')' ? 3 : 2;
    const match = /^\x1b\[([0-9;?<=>]*)[ -/]*([@-~])/.exec(text.slice(at, at + 64));
    if (match === null) return text.length - at < 64 ? 0 : 2;
    this.#control(match[1]!, match[2]!);
    return match[0].length;
  }

  #control(parameters: string, final: string): void {
    const [first = 0, second = 0] = parameters
      .replace(/[^0-9;]/g, '')
      .split(';')
      .map(Number);
    const count = Math.max(1, Math.min(first, 10_000));
    if (final === 'A') this.#move(this.#row - count, this.#column);
    else if (final === 'B') this.#move(this.#row + count, this.#column);
    else if (final === 'C') this.#move(this.#row, this.#column + count);
    else if (final === 'D') this.#move(this.#row, this.#column - count);
    else if (final === 'G') this.#move(this.#row, count - 1);
    else if (final === 'H' || final === 'f') this.#move(this.#top + count - 1, Math.max(1, second) - 1);
    else if (final === 'K') this.#eraseLine(first);
    else if (final === 'J') this.#eraseScreen(first);
    else if (final === 'P') this.#lines[this.#row]!.splice(this.#column, count);
    else if (final === '@') {
      const line = this.#lines[this.#row]!;
      line.splice(this.#column, 0, ...Array<string>(Math.min(count, columns)).fill(' '));
      // What is pushed over the edge is gone, as in a terminal; else a line would grow without end.
      line.length = Math.min(line.length, columns);
    }
  }

  #move(row: number, column: number): void {
    this.#row = Math.max(this.#top, Math.min(row, this.#top + this.#rows - 1));
    this.#column = Math.max(0, Math.min(column, columns - 1));
    while (this.#lines.length <= this.#row) this.#lines.push([]);
  }

  #eraseLine(which: number): void {
    const line = this.#lines[this.#row]!;
    if (which === 2) line.length = 0;
    else if (which === 1) for (let at = 0; at <= this.#column && at < line.length; at += 1) line[at] = ' ';
    else line.length = Math.min(line.length, this.#column);
  }

  #eraseScreen(which: number): void {
    if (which === 2 || which === 3) {
      // What was there stays above, as in a terminal that scrolls it away.
      while (this.#lines.at(-1)?.length === 0 && this.#lines.length > 1) this.#lines.pop();
      this.#lines.push([]);
      this.#row = this.#lines.length - 1;
      this.#top = this.#row;
      this.#dropOldest();
      return;
    }
    this.#eraseLine(0);
    this.#lines.length = Math.max(this.#row + 1, 1);
  }
}
