/** The filter language as a condition over the event table. */

import type { Inventory } from '@apiary/model/api/inventory.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import {
  actions,
  detect_bases,
  directions,
  event_columns,
  outcomes,
  target_kinds,
  vantages,
} from '@apiary/model/event.ts';
import type { EqualColumn } from '@apiary/model/filter-columns.ts';
import {
  type FilterNode,
  FilterSyntaxError,
  type NamedField,
  parseFilter,
  type Term,
} from '@apiary/model/filter-language.ts';
import { formatBound, parseNetwork } from '@apiary/model/networks.ts';
import { selectStretches } from './assignments.ts';

export interface FilterCondition {
  sql: string;
  columns: string[];
  params: Record<string, unknown>;
}

const types = new Map(event_columns.map(({ name, type }) => [name, type]));
const enums: Partial<Record<EqualColumn, readonly string[]>> = {
  action: actions,
  target_kind: target_kinds,
  outcome: outcomes,
  direction: directions,
  vantage: vantages,
  detect_basis: detect_bases,
};
const named = new Set<string>(['sensor', 'honeypot', 'honeynet']);

/** A pattern of `*` as one of LIKE. */
const likePattern = (value: string): string => value.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%');

class Compiler {
  readonly params: Record<string, unknown> = {};
  readonly columns = new Set<string>();
  readonly #inventory: Inventory;
  readonly #text: string;

  constructor(inventory: Inventory, text: string) {
    this.#inventory = inventory;
    this.#text = text;
  }

  #value(type: string, value: unknown): string {
    const name = `q${Object.keys(this.params).length}`;
    this.params[name] = value;
    return `{${name}:${type}}`;
  }

  #fail(term: Term, message: string): never {
    throw mistake(this.#text, message, term.at, term.end);
  }

  compile(node: FilterNode): string {
    if (node.kind === 'not') return `NOT (${this.compile(node.part)})`;
    if (node.kind === 'term') return this.#term(node);
    return `(${node.parts.map((part) => this.compile(part)).join(node.kind === 'and' ? ' AND ' : ' OR ')})`;
  }

  #term(term: Term): string {
    const { field } = term;
    if (named.has(field)) return this.#named(term, field as NamedField);
    if (field.startsWith('extra.')) return this.#extra(term, field.slice('extra.'.length));
    const column = field as EqualColumn;
    this.columns.add(column);
    const type = types.get(column)!;
    if (type === 'IPv6') return this.#address(term, column);
    if (/^UInt/.test(type)) return this.#number(term, column, type);
    const known = enums[column];
    if (known !== undefined) return this.#enum(term, column, known);
    return this.#text_of(term, column);
  }

  #text_of(term: Term, column: string): string {
    if (term.operator === 'like') return `${column} ILIKE ${this.#value('String', likePattern(term.value))}`;
    if (term.operator !== '=') this.#fail(term, `${column} is text: it has no "${term.operator}"`);
    // Kept in capitals; nobody means another country by small letters.
    const value = column === 'attacker_country' ? term.value.toUpperCase() : term.value;
    return `${column} = ${this.#value('String', value)}`;
  }

  #enum(term: Term, column: string, known: readonly string[]): string {
    if (term.operator !== '=' || !known.includes(term.value))
      this.#fail(term, `${column} is one of ${known.join(', ')}`);
    return `${column} = ${this.#value('String', term.value)}`;
  }

  #number(term: Term, column: string, type: string): string {
    if (!/^\d{1,20}$/.test(term.value))
      this.#fail(term, `${column} is a number, not ${JSON.stringify(term.value)}`);
    return `${column} ${term.operator} ${this.#value(type === 'UInt64' ? 'UInt64' : 'UInt32', term.value)}`;
  }

  #address(term: Term, column: string): string {
    const range = parseNetwork(term.value);
    if (range === null || term.operator !== '=')
      this.#fail(term, `${column} is an address or a network, not ${JSON.stringify(term.value)}`);
    const bound = (value: bigint): string => `toIPv6(${this.#value('String', formatBound(value))})`;
    return range.first === range.last
      ? `${column} = ${bound(range.first)}`
      : `(${column} >= ${bound(range.first)} AND ${column} <= ${bound(range.last)})`;
  }

  #extra(term: Term, key: string): string {
    this.columns.add('extra');
    const place = `extra[${this.#value('String', key)}]`;
    return this.#text_of(term, place);
  }

  #named(term: Term, field: NamedField): string {
    const { sensors, honeypots, honeynets } = this.#inventory;
    const wanted = term.value.toLowerCase();
    const pattern = new RegExp(`^${wanted.split('*').map(escapePattern).join('.*')}$`);
    const matches = ({ name }: { name: string }): boolean =>
      term.operator === 'like' ? pattern.test(name.toLowerCase()) : name.toLowerCase() === wanted;
    this.columns.add('sensor_id');
    if (field === 'sensor') {
      const found = sensors.filter(matches);
      if (found.length === 0) this.#fail(term, `there is no sensor ${JSON.stringify(term.value)}`);
      return `sensor_id IN (${found.map(({ sensor_id }) => sensor_id).join(', ')})`;
    }
    const pots = field === 'honeypot' ? honeypots.filter(matches).map((one) => one.honeypot_id) : [];
    const nets = field === 'honeynet' ? honeynets.filter(matches).map((one) => one.honeynet_id) : [];
    if (pots.length + nets.length === 0)
      this.#fail(term, `there is no ${field} ${JSON.stringify(term.value)}`);
    const stretches = selectStretches(this.#inventory, { honeypots: pots, honeynets: nets });
    // The language asks by sensor; which of its events were the honeypot's own, the choosers of the page know.
    const ids = [...new Set(stretches.map(({ sensor_id }) => sensor_id))];
    return ids.length === 0 ? 'false' : `sensor_id IN (${ids.join(', ')})`;
  }
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const mistake = (text: string, message: string, at: number, end: number): OperationalError =>
  new OperationalError(
    'input_invalid',
    `q: ${message}, at ${JSON.stringify(text.slice(at, end) || text.slice(-10))}`,
    {
      field: 'q',
      value: text,
      at,
      end,
    },
  );

/**
 * @returns null for a text without anything in it
 * @throws OperationalError input_invalid, whose details say where: `at` and `end`
 */
export function compileFilter(text: string, inventory: Inventory): FilterCondition | null {
  let node: FilterNode | null;
  try {
    node = parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw mistake(text, error.message, error.at, error.end);
    throw error;
  }
  if (node === null) return null;
  const compiler = new Compiler(inventory, text);
  const sql = compiler.compile(node);
  return { sql: `(${sql})`, columns: [...compiler.columns], params: compiler.params };
}
