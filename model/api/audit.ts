/** Who did what, and when: the change log, newest first. */
import { z } from 'zod';

export const audit_query_schema = z.strictObject({
  actor: z.string().max(200).optional(),
  verb: z.string().max(200).optional(),
  subject: z.string().max(400).optional().meta({ description: 'a part of it' }),
  before: z.coerce.number().int().min(1).optional().meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type AuditQuery = z.output<typeof audit_query_schema>;

export const audit_schema = z.object({
  changes: z.array(
    z.object({
      change_id: z.int(),
      at_ms: z.number(),
      actor: z.string(),
      verb: z.string(),
      subject: z.string(),
      details: z.string().meta({ description: 'JSON' }),
    }),
  ),
  next: z.int().nullable(),
});
export type Audit = z.output<typeof audit_schema>;
