/** Who may use the pages, and as what. */
import { z } from 'zod';

export const user_roles = ['administrator', 'analyst', 'viewer'] as const;
export type UserRole = (typeof user_roles)[number];
export const password_length_min = 12;
export const password_length_max = 256;

/** The name of a user, wherever one is made. */
export const user_name_schema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}._@-]+$/u, 'letters, digits and . _ @ - only');
const new_password = z.string().min(password_length_min).max(password_length_max);

export const honeynet_role_schema = z.strictObject({ honeynet_id: z.int(), role: z.enum(user_roles) });
export type HoneynetRole = z.output<typeof honeynet_role_schema>;

const honeynets = z
  .array(honeynet_role_schema)
  .max(1000)
  .nullable()
  .meta({ description: 'the only honeynets that the user sees, and as what; null: all, by the role' });
/** What a user may see. */
const access = {
  honeynets,
  sees_secrets: z
    .boolean()
    .nullable()
    .meta({ description: 'passwords, raw bytes, recordings, files; null: all but viewers do' }),
};
const set_access_schema = z.strictObject(access);
export type SetAccess = z.output<typeof set_access_schema>;

export const user_schema = z.object({
  user_id: z.int(),
  name: z.string(),
  role: z
    .enum(user_roles)
    .meta({ description: 'over all; of who is confined to honeynets analyst or viewer, by the most there' }),
  honeynets,
  sees_secrets: z.boolean(),
  created_ms: z.number(),
  disabled_ms: z.number().nullable(),
});
export type User = z.output<typeof user_schema>;

export const log_in_schema = z.strictObject({
  name: z.string().min(1).max(64),
  password: z.string().min(1).max(password_length_max),
});

export const me_schema = z.object({
  user: user_schema,
  demo: z.boolean().meta({ description: 'recordings replayed, their times moved' }),
  ends_ms: z.number().meta({ description: 'when this log-in ends' }),
});
export type Me = z.output<typeof me_schema>;

export const change_password_schema = z.strictObject({
  password: z.string().min(1).max(password_length_max),
  new_password,
});
export const add_user_schema = z.strictObject({
  name: user_name_schema,
  role: z.enum(user_roles),
  password: new_password,
  honeynets: access.honeynets.optional(),
  sees_secrets: access.sees_secrets.optional(),
});
export const change_user_schema = z.strictObject({
  role: z.enum(user_roles).optional(),
  disabled: z.boolean().optional(),
  password: new_password.optional(),
  honeynets: access.honeynets.optional(),
  sees_secrets: access.sees_secrets.optional(),
});

export const openid_schema = z.object({
  title: z.string().nullable().meta({ description: 'of the button; null: there is no such log-in' }),
});
export type Openid = z.output<typeof openid_schema>;
