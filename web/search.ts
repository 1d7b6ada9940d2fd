/** The query string of pages and API: plain words, a repeated word is a list. */
import { contains_columns, equal_columns } from '@apiary/model/filter-columns.ts';

export type SearchValue = string | string[];
export type Search = Record<string, SearchValue | undefined>;

export function parseSearch(text: string): Search {
  const search: Search = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search[name];
    search[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return search;
}

/** @returns '' or the query string with its question mark */
export function searchText(search: Search): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, one);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

export const listOf = (value: SearchValue | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** A moment out of an address, in ms; null where it is none: addresses are typed by people. */
export function readMoment(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** What a question of Explore has beside the filter. */
export const explore_words = ['measure', 'by', 'over', 'top'] as const;
/** What lists of a page show, and what the log-in page was told. */
const page_words = ['before', 'query', 'log_in', 'list', 'past', 'shown', 'find'];
const not_filter = new Set<string>([...page_words, ...explore_words]);

/** What a page that has a filter asks for: words that nobody knows too, so that who mistyped one is told. */
export const keepFilter = (search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([name]) => !not_filter.has(name)));

const filter_words = new Set<string>([
  ...['last', 'from', 'to', 'sensor', 'honeypot', 'honeynet', 'known', 'q', 'extra'],
  ...equal_columns,
  ...contains_columns.map((column) => `${column}_contains`),
]);

/** What goes along from any page to one with a filter: other pages have words of their own, which it would refuse. */
export const carryFilter = (search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([name]) => filter_words.has(name)));
