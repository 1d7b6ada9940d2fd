/** Runs a report: its SQL with the filter in it, its rows with what each column holds, and what is missing. */
import type { Filter } from '@apiary/model/api/filter.ts';
import type { Cell, ReportAnswer } from '@apiary/model/api/reports.ts';
import { showAddress } from '@apiary/model/networks.ts';
import type { ColumnKind } from '@apiary/model/report-kinds.ts';
import { measureUptime } from '../state/uptime.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { overviewScope } from './index.ts';
import { ignoredFilters, localScope } from './local-scope.ts';
import { chosenSensors, readSilences } from './overview.ts';
import { chooseBucket } from './overview-timeline.ts';
import { countByHash, expandReport } from './report-sql.ts';
import { resolveScope, type Scope, showPeriod } from './scope.ts';
import { type Sight, seenSensors, type View } from './view.ts';

export const report_rows_max = 20_000;
const seconds_max = 60;

export interface ReportQuery {
  scope: Scope;
  sql: string;
  params: Record<string, unknown>;
}

/** The SQL of a report under a filter, for rows here or for another format by the engine. */
export function prepareReport(
  { text, report }: CatalogueEntry,
  view: View,
  filter: Filter,
  now_ms: number,
): ReportQuery {
  const scope = resolveScope(filter, view, now_ms);
  if (report.sensor_type !== null) {
    const { sql, params } = localScope(
      countByHash(text.sql),
      scope,
      filter,
      ofType(view, report.sensor_type),
    );
    return { scope, sql, params };
  }
  const counted = text.any_vantage || filter.vantage !== undefined ? scope : overviewScope(scope);
  const params = text.sql.includes('{up_sensors:')
    ? { ...scope.params, ...uptimeParams(uptimeOf(view, scope, now_ms)) }
    : scope.params;
  return { scope, sql: expandReport(text.sql, counted), params };
}

const uptimeOf = (view: View, { from_ms, to_ms }: Scope, now_ms: number) => {
  const seen = seenSensors(view);
  return measureUptime(view.state, from_ms, to_ms, now_ms).filter(
    ([sensor_id]) => seen === null || seen.has(sensor_id),
  );
};

/** Up-time as two lists of the same length; the sensor 0, which no sensor is, keeps them from being empty. */
const uptimeParams = (uptime: readonly [sensor_id: number, days: number][]) => ({
  up_sensors: [0, ...uptime.map(([sensor_id]) => sensor_id)],
  up_days: [0, ...uptime.map(([, days]) => days)],
});

/** Sensors of a type, and the honeypots that each was on. */
const ofType = ({ inventory, visibility }: Sight, type: string): Sight => ({
  visibility,
  inventory: { ...inventory, sensors: inventory.sensors.filter((sensor) => sensor.type === type) },
});

const kinds_by_name: Record<string, ColumnKind> = {
  attacker_ip: 'address',
  source_ip: 'address',
  destination_ip: 'address',
  attacker_country: 'country',
  attacker_asn: 'asn',
  sensor: 'sensor',
  file_sha256: 'hash',
};

function kindOf(type: string, link: string | null): ColumnKind {
  const known = link === null ? undefined : kinds_by_name[link];
  if (known !== undefined) return known;
  if (/IPv[46]/.test(type)) return 'address';
  if (/DateTime/.test(type)) return 'time';
  if (/Date/.test(type)) return 'day';
  return /^(Nullable\()?(U?Int|Float|Decimal)/.test(type) ? 'count' : 'text';
}

function showCell(value: unknown, kind: ColumnKind): Cell {
  if (value === null || value === undefined) return '';
  if (kind === 'count' || kind === 'asn' || kind === 'sensor') return Number(value);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (kind === 'address') return showAddress(text);
  return kind === 'time' ? `${text.replace(' ', 'T')}Z` : text;
}

/** @throws OperationalError `query_too_large` where it takes more than a minute or the memory of a query */
export async function runReport(
  entry: CatalogueEntry,
  view: View,
  filter: Filter,
  now_ms: number,
): Promise<ReportAnswer> {
  const { scope, sql, params } = prepareReport(entry, view, filter, now_ms);
  const { report } = entry;
  const { store, inventory } = view;
  const [types, rows] = await Promise.all([
    store.query<{ name: string; type: string }>(`DESCRIBE (${sql})`, params),
    store.query(sql, params, { seconds_max, rows_max: report_rows_max + 1 }),
  ]);
  const type_by_name = new Map(types.map(({ name, type }) => [name, type]));
  const kinds = report.columns.map(({ name, link }) => kindOf(type_by_name.get(name) ?? '', link));
  // A local report reads records, which have a retention of their own.
  const kept =
    report.sensor_type === null ? scope : { ...scope, kept_from_ms: inventory.records_kept_from_ms };
  const limit = Number(/LIMIT (\d+)\s*$/.exec(sql)?.[1] ?? report_rows_max);
  return {
    report,
    period: showPeriod(scope),
    bucket_seconds: chooseBucket(scope.from_ms, scope.to_ms),
    kinds,
    rows: rows.map((row) =>
      report.columns.map(({ name }, index) =>
        showCell((row as Record<string, unknown>)[name], kinds[index]!),
      ),
    ),
    ignored: report.sensor_type === null ? [] : ignoredFilters(filter, view),
    is_cut: rows.length >= limit,
    silences: readSilences(view, kept, chosenSensors(filter, view), now_ms),
  };
}
