/** Reports: the catalogue, and what one answers. */
import { z } from 'zod';
import { chart_kinds, column_kinds } from '../report-kinds.ts';
import { period_schema } from './filter.ts';
import { stretch_schema } from './overview.ts';

export const report_column_schema = z.object({
  name: z.string(),
  meaning: z.string(),
  link: z.string().nullable().meta({ description: 'the column of the events whose values these are' }),
  beside: z
    .boolean()
    .optional()
    .meta({ description: 'tells more of a row: the row is not counted by its value, but may have others' }),
});

export const report_schema = z.object({
  id: z.string().meta({ description: '`global/NAME`, or the sensor type and the name' }),
  kind: z.enum(['global', 'local']),
  sensor_type: z.string().nullable(),
  group: z.string().meta({ description: 'heading in the menu' }),
  title: z.string(),
  question: z.string().meta({ description: 'what it answers, and how to read it' }),
  columns: z.array(report_column_schema),
  chart: z.object({ kind: z.enum(chart_kinds), x: z.string(), y: z.array(z.string()) }),
  only: z
    .record(z.string(), z.string())
    .meta({ description: 'columns of the events by which the report narrows them itself' }),
  any_vantage: z.boolean().meta({ description: 'counts every vantage, not the honeypots’ alone' }),
});
export type Report = z.output<typeof report_schema>;

export const reports_schema = z.object({ reports: z.array(report_schema) });

export const cell_schema = z.union([z.string(), z.number()]);
export type Cell = z.output<typeof cell_schema>;

export const report_answer_schema = z.object({
  report: report_schema,
  period: period_schema,
  bucket_seconds: z.number().meta({ description: 'width of an interval of time' }),
  kinds: z.array(z.enum(column_kinds)),
  rows: z.array(z.array(cell_schema)).meta({ description: 'cells in the order of the columns' }),
  ignored: z.array(z.string()).meta({ description: 'parts of the filter that it cannot follow' }),
  is_cut: z.boolean().meta({ description: 'the report has more rows than it gives' }),
  silences: z.array(stretch_schema).meta({
    description: 'sensors that were silent or lost something in the period: there zero does not mean nothing',
  }),
});
export type ReportAnswer = z.output<typeof report_answer_schema>;
