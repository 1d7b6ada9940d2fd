/** Kinds of charts and columns of reports, and the formats in which a report can be kept. */

/**
 * `bar X Y`: a bar for each row. `line X Y …`: a line for each Y over time or another order. `series X Y BY`: rows of
 * one point each, a line for each value of BY. `heat X Y VALUE`: a field for each pair. `map COUNTRY VALUE`.
 */
export const chart_kinds = ['table', 'bar', 'line', 'series', 'heat', 'map'] as const;
export type ChartKind = (typeof chart_kinds)[number];

/** What a column holds, and so how it is shown. `count` is any number. */
export const column_kinds = [
  'text',
  'count',
  'time',
  'day',
  'address',
  'country',
  'asn',
  'sensor',
  'hash',
] as const;
export type ColumnKind = (typeof column_kinds)[number];

export const report_formats = ['csv', 'json', 'html', 'parquet'] as const;
export type ReportFormat = (typeof report_formats)[number];
