/** Tries lines against the record views of sensor types: whose they are is who understands them. */
import { readFileSync } from 'node:fs';
import type { Submodule } from '@apiary/model/submodule.ts';
import type { Store } from '../store/store.ts';
import { landing_columns, renderTemplate, splitSelects } from '../store/template.ts';

export interface Understood {
  type: string;
  /** The stream, which is the key of its source. */
  key: string;
  /** Lines that are in the form of the type and of a kind that it knows. */
  ok: number;
  /** Of these, those that name an attacker: what only looks alike hardly does. */
  attackers: number;
}

/** The columns of a landing table, of one line. */
const values: Record<(typeof landing_columns)[number][0], string> = {
  sensor_id: '1',
  stream: "''",
  source: "''",
  time_zone: "''",
  generation: '1',
  place: 'number',
  version: '0',
  flags: '0',
  original_size: 'length(base64Decode(line))',
  collect_ts: "'2099-01-01 00:00:00'",
  segment_id: '1',
  raw: 'base64Decode(line)',
};
const landing = `(SELECT ${landing_columns
  .map(([name, type]) => `CAST(${values[name]}, '${type.replaceAll("'", "''")}') AS ${name}`)
  .join(
    ', ',
  )} FROM (SELECT line, toUInt64(number) AS number FROM (SELECT [LINES] AS lines) ARRAY JOIN lines AS line, arrayEnumerate(lines) AS number))`;

interface Trial {
  type: string;
  key: string;
  sql: string;
}

const trials = new WeakMap<readonly Submodule[], Trial[]>();

/** One for each stream of lines or paragraphs. */
function trialsOf(submodules: readonly Submodule[], store: Store): Trial[] {
  let made = trials.get(submodules);
  if (made !== undefined) return made;
  made = submodules.flatMap((submodule) => {
    const selects = splitSelects(readFileSync(new URL('records.sql', submodule.folder), 'utf8'), 'into');
    return submodule.sources.flatMap((source) => {
      if (source.kind !== 'lines') return [];
      const table = `${submodule.name}_${source.stream}`;
      const select = selects.find((one) => one.table === table)?.select;
      if (select === undefined) return [];
      const scope = { rendering: store.rendering, type: submodule.name, table };
      const sql = renderTemplate(select.replace(/\{\{\s*landing\s+\w+\s*\}\}/g, landing), scope);
      return [{ type: submodule.name, key: source.stream, sql }];
    });
  });
  trials.set(submodules, made);
  return made;
}

/** What the record view of one stream makes of lines, in their order. */
export interface TriedLines {
  type: string;
  key: string;
  lines: { ok: boolean; has_attacker: boolean }[];
}

/**
 * @param lines base64
 * @param only sensor types that it can be; all where empty
 */
export async function tryEachLine(
  store: Store,
  submodules: readonly Submodule[],
  lines: readonly string[],
  only: readonly string[],
): Promise<TriedLines[]> {
  // In the text of the query: parameters go in the address, which holds less. Base64 has no character that ends a string.
  const literals = lines
    .filter((line) => /^[A-Za-z0-9+/=]+$/.test(line))
    .map((line) => `'${line}'`)
    .join(', ');
  if (literals === '') return [];
  const wanted = trialsOf(submodules, store).filter(({ type }) => only.length === 0 || only.includes(type));
  const tried: TriedLines[] = [];
  for (const { type, key, sql } of wanted) {
    const rows = await store.query<{ ok: boolean; has_attacker: boolean }>(
      `SELECT parse = 'ok' AS ok, attacker_ip != toIPv6('::') AS has_attacker FROM (${sql.replace('LINES', literals)}) ORDER BY place`,
      {},
      { seconds_max: 10 },
    );
    tried.push({ type, key, lines: rows.map((row) => ({ ok: !!row.ok, has_attacker: !!row.has_attacker })) });
  }
  return tried;
}

/** Types that understand at least one of the lines, the one first that finds most attackers in them. */
export const countUnderstood = (tried: readonly TriedLines[]): Understood[] =>
  tried
    .map(({ type, key, lines }) => {
      const good = lines.filter(({ ok }) => ok);
      return { type, key, ok: good.length, attackers: good.filter((line) => line.has_attacker).length };
    })
    .filter(({ ok }) => ok > 0)
    .sort((one, other) => other.attackers - one.attackers || other.ok - one.ok);

/** As `tryEachLine`, counted. */
export const tryLines = async (...given: Parameters<typeof tryEachLine>): Promise<Understood[]> =>
  countUnderstood(await tryEachLine(...given));
