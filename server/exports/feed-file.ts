/** A feed of indicators as text, CSV or STIX 2.1. */
import type { Feed } from '@apiary/model/api/feeds.ts';
import type { FeedFormat, FeedKind } from '@apiary/model/feed-words.ts';
import type { Reader } from '../reports/count-by.ts';
import { type Indicator, readIndicators } from '../reports/indicators.ts';
import { readOwnAddresses } from '../reports/own-addresses.ts';
import type { StateDatabase } from '../state/database.ts';
import { listKnownSources } from '../state/inventory-list.ts';
import { makeAllowList } from './allow-list.ts';
import { makeCleaner } from './cleaner.ts';
import { writeCsv } from './csv.ts';
import { apiaryIdentity, quotePattern, type StixObject, tlpMarking } from './stix.ts';
import { uuid5 } from './uuid.ts';

const day_ms = 86_400_000;
const value_length_max = 4000;

export interface SharedIndicator extends Omit<Indicator, 'sensors'> {
  /** By pseudonyms; empty where the feed gives none. */
  sensors: string[];
  /** When it falls out. */
  until: string;
}

export interface FeedContent {
  feed: Feed;
  indicators: SharedIndicator[];
  /** How many were held back: allowed, private, or with something of a honeypot in them. */
  withheld: number;
  /** Kinds of which only the newest are there. */
  cut: FeedKind[];
  made: string;
}

/** @param kind only of this kind, where the feed has it */
export async function gatherFeed(
  store: Reader,
  state: StateDatabase,
  feed: Feed,
  now_ms: number,
  kind?: FeedKind,
): Promise<FeedContent> {
  const kinds = kind === undefined ? feed.kinds : feed.kinds.filter((one) => one === kind);
  const { indicators, cut } = await readIndicators(store, { ...feed, kinds }, now_ms);
  const from = new Date(Math.max(0, now_ms - feed.days * day_ms)).toISOString();
  const reached = await readOwnAddresses(store, from, new Date(now_ms + day_ms).toISOString());
  const { isClean, nameSensor } = makeCleaner(state, reached);
  const isAllowed = makeAllowList(
    feed.allow,
    listKnownSources(state).map(({ network }) => network),
  );
  // A line of text holds one value, and no comment: what has no place in a line is in no form.
  const fits = (value: string): boolean =>
    value.length <= value_length_max && !/^#|[\x00-\x1f\x7f-\x9f\u2028\u2029]/.test(value);
  const kept = indicators.filter(
    ({ value, username }) => fits(value) && isClean(value) && !isAllowed(value) && !isAllowed(username),
  );
  return {
    feed,
    indicators: kept.map(({ sensors, ...rest }) => ({
      ...rest,
      sensors: feed.sensors ? sensors.map(nameSensor).sort() : [],
      until: new Date(Date.parse(rest.last_ts) + feed.days * day_ms).toISOString(),
    })),
    withheld: indicators.length - kept.length,
    cut,
    made: new Date(now_ms).toISOString(),
  };
}

/** What a person who finds the file should know. */
function tellFeed({ feed, withheld, cut, made, indicators }: FeedContent): string[] {
  return [
    `Apiary feed: ${feed.name.replace(/[\x00-\x1f\x7f]/g, ' ')}`,
    `TLP:${feed.tlp.toUpperCase()}`,
    `made ${made}; not seen for ${feed.days} days falls out; ${indicators.length} values, ${withheld} withheld`,
    ...cut.map((kind) => `there are more of the kind ${kind}: these are the newest`),
  ];
}

function writeText(content: FeedContent): string {
  const lines = tellFeed(content).map((line) => `# ${line}`);
  for (const [kind, list] of Map.groupBy(content.indicators, (one) => one.kind)) {
    lines.push(`# ${kind}`);
    lines.push(...list.map(({ value }) => value));
  }
  return `${lines.join('\n')}\n`;
}

function writeTable({ feed, indicators }: FeedContent): string {
  const names = [
    'type',
    'value',
    'first',
    'last',
    'until',
    'times',
    'tlp',
    ...(feed.sensors ? ['sensors'] : []),
  ];
  return writeCsv(
    names,
    indicators.map(({ kind, value, first_ts, last_ts, until, times, sensors }) => [
      kind,
      value,
      first_ts,
      last_ts,
      until,
      times,
      feed.tlp,
      ...(feed.sensors ? [sensors.join(' ')] : []),
    ]),
  );
}

function patternOf({ kind, value, username }: SharedIndicator): string {
  const text = quotePattern(value);
  switch (kind) {
    case 'address':
      return `[ipv${value.includes(':') ? 6 : 4}-addr:value = ${text}]`;
    case 'file':
      return `[file:hashes.'SHA-256' = ${text}]`;
    case 'url':
      return `[url:value = ${text}]`;
    case 'credential':
      return `[user-account:user_id = ${quotePattern(username)} AND user-account:credential = ${quotePattern(value.slice(username.length + 1))}]`;
    case 'key':
      return `[artifact:payload_bin = b${text}]`;
  }
}

/** The same indicator has the same identifier in each feed, and a new version when it was seen again. */
export function writeIndicator(feed: Feed, indicator: SharedIndicator): StixObject {
  const { kind, value, first_ts, last_ts, until, times, sensors } = indicator;
  const marking = tlpMarking(feed.tlp);
  const made = new Date(feed.made_ms).toISOString();
  const seen = `Seen ${times} times by honeypots, last ${last_ts}`;
  return {
    type: 'indicator',
    spec_version: '2.1',
    id: `indicator--${uuid5(`feed ${feed.feed_id} ${kind} ${value}`)}`,
    created_by_ref: apiaryIdentity(feed.tlp).id,
    created: made,
    modified: last_ts > made ? last_ts : made,
    name: kind === 'key' || kind === 'file' ? `${kind} ${value.slice(0, 24)}…` : `${kind} ${value}`,
    description: sensors.length === 0 ? seen : `${seen}; sensors: ${sensors.join(', ')}`,
    indicator_types: ['malicious-activity'],
    pattern: patternOf(indicator),
    pattern_type: 'stix',
    valid_from: first_ts,
    valid_until: until,
    object_marking_refs: [marking.id],
  };
}

function writeBundle({ feed, indicators, made }: FeedContent): string {
  const objects = indicators.map((indicator) => writeIndicator(feed, indicator));
  return JSON.stringify({
    type: 'bundle',
    id: `bundle--${uuid5(`feed ${feed.feed_id} ${made}`)}`,
    objects: [tlpMarking(feed.tlp), apiaryIdentity(feed.tlp), ...objects],
  });
}

const forms: Record<FeedFormat, { type: string; write: (content: FeedContent) => string }> = {
  txt: { type: 'text/plain; charset=utf-8', write: writeText },
  csv: { type: 'text/csv; charset=utf-8', write: writeTable },
  stix: { type: 'application/stix+json;version=2.1', write: writeBundle },
};

export const writeFeed = (content: FeedContent, format: FeedFormat): { type: string; text: string } => ({
  type: forms[format].type,
  text: forms[format].write(content),
});
