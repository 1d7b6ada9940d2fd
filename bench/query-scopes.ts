/** The filters under which the pages are measured, as their query strings. */
import type { Filter } from '@apiary/model/api/filter.ts';
import type { Store } from '@apiary/server/store/store.ts';

export interface MeasuredScope {
  name: string;
  filter: Filter;
}

const seen = "vantage = 'honeypot'";

/** @param share 0: the most frequent value of a column; 0.5: the one in the middle of their ranking */
async function pickValue(store: Store, column: string, unknown: string, share: number): Promise<string> {
  const known = `FROM event WHERE ${column} != ${unknown} AND ${seen}`;
  const [all] = await store.query<{ values: string }>(`SELECT uniqExact(${column}) AS values ${known}`);
  const skip = Math.floor(share * Number(all!.values));
  const [row] = await store.query<{ value: string }>(
    `SELECT toString(${column}) AS value ${known} GROUP BY ${column} ORDER BY count() DESC, ${column} LIMIT ${skip}, 1`,
  );
  return row!.value.replace('::ffff:', '');
}

/** @param busiest number of the sensor with the most events */
export async function chooseScopes(store: Store, busiest: number): Promise<MeasuredScope[]> {
  const address = (share: number): Promise<string> => pickValue(store, 'attacker_ip', "toIPv6('::')", share);
  const password = (share: number): Promise<string> => pickValue(store, 'password', "''", share);
  const year = { last: '365d' } as const;
  return [
    { name: '24h', filter: { last: '24h' } },
    { name: '7d', filter: { last: '7d' } },
    { name: '30d', filter: { last: '30d' } },
    { name: 'year', filter: year },
    { name: '30d, one sensor', filter: { last: '30d', sensor: [busiest] } },
    { name: 'year, one sensor', filter: { ...year, sensor: [busiest] } },
    { name: 'year, busiest source', filter: { ...year, attacker_ip: [await address(0)] } },
    { name: 'year, rare source', filter: { ...year, attacker_ip: [await address(0.5)] } },
    { name: 'year, most tried password', filter: { ...year, password: [await password(0)] } },
    { name: 'year, rare password', filter: { ...year, password: [await password(0.5)] } },
  ];
}

export function queryString(filter: Filter): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  return search.toString();
}
