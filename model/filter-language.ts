/**
 * The filter language of pages and API:
 *
 *     service:ssh and password:"123456" and not country:SK
 *     command:*wget* or url:http*
 *     port>1024 (attacker_ip:198.51.100.0/24 or asn:64496)
 *
 *     query := or;  or := and ("or" and)*;  and := not (["and"] not)*;  not := ["not"] term
 *     term  := "(" or ")" | FIELD OP value | FIELD ":" "(" value ("or" value)* ")"
 *     OP    := ":" (equal, or like where a bare value has "*")  ">"  "<"  ">="  "<="
 *     value := bare word | "text" with \" and \\ in it
 */
import { type EqualColumn, equal_columns } from './filter-columns.ts';

/** Short names of columns. */
export const field_aliases: Readonly<Record<string, EqualColumn>> = {
  ip: 'attacker_ip',
  country: 'attacker_country',
  asn: 'attacker_asn',
  port: 'destination_port',
  user: 'username',
  file: 'file_sha256',
  client: 'user_agent',
  type: 'sensor_type',
};
/** Words that name what stands in the inventory. */
export const named_fields = ['sensor', 'honeypot', 'honeynet'] as const;
export type NamedField = (typeof named_fields)[number];

export type Operator = '=' | 'like' | '>' | '<' | '>=' | '<=';

export interface Term {
  kind: 'term';
  /** A column of the events, a named field, or `extra.KEY`. */
  field: EqualColumn | NamedField | `extra.${string}`;
  operator: Operator;
  value: string;
  /** Where it stands in the text. */
  at: number;
  end: number;
}

export type FilterNode =
  | Term
  | { kind: 'and' | 'or'; parts: FilterNode[] }
  | { kind: 'not'; part: FilterNode };

export class FilterSyntaxError extends Error {
  readonly at: number;
  readonly end: number;

  constructor(message: string, at: number, end: number) {
    super(message);
    this.at = at;
    this.end = end;
  }
}

const text_length_max = 4096;
const depth_max = 40;
const terms_max = 200;

interface Token {
  kind: 'word' | 'text' | 'operator' | '(' | ')' | 'end';
  text: string;
  at: number;
  end: number;
}

