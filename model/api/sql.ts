/** The SQL page: one SELECT over listed tables. */
import { z } from 'zod';

export const sql_question_schema = z.strictObject({ query: z.string().min(1).max(20_000) });

export const sql_answer_schema = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.union([z.string(), z.number()]))),
  is_cut: z.boolean().meta({ description: 'there are more rows than are given' }),
  milliseconds: z.number(),
});
export type SqlAnswer = z.output<typeof sql_answer_schema>;

export const sql_schema_schema = z.object({
  tables: z.array(
    z.object({
      name: z.string(),
      comment: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), comment: z.string() })),
    }),
  ),
  limits: z.object({ rows: z.number(), seconds: z.number(), memory_bytes: z.number() }),
});
export type SqlSchema = z.output<typeof sql_schema_schema>;
