/** Whole files that came along: what is known of them. Their bytes are never served as they are. */
import { z } from 'zod';
import { artifact_kinds } from '../submodule.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256, 64 hexadecimal digits');
export const artifact_params_schema = z.object({ sha256 });

const receipt_schema = z.object({
  collector: z.string(),
  sensor: z.string(),
  first_ms: z.number(),
  last_ms: z.number(),
});

const stored_schema = z.object({
  size: z.number(),
  stored_ms: z.number(),
  receipts: z.array(receipt_schema).meta({ description: 'who sent it, and when' }),
});

export const artifact_schema = z.object({
  sha256,
  stored: stored_schema.nullable().meta({ description: 'null where its bytes have not come (yet)' }),
  records: z
    .array(
      z.object({
        sensor: z.string(),
        sensor_table: z.string(),
        path: z.string(),
        kind: z.union([z.enum(artifact_kinds), z.string()]),
        sha256: z.string(),
        taken_sha256: z.string().meta({ description: 'its bytes lie under this one' }),
        size: z.number(),
        size_taken: z.number(),
        cut: z.boolean(),
        mtime: z.string(),
        collect_ts: z.string(),
      }),
    )
    .meta({ description: 'where it was found, newest first' }),
});
export type Artifact = z.output<typeof artifact_schema>;

export const artifacts_schema = z.object({
  artifacts: z.array(stored_schema.extend({ sha256 })),
});
export type Artifacts = z.output<typeof artifacts_schema>;
