/**
 * Words of a MySQL statement. It is taken as one character a byte (latin1), so that bytes of any charset come out as
 * they went in; in charsets where a backslash may be half of a character the caller must not use this.
 */

export type Token =
  /** A bare or quoted name; `bare` may be a keyword. */
  | { kind: 'name'; text: string; bare: boolean }
  /** The bytes of a literal, one character each. `hex` where it was written as x'…', 0x… or b'…'. */
  | { kind: 'string'; text: string; hex: boolean }
  | { kind: 'number'; text: string }
  | { kind: 'variable'; text: string }
  | { kind: 'sign'; text: string };

export interface SqlMode {
  ansi_quotes: boolean;
  no_backslash_escapes: boolean;
}

export const default_mode: SqlMode = { ansi_quotes: false, no_backslash_escapes: false };
/** Bits of `SET @@session.sql_mode=N`. */
export const modeOf = (bits: number): SqlMode => ({
  ansi_quotes: (bits & 4) !== 0,
  no_backslash_escapes: (bits & 0x100000) !== 0,
});

const escapes: Record<string, string> = { '0': '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' };
const tokens_max = 2_000_000;

/** The words of a statement; undefined where it ends inside of one. */
export function tokenize(sql: string, mode: SqlMode = default_mode): Token[] | undefined {
  const tokens: Token[] = [];
  const space = /(?:\s+|\/\*!\d*|\*\/|\/\*(?!!)[\s\S]*?\*\/|--(?=\s|$)[^\n]*|#[^\n]*)+/y;
  const word = /[A-Za-z_$\x80-\xff][\w$\x80-\xff]*|\d+[A-Za-z_$\x80-\xff][\w$\x80-\xff]*/y;
  const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
  const float = /\d+[eE][+-]?\d+(?![\w$])/y;
  const hex = /0x([0-9a-fA-F]+)(?![\w$])|[xX]'([0-9a-fA-F]*)'/y;
  const bits = /0b([01]+)(?![\w$])|[bB]'([01]*)'/y;
  const variable = /@(?:@?[\w$.\x80-\xff]+|`(?:[^`]|``)*`|'[^']*'|"[^"]*")/y;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(sql);
    if (found !== null) at += found[0].length;
    return found;
  };
  while (at < sql.length) {
    take(space);
    if (at >= sql.length) break;
    if (tokens.length >= tokens_max) return undefined;
    const c = sql[at]!;
    if (c === "'" || c === '"' || c === '`') {
      const end = quoteEnd(sql, at, c, c !== '`' && !mode.no_backslash_escapes);
      if (end === -1) return undefined;
      const inner = sql.slice(at + 1, end);
      const is_name = c === '`' || (c === '"' && mode.ansi_quotes);
      if (is_name) tokens.push({ kind: 'name', text: inner.replaceAll(c + c, c), bare: false });
      else tokens.push({ kind: 'string', text: unquote(inner, c, mode.no_backslash_escapes), hex: false });
      at = end + 1;
      continue;
    }
    let found = take(hex);
    if (found !== null) {
      const digits = found[1] ?? found[2]!;
      const even = digits.length % 2 === 0 ? digits : `0${digits}`;
      tokens.push({ kind: 'string', text: Buffer.from(even, 'hex').toString('latin1'), hex: true });
      continue;
    }
    found = take(bits);
    if (found !== null) {
      tokens.push({ kind: 'string', text: bitBytes(found[1] ?? found[2]!), hex: true });
      continue;
    }
    found = take(variable);
    if (found !== null) {
      tokens.push({ kind: 'variable', text: variableName(found[0]) });
      continue;
    }
    // `1e5` begins like a name that starts with a digit.
    found = take(float) ?? take(word);
    if (found !== null && !/^\d+[eE][+-]?\d+$/.test(found[0])) {
      tokens.push({ kind: 'name', text: found[0], bare: true });
      continue;
    }
    found ??= take(number);
    tokens.push(found === null ? { kind: 'sign', text: sql[at++]! } : { kind: 'number', text: found[0] });
  }
  return tokens;
}

/** Where a quoted text ends; -1 where it does not. */
function quoteEnd(sql: string, start: number, quote: string, has_escapes: boolean): number {
  for (let at = start + 1; at < sql.length; at += 1) {
    const c = sql[at]!;
    if (c === '\\' && has_escapes) at += 1;
    else if (c === quote) {
      if (sql[at + 1] !== quote) return at;
      at += 1;
    }
  }
  return -1;
}

function unquote(inner: string, quote: string, no_escapes: boolean): string {
  const single = inner.includes(quote)
    ? (text: string): string => text.replaceAll(quote + quote, quote)
    : undefined;
  if (no_escapes || !inner.includes('\\')) return single === undefined ? inner : single(inner);
  return inner.replace(/\\([\s\S])|''|""/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escapes[escaped] ?? escaped;
    return found[0] === quote ? quote : found;
  });
}

function bitBytes(bits: string): string {
  const digits = bits.padStart(Math.ceil(bits.length / 8) * 8, '0');
  return (digits.match(/.{8}/g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join('');
}

/** `@v`, `` @`v` ``; system variables keep their second sign. */
const variableName = (text: string): string => {
  const name = text.slice(1);
  return /^[`'"]/.test(name) ? name.slice(1, -1).replaceAll('``', '`') : name;
};
