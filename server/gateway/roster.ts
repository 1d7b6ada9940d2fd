/** What a gateway of its own must know to refuse at the edge: who may write what, and how much. */
import { createHash } from 'node:crypto';
import { OperationalError } from '@apiary/model/errors.ts';
import { type GatewayReport, type Roster, report_refusals_max } from '@apiary/model/protocol.ts';
import { z } from 'zod';
import type { Collectors } from '../state/collectors.ts';
import type { ArtifactLimits } from './artifact-upload.ts';
import type { RateLimit } from './rate.ts';

export function makeRoster(
  collectors: Collectors,
  rate: RateLimit,
  artifacts: ArtifactLimits,
  now_ms: number,
): Roster {
  const sensors = collectors.writableByCollector();
  return {
    collectors: collectors.list().map(({ collector_id, name }) => ({
      collector_id,
      name,
      sensors: sensors.get(collector_id) ?? [],
    })),
    certificates: collectors.knownCertificates(now_ms).map(({ serial, collector_id, is_revoked }) => ({
      serial,
      collector_id,
      is_revoked: is_revoked === 1,
    })),
    ...rate,
    artifact_bytes_max: artifacts.bytes_max,
    artifact_bytes_per_hour_max: artifacts.bytes_per_hour_max,
  };
}

export const revisionOf = (roster: Roster): string =>
  createHash('sha256').update(JSON.stringify(roster)).digest('hex').slice(0, 32);

const text = (max: number) => z.string().max(max);

const report_schema = z.object({
  v: z.literal(1),
  version: text(64),
  revision: text(64),
  refusals: z
    .array(
      z.object({
        collector: text(64),
        sensor: text(128),
        reason: text(64),
        count: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
        last_message: text(500),
      }),
    )
    .max(report_refusals_max),
}) satisfies z.ZodType<GatewayReport>;

/** @throws OperationalError `input_invalid` with the place that is wrong */
export function checkReport(value: unknown): GatewayReport {
  const result = report_schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new OperationalError(
    'input_invalid',
    `the report's ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`,
  );
}