const token_pattern = /\s*(?:(\()|(\))|(>=|<=|[:><])|"((?:[^"\\]|\\["\\])*)"|([^\s()":<>]+))/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    token_pattern.lastIndex = at;
    const match = token_pattern.exec(text);
    const begin = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    if (match === null) throw new FilterSyntaxError('a text in quotes does not end', begin, text.length);
    const [, open, close, operator, quoted, word] = match;
    const end = token_pattern.lastIndex;
    if (open !== undefined) tokens.push({ kind: '(', text: open, at: begin, end });
    else if (close !== undefined) tokens.push({ kind: ')', text: close, at: begin, end });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, at: begin, end });
    else if (quoted !== undefined)
      tokens.push({ kind: 'text', text: quoted.replace(/\\(["\\])/g, '$1'), at: begin, end });
    else tokens.push({ kind: 'word', text: word!, at: begin, end });
    at = end;
  }
  tokens.push({ kind: 'end', text: '', at: text.length, end: text.length });
  return tokens;
}

const words_of_language = new Set(['and', 'or', 'not']);

class Parser {
  readonly #tokens: Token[];
  #next = 0;
  #depth = 0;
  #terms = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  /** The next token. A method, because taking one changes it. */
  #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #take(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  #isWord(word: string): boolean {
    return this.#peek().kind === 'word' && this.#peek().text.toLowerCase() === word;
  }

  #fail(message: string, token = this.#peek()): never {
    throw new FilterSyntaxError(message, token.at, Math.max(token.end, token.at + 1));
  }

  parse(): FilterNode | null {
    if (this.#peek().kind === 'end') return null;
    const node = this.#or();
    if (this.#peek().kind === ')') this.#fail('this bracket closes none');
    if (this.#peek().kind !== 'end') this.#fail(`${JSON.stringify(this.#peek().text)} is not expected here`);
    return node;
  }

  #or(): FilterNode {
    const parts = [this.#and()];
    while (this.#isWord('or')) {
      this.#take();
      parts.push(this.#and());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
  }

  #and(): FilterNode {
    const parts = [this.#not()];
    for (;;) {
      if (this.#isWord('and')) this.#take();
      else if (this.#isWord('or') || this.#peek().kind === ')' || this.#peek().kind === 'end') break;
      parts.push(this.#not());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
  }

  #not(): FilterNode {
    if (!this.#isWord('not')) return this.#term();
    this.#take();
    this.#deeper();
    const part = this.#not();
    this.#depth -= 1;
    return { kind: 'not', part };
  }

  #deeper(): void {
    this.#depth += 1;
    if (this.#depth > depth_max) this.#fail(`brackets deeper than ${depth_max}`);
  }

  #term(): FilterNode {
    const first = this.#take();
    if (first.kind === '(') {
      this.#deeper();
      const node = this.#or();
      if (this.#peek().kind !== ')') this.#fail('a bracket is not closed', first);
      this.#take();
      this.#depth -= 1;
      return node;
    }
    if (first.kind === 'end') this.#fail('something is missing at the end', first);
    if (first.kind === 'text') this.#fail('a text needs its column: for example password:"123456"', first);
    if (first.kind !== 'word' || words_of_language.has(first.text.toLowerCase()))
      this.#fail(`a column was expected, not ${JSON.stringify(first.text)}`, first);
    const field = readField(first);
    const operator = this.#take();
    if (operator.kind !== 'operator')
      this.#fail(`${JSON.stringify(first.text)} needs ":" and a value`, first);
    if (operator.text === ':' && this.#peek().kind === '(') return this.#list(field, first);
    return this.#value(field, operator.text, first);
  }

  #list(field: Term['field'], first: Token): FilterNode {
    const open = this.#take();
    const parts: FilterNode[] = [this.#value(field, ':', first)];
    while (this.#isWord('or')) {
      this.#take();
      parts.push(this.#value(field, ':', first));
    }
    if (this.#peek().kind !== ')') this.#fail('a list of values is not closed: (one or other)', open);
    this.#take();
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
  }

  #value(field: Term['field'], operator: string, first: Token): Term {
    const token = this.#take();
    if (token.kind !== 'word' && token.kind !== 'text')
      this.#fail(`${JSON.stringify(first.text)} needs a value`, token.kind === 'end' ? first : token);
    this.#terms += 1;
    if (this.#terms > terms_max) this.#fail(`more than ${terms_max} conditions`, token);
    // A bare value may hold colons: an address of IPv6, a URL.
    let { text, end } = token;
    while (token.kind === 'word' && this.#peek().kind === 'operator' && this.#peek().at === end) {
      text += this.#take().text;
      end += 1;
      if (this.#peek().kind === 'word' && this.#peek().at === end) {
        const more = this.#take();
        text += more.text;
        end = more.end;
      }
    }
    const is_like = operator === ':' && token.kind === 'word' && text.includes('*');
    return {
      kind: 'term',
      field,
      operator: operator === ':' ? (is_like ? 'like' : '=') : (operator as Operator),
      value: text,
      at: first.at,
      end,
    };
  }
}

/** All words that a field can be named by. */
export const field_names: readonly string[] = [
  ...Object.keys(field_aliases),
  ...named_fields,
  ...equal_columns,
];

function readField({ text, at, end }: Token): Term['field'] {
  const name = text.toLowerCase();
  if (name.startsWith('extra.') && name.length > 6) return `extra.${text.slice(6)}`;
  const alias = Object.hasOwn(field_aliases, name) ? field_aliases[name] : undefined;
  if (alias !== undefined) return alias;
  const known = [...equal_columns, ...named_fields].find((column) => column === name);
  if (known !== undefined) return known;
  const near = field_names.find((field) => field.startsWith(name.slice(0, 3)));
  throw new FilterSyntaxError(
    `there is no column ${JSON.stringify(text)}${near === undefined ? '' : `; did you mean ${near}?`}`,
    at,
    end,
  );
}

/**
 * @returns null for a text without anything in it
 * @throws FilterSyntaxError with the place of the mistake
 */
export function parseFilter(text: string): FilterNode | null {
  if (text.length > text_length_max)
    throw new FilterSyntaxError(`longer than ${text_length_max} characters`, text_length_max, text.length);
  return new Parser(text).parse();
}
