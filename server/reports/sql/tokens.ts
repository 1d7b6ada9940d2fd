/**
 * A statement of a person, taken apart and written anew: what the engine is given is made of our own tokens only. Strings
 * are decoded and written with every character but letters, digits and a few others as `\xHH`, so that where one ends is
 * never a matter of how somebody's escapes are read. Comments, a second statement and placeholders are refused.
 */
import { OperationalError } from '@apiary/model/errors.ts';

export interface Token {
  kind: 'word' | 'string' | 'number' | 'sign';
  /** As the engine is given it. */
  text: string;
}

const statement_length_max = 20_000;
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /(?:0x[0-9A-Fa-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/y;
const sign = /(?:->|<=|>=|<>|!=|==|\|\||::|[(),.*+/%<>=[\]?:-])/y;
const space = /\s+/y;

const fail = (message: string, at: number, value: string): never => {
  throw new OperationalError('input_invalid', `${message}, at ${JSON.stringify(value.slice(at, at + 20))}`, {
    field: 'query',
    at,
  });
};

const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  b: '\b',
  f: '\f',
  a: '\x07',
  v: '\v',
};

/** Reads a string that begins at its opening quote. */
function readString(text: string, begin: number): { value: string; end: number } {
  let value = '';
  let at = begin + 1;
  for (;;) {
    const one = text[at];
    if (one === undefined) return fail('the string does not end', begin, text);
    if (one === "'" && text[at + 1] === "'") {
      value += "'";
      at += 2;
    } else if (one === "'") return { value, end: at + 1 };
    else if (one === '\\') {
      const next = text[at + 1];
      if (next === undefined) return fail('the string does not end', begin, text);
      const hex = /^x([0-9A-Fa-f]{2})/.exec(text.slice(at + 1, at + 4));
      if (hex !== null) {
        value += String.fromCharCode(Number.parseInt(hex[1]!, 16));
        at += 4;
      } else {
        // An unknown escape keeps its backslash, as in patterns.
        value += escapes[next] ?? (next === '\\' || next === "'" || next === '"' ? next : `\\${next}`);
        at += 2;
      }
    } else {
      value += one;
      at += 1;
    }
  }
}

const plain = /[A-Za-z0-9 _.,:/@-]/;

/** A string literal of the engine in which nothing but plain characters stands as itself. */
export function writeString(value: string): string {
  let written = '';
  for (const byte of Buffer.from(value)) {
    const character = String.fromCharCode(byte);
    written += plain.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `'${written}'`;
}

/** @throws OperationalError input_invalid, whose details say where: `at` */
export function readTokens(text: string): Token[] {
  if (text.length > statement_length_max)
    throw new OperationalError('input_invalid', `query: more than ${statement_length_max} characters`);
  const tokens: Token[] = [];
  const source = text.trimEnd().replace(/;$/, '');
  const take = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  let at = 0;
  while (at < source.length) {
    const blank = take(space, at);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    if (source.startsWith('--', at) || source.startsWith('/*', at))
      fail('comments are not taken', at, source);
    if (source[at] === ';') fail('one statement at a time', at, source);
    if (source[at] === "'") {
      const { value, end } = readString(source, at);
      tokens.push({ kind: 'string', text: writeString(value) });
      at = end;
      continue;
    }
    const quoted = /^(?:"([A-Za-z_][A-Za-z0-9_ ]*)"|`([A-Za-z_][A-Za-z0-9_ ]*)`)/.exec(
      source.slice(at, at + 130),
    );
    if (quoted !== null) {
      tokens.push({ kind: 'word', text: `\`${quoted[1] ?? quoted[2]}\`` });
      at += quoted[0].length;
      continue;
    }
    const [kind, found] = (
      [
        ['word', take(word, at)],
        ['number', take(number, at)],
        ['sign', take(sign, at)],
      ] as const
    ).find(([, one]) => one !== undefined) ?? [undefined, undefined];
    if (kind === undefined || found === undefined) return fail('this character is not taken', at, source);
    tokens.push({ kind, text: found });
    at += found.length;
  }
  return tokens;
}

export const writeTokens = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join(' ');
