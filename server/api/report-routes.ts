/** Reports: the catalogue, their answers, and the files to keep. */
import { filter_schema } from '@apiary/model/api/filter.ts';
import { report_answer_schema, reports_schema } from '@apiary/model/api/reports.ts';
import { report_formats } from '@apiary/model/report-kinds.ts';
import { z } from 'zod';
import { writeReport } from '../exports/report-file.ts';
import { runReport } from '../reports/run-report.ts';
import type { ApiContext, ZodApp } from './app.ts';

const params = z.object({
  kind: z.string().max(64).meta({ description: '`global`, or a sensor type' }),
  name: z.string().max(64),
});
const file_query = filter_schema.extend({ format: z.enum(report_formats) });

export function registerReports(app: ZodApp, { view, catalogue, now_ms }: ApiContext): void {
  app.get(
    '/reports',
    {
      schema: { tags: ['reports'], summary: 'The catalogue', response: { 200: reports_schema } },
    },
    async () => ({ reports: catalogue.list().map(({ report }) => report) }),
  );

  app.get(
    '/reports/:kind/:name',
    {
      schema: {
        tags: ['reports'],
        summary: 'What a report answers under a filter',
        params,
        querystring: filter_schema,
        response: { 200: report_answer_schema },
      },
    },
    async (request) => {
      const { kind, name } = request.params;
      return runReport(catalogue.find(`${kind}/${name}`), view(request), request.query, now_ms());
    },
  );

  app.get(
    '/reports/:kind/:name/file',
    {
      schema: {
        tags: ['reports'],
        summary: 'A report as CSV, JSON, Parquet or HTML',
        params,
        querystring: file_query,
      },
    },
    async (request, reply) => {
      const { kind, name } = request.params;
      const { format, ...filter } = request.query;
      const entry = catalogue.find(`${kind}/${name}`);
      const file = await writeReport(entry, view(request), filter, format, now_ms());
      return reply
        .type(file.type)
        .header('content-disposition', `attachment; filename="${file.name}"`)
        .send(file.bytes);
    },
  );
}
