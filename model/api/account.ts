/** Who may use the pages, and as what. */
import { z } from 'zod';

export const user_roles = ['administrator', 'analyst', 'viewer'] as const;
export type UserRole = (typeof user_roles)[number];
export const password_length_min = 12;
export const password_length_max = 256;

const name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}._@-]+$/u, 'letters, digits and . _ @ - only');
const new_password = z.string().min(password_length_min).max(password_length_max);

export const user_schema = z.object({
  user_id: z.int(),
  name: z.string(),
  role: z.enum(user_roles),
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
export const add_user_schema = z.strictObject({ name, role: z.enum(user_roles), password: new_password });
export const change_user_schema = z.strictObject({
  role: z.enum(user_roles).optional(),
  disabled: z.boolean().optional(),
  password: new_password.optional(),
});
