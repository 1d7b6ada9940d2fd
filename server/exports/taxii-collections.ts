/**
 * What is offered over TAXII: the incidents of the last months, and each feed. An offer is one thing (an incident, an
 * indicator) in the version that it has, with the STIX objects that tell it.
 */
import { createHash } from 'node:crypto';
import type { IncidentRow } from '@apiary/model/api/incidents.ts';
import { attacks_exported_max, listIncidents, readIncident } from '../reports/incidents.ts';
import { readOwnAddresses } from '../reports/own-addresses.ts';
import type { View } from '../reports/view.ts';
import { listFeeds } from '../state/feeds.ts';
import { noteOffers } from '../state/taxii-offers.ts';
import { makeCleaner } from './cleaner.ts';
import { gatherFeed, writeIndicator } from './feed-file.ts';
import { gatherFacts, type Tlp } from './incident-facts.ts';
import { apiaryIdentity, type StixObject, tlpMarking, writeStix } from './stix.ts';
import { uuid5 } from './uuid.ts';

const day_ms = 86_400_000;
export const incident_days = 90;
export const incidents_max = 1000;
const page_rows = 200;
const incidents_tlp: Tlp = 'amber';

export interface Collection {
  id: string;
  title: string;
  description: string;
}

export interface Offer {
  /** Of the thing, in the order of which pages are cut. */
  key: string;
  added_ms: number;
  objects: () => Promise<StixObject[]>;
}

interface Source extends Collection {
  offers: (now_ms: number) => Promise<Offer[]>;
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

/** The newest incidents that are no false alarm. */
async function listOffered(view: View, now_ms: number): Promise<IncidentRow[]> {
  const rows: IncidentRow[] = [];
  const period = {
    from: new Date(Math.max(0, now_ms - incident_days * day_ms)).toISOString(),
    to: new Date(now_ms).toISOString(),
  };
  for (let offset = 0; offset < incidents_max; offset += page_rows) {
    const query = { ...period, order: 'growing', offset, limit: page_rows } as const;
    const { incidents, total } = await listIncidents(view, query, now_ms);
    rows.push(...incidents);
    if (offset + page_rows >= total) break;
  }
  return rows.filter(({ status }) => status !== 'false alarm');
}

async function offerIncidents(view: View, now_ms: number): Promise<Offer[]> {
  const rows = await listOffered(view, now_ms);
  const versions = rows.map((row) => ({ key: row.incident_id, version: digest(row) }));
  const added = noteOffers(view.state, 'incidents', versions, now_ms);
  return rows.map(({ incident_id, number }) => {
    const added_ms = added.get(incident_id)!;
    return {
      key: incident_id,
      added_ms,
      objects: async () => {
        const data = await readIncident(view, number, attacks_exported_max);
        const { first_ts, last_ts } = data.incident;
        const cleaner = makeCleaner(view.state, await readOwnAddresses(view.store, first_ts, last_ts));
        return writeStix(gatherFacts(data, { tlp: incidents_tlp, cleaner, now_ms: added_ms })).objects;
      },
    };
  });
}

async function offerFeed(view: View, feed_id: number, now_ms: number): Promise<Offer[]> {
  const feed = listFeeds(view.state).find((one) => one.feed_id === feed_id)!;
  const { indicators } = await gatherFeed(view.store, view.state, feed, now_ms);
  const about = [tlpMarking(feed.tlp), apiaryIdentity(feed.tlp)];
  const objects = [...about, ...indicators.map((indicator) => writeIndicator(feed, indicator))];
  const versions = objects.map((object) => ({ key: object.id, version: digest(object) }));
  const added = noteOffers(view.state, `feed ${feed_id}`, versions, now_ms);
  return objects.map((object) => ({
    key: object.id,
    added_ms: added.get(object.id)!,
    objects: async () => [object],
  }));
}

/** Collections in the order in which they are listed; revoked feeds are none. */
export function listCollections(view: View): Source[] {
  const feeds = listFeeds(view.state).filter(({ revoked_ms }) => revoked_ms === null);
  return [
    {
      id: uuid5('taxii incidents'),
      title: 'Incidents',
      description: `Incidents of the last ${incident_days} days that are no false alarm, the newest ${incidents_max}; TLP:${incidents_tlp.toUpperCase()}`,
      offers: (now_ms) => offerIncidents(view, now_ms),
    },
    ...feeds.map(({ feed_id, name, tlp, days, made_ms }) => ({
      id: uuid5(`taxii feed ${feed_id} ${made_ms}`),
      title: `Feed: ${name}`,
      description: `Indicators that were seen in the last ${days} days; TLP:${tlp.toUpperCase()}`,
      offers: (now_ms: number) => offerFeed(view, feed_id, now_ms),
    })),
  ];
}

export interface Match {
  ids: readonly string[] | null;
  types: readonly string[] | null;
  /** `modified` of what is asked for; null: the newest, of which alone there is one. */
  versions: readonly string[] | null;
}

export const versionOf = (object: StixObject): string => String(object.modified ?? object.created);

const fits = (object: StixObject, { ids, types, versions }: Match): boolean =>
  (ids === null || ids.includes(object.id)) &&
  (types === null || types.includes(object.type)) &&
  (versions === null || versions.includes(versionOf(object)));

export interface Page {
  objects: { object: StixObject; added_ms: number }[];
  /** Where the next page begins; null where there is none. */
  next: string | null;
}

interface Place {
  added_ms: number;
  key: string;
  /** Objects of it that were given already. */
  given: number;
}

const writePlace = ({ added_ms, key, given }: Place): string =>
  Buffer.from(JSON.stringify([added_ms, key, given])).toString('base64url');

/** @returns null for what is no place */
export function readPlace(text: string): Place | null {
  try {
    const [added_ms, key, given] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof added_ms !== 'number' || typeof key !== 'string' || typeof given !== 'number') return null;
    return { added_ms, key, given };
  } catch {
    return null;
  }
}

const isBefore = (one: Offer, other: { added_ms: number; key: string }): boolean =>
  one.added_ms < other.added_ms || (one.added_ms === other.added_ms && one.key < other.key);

/**
 * One page in the order in which things were added. An object that several incidents share comes once in a page.
 * @param added_after_ms only what was added later
 */
export async function readPage(
  offers: readonly Offer[],
  match: Match,
  { added_after_ms, place, limit }: { added_after_ms: number | null; place: Place | null; limit: number },
): Promise<Page> {
  const wanted = offers
    .filter((offer) => added_after_ms === null || offer.added_ms > added_after_ms)
    .filter((offer) => place === null || !isBefore(offer, place))
    .sort((a, b) => (isBefore(a, b) ? -1 : 1));
  const objects: Page['objects'] = [];
  const ids = new Set<string>();
  for (const { key, added_ms, objects: read } of wanted) {
    const its = (await read()).filter((object) => fits(object, match));
    const begin = place?.key === key && place.added_ms === added_ms ? place.given : 0;
    for (const [index, object] of its.entries()) {
      if (index < begin || ids.has(object.id)) continue;
      if (objects.length === limit) return { objects, next: writePlace({ added_ms, key, given: index }) };
      ids.add(object.id);
      objects.push({ object, added_ms });
    }
  }
  return { objects, next: null };
}
