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
  incidents: z.array(z.number()).meta({ description: 'numbers of incidents whose attacks brought it' }),
});
export type Artifact = z.output<typeof artifact_schema>;

export const artifact_sessions_schema = z.object({
  sessions: z
    .array(
      z.object({
        sensor_id: z.number(),
        session: z.string(),
        events: z.number().meta({ description: 'of the whole session' }),
        from: z.string(),
        to: z.string(),
      }),
    )
    .meta({ description: 'in which it came, or which it is the terminal recording of, newest first' }),
  is_cut: z.boolean().meta({ description: 'there are more than are given' }),
});
export type ArtifactSessions = z.output<typeof artifact_sessions_schema>;

export const artifacts_schema = z.object({
  artifacts: z.array(stored_schema.extend({ sha256 })),
  is_cut: z.boolean().meta({ description: 'there are older ones' }),
});
export type Artifacts = z.output<typeof artifacts_schema>;

export const artifact_content_schema = z.object({
  type: z.string().meta({ description: 'what its first bytes say that it is' }),
  size: z.number(),
  md5: z.string(),
  sha1: z.string(),
  sha256,
  entropy: z.number().meta({ description: 'bits a byte: near 8 for what is compressed or encrypted' }),
  strings: z.array(z.string()).meta({ description: 'runs of printable characters' }),
  strings_are_cut: z.boolean(),
  entries: z
    .array(z.object({ name: z.string(), size: z.number(), kind: z.string() }))
    .nullable()
    .meta({ description: 'of an archive, by its own word; null for what is none' }),
  entries_are_cut: z.boolean(),
  trouble: z.string().meta({ description: 'why its entries could not be listed; empty where they could' }),
  head_base64: z.string().meta({ description: 'its first 64 KiB' }),
});
export type ArtifactContent = z.output<typeof artifact_content_schema>;
