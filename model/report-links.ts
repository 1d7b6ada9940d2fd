/** Where the numbers of a report lead: to the events that they count. */
import type { Cell, ReportAnswer } from './api/reports.ts';

/** A longer value would make an address that servers refuse. */
export const longest_link = 1000;

/** What a row's linked columns ask for together: a count of it links to exactly its events. */
export function rowSearch(answer: ReportAnswer, row: readonly Cell[]): Record<string, string> | null {
  const parts = answer.report.columns.flatMap(({ link, beside }, index): [string, string][] =>
    link === null || beside === true ? [] : [[link, String(row[index])]],
  );
  // Explore without a grouping: its one row counts all that the filter finds.
  if (answer.report.id === 'explore' && answer.kinds.every((kind) => kind === 'count')) return {};
  if (parts.length > 0) parts.push(...Object.entries(answer.report.only));
  const names = new Set(parts.map(([name]) => name));
  const time = answer.report.columns.findIndex(
    ({ name }, index) =>
      (name === 'time' && answer.kinds[index] === 'time') ||
      (name === 'day' && answer.kinds[index] === 'day'),
  );
  if (time !== -1) {
    const from_ms = Date.parse(String(row[time]));
    const width_ms = answer.kinds[time] === 'day' ? 86_400_000 : answer.bucket_seconds * 1000;
    const end_ms = Math.min(from_ms + width_ms, Date.parse(answer.period.to));
    const begin_ms = Math.max(from_ms, Date.parse(answer.period.from));
    parts.push(['from', new Date(begin_ms).toISOString()], ['to', new Date(end_ms).toISOString()]);
    names.add('from').add('to');
  }
  const too_long = parts.some(([, value]) => value.length > longest_link);
  return parts.length === 0 || names.size < parts.length || too_long ? null : Object.fromEntries(parts);
}

/** What counts of others than events are counts of: Explore lists them, one in a row. */
export const counted_by: Readonly<Record<string, readonly string[]>> = {
  sources: ['attacker_ip'],
  sensors: ['sensor'],
  sessions: ['session', 'sensor'],
};
