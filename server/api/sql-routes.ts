/** The SQL page, for those who want it. */
import { sql_answer_schema, sql_question_schema, sql_schema_schema } from '@apiary/model/api/sql.ts';
import { runSql, sql_limits } from '../reports/sql/run-sql.ts';
import { listSqlTables } from '../reports/sql/tables.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

export function registerSql(app: ZodApp, { view, state, guard }: ApiContext): void {
  const preHandler = guard.requireRole('administrator', 'analyst');

  app.get(
    '/sql/schema',
    {
      preHandler,
      schema: {
        tags: ['reports'],
        summary: 'Tables and columns that a statement may read, and its limits',
        response: { 200: sql_schema_schema },
      },
    },
    async (request) => {
      const { rows, seconds, memory_bytes } = sql_limits;
      const tables = await listSqlTables(view(request).store);
      return {
        tables: tables.map(({ name, comment, columns }) => ({ name, comment, columns })),
        limits: { rows, seconds, memory_bytes },
      };
    },
  );

  app.post(
    '/sql',
    {
      config: { asks_only: true },
      preHandler,
      schema: {
        tags: ['reports'],
        summary: 'Runs one SELECT over the listed tables, within limits of rows, time and memory',
        body: sql_question_schema,
        response: { 200: sql_answer_schema },
      },
    },
    async (request) => {
      const { query } = request.body;
      // Before it runs: also what is refused, runs too long or ends the server was asked by somebody.
      state.change(
        requireUser(request).user.name,
        'run SQL',
        'sql',
        { query: query.slice(0, 2000) },
        () => undefined,
      );
      return runSql(view(request).store, query);
    },
  );
}
