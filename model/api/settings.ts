/** Settings of the server as the pages show and change them. What is set there counts before the file. */
import { z } from 'zod';

/** What is kept for so long or on so much disk. */
export const retention_kinds = ['records', 'events', 'artifacts', 'captures', 'readings'] as const;
export type RetentionKind = (typeof retention_kinds)[number];
export const days_max = 36_500;
export const budget_bytes_min = 1_000_000;

const limit = {
  days: z.int().min(1).max(days_max).nullable().meta({ description: 'after receipt; null: no limit' }),
  bytes_max: z.int().min(budget_bytes_min).nullable().meta({ description: 'bytes on disk; null: no limit' }),
};
export const retention_limit_schema = z.strictObject(limit);

const mail_server = {
  host: z.string().trim().min(1).max(255),
  port: z.int().min(1).max(65_535),
  tls: z.boolean().meta({ description: 'from the first byte; otherwise STARTTLS where it is offered' }),
  from: z.email(),
  user: z.string().max(255).nullable(),
};
export const set_mail_schema = z.strictObject({
  ...mail_server,
  password: z
    .string()
    .min(1)
    .max(1024)
    .nullable()
    .optional()
    .meta({ description: 'left out: the one that is set stays; null: none' }),
});
export type SetMail = z.output<typeof set_mail_schema>;

const files = z.array(z.string().min(1).max(4096)).min(1).max(16);
export const geo_files_schema = z.strictObject({ country: files, as: files });

/** Where a setting comes from. */
const origin = z.enum(['page', 'file', 'default']);

export const settings_schema = z.object({
  retention: z.array(
    z.object({
      kind: z.enum(retention_kinds),
      days: z.number().nullable(),
      bytes_max: z.number().nullable(),
      bytes: z.number().meta({ description: 'on disk now' }),
      kept_from: z
        .string()
        .nullable()
        .meta({ description: 'nothing detected from then on has expired; null: nothing at all has' }),
    }),
  ),
  mail: z.object({
    server: z
      .object({ ...mail_server, has_password: z.boolean() })
      .nullable()
      .meta({ description: 'null: no mail goes out' }),
    origin,
  }),
  geo: z.object({ country: z.array(z.string()), as: z.array(z.string()), origin }),
  file: z.object({
    values: z
      .array(z.object({ path: z.string(), value: z.string() }))
      .meta({ description: 'all other settings as they are; a change takes a new start' }),
  }),
});
export type Settings = z.output<typeof settings_schema>;
