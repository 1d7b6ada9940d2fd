/** The form of a heartbeat, with a limit on everything: who speaks may own the honeypot. */
import { OperationalError } from '@apiary/model/errors.ts';
import type { Heartbeat } from '@apiary/model/protocol.ts';
import { z } from 'zod';

const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const text = (max: number) => z.string().max(max);

const sensor = z.object({
  sensor: text(128),
  condition: z.enum(['live', 'quiet', 'missing', 'dead', 'failing']),
  detail: text(4000),
  sources: count,
  source_changed_ms: count,
  read: count,
  cut: count,
  lost: count,
  refused: count,
  acknowledged: count,
  waiting_records: count,
  waiting_bytes: count,
  oldest_waiting_ms: count,
});

const schema = z.object({
  v: z.literal(1),
  version: text(64),
  runtime: text(64),
  spool_id: text(64),
  started_ms: count,
  sent_ms: count,
  offset_ms: z.number().nullable(),
  spool_bytes: count,
  spool_bytes_max: count,
  memory_bytes: count,
  certificate_ends_ms: count,
  instance: text(64),
  sensors: z.array(sensor).max(1000),
  artifacts: z
    .object({ waiting: count, waiting_bytes: count, sent: count, trouble: text(1000) })
    .exactOptional(),
  intakes: z
    .array(
      z.object({
        intake: text(256),
        accepted: count,
        refused: z.record(text(64), count).refine((counts) => Object.keys(counts).length <= 32, 'too many'),
        trouble: text(1000),
      }),
    )
    .max(100)
    .exactOptional(),
}) satisfies z.ZodType<Heartbeat>;

/** @throws OperationalError `input_invalid` with the place that is wrong */
export function checkHeartbeat(value: unknown): Heartbeat {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new OperationalError(
    'input_invalid',
    `the heartbeat's ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`,
  );
}
