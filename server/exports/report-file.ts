/** A report in a format to keep: what the API, the command line and the mail all give. */
import type { Filter } from '@apiary/model/api/filter.ts';
import type { Cell, ReportAnswer } from '@apiary/model/api/reports.ts';
import type { ReportFormat } from '@apiary/model/report-kinds.ts';
import type { CatalogueEntry } from '../reports/catalogue.ts';
import { prepareReport, report_rows_max, runReport } from '../reports/run-report.ts';
import type { View } from '../reports/view.ts';
import { writeCsv } from './csv.ts';
import { writeReportHtml } from './report-html.ts';

export interface ReportFile {
  name: string;
  type: string;
  bytes: Buffer;
}

const types: Record<ReportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

/** Writes a cell for people: sensors by their names. */
export function cellWriter(
  answer: ReportAnswer,
  { inventory }: Pick<View, 'inventory'>,
): (cell: Cell, column: number) => string {
  const names = new Map(inventory.sensors.map(({ sensor_id, name }) => [sensor_id, name]));
  return (cell, column) =>
    answer.kinds[column] === 'sensor' ? (names.get(Number(cell)) ?? `sensor ${cell}`) : String(cell);
}

/** A filter in words, without its period. */
const describeFilter = (filter: Filter): string =>
  Object.entries(filter)
    .filter(([name, value]) => value !== undefined && !['last', 'from', 'to'].includes(name))
    .map(([name, value]) => `${name}: ${[value].flat().join(' or ')}`)
    .join('; ');

/** @throws OperationalError as runReport */
export async function writeReport(
  entry: CatalogueEntry,
  view: View,
  filter: Filter,
  format: ReportFormat,
  now_ms: number,
): Promise<ReportFile> {
  const day = new Date(now_ms).toISOString().slice(0, 10);
  const name = `${entry.report.id.replace('/', '-')}-${day}.${format}`;
  return { name, type: types[format], bytes: await writeBytes(entry, view, filter, format, now_ms) };
}

async function writeBytes(
  entry: CatalogueEntry,
  view: View,
  filter: Filter,
  format: ReportFormat,
  now_ms: number,
): Promise<Buffer> {
  if (format === 'parquet') {
    const { sql, params } = prepareReport(entry, view, filter, now_ms);
    return view.store.queryBytes(sql, 'Parquet', params, { seconds_max: 60, rows_max: report_rows_max + 1 });
  }
  const answer = await runReport(entry, view, filter, now_ms);
  const show = cellWriter(answer, view);
  if (format === 'json') return Buffer.from(JSON.stringify(answer));
  if (format === 'html') return Buffer.from(await writeReportHtml(answer, describeFilter(filter), show));
  const rows = answer.rows.map((row) =>
    row.map((cell, column) => (answer.kinds[column] === 'sensor' ? show(cell, column) : cell)),
  );
  return Buffer.from(
    writeCsv(
      answer.report.columns.map((column) => column.name),
      rows,
    ),
  );
}
