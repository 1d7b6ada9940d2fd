/** Tokens of programs that use the API in a user's name. */
import { z } from 'zod';

export const token_scopes = ['read', 'all'] as const;
export const token_days_max = 366;

export const make_token_schema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  scope: z.enum(token_scopes).default('read').meta({
    description: '`read` asks only; `all` may what its owner may, but for accounts, tokens and passwords',
  }),
  days: z.int().min(1).max(token_days_max).meta({ description: 'until it ends' }),
});

export const api_token_schema = z.object({
  token_id: z.int(),
  user: z.string(),
  name: z.string(),
  scope: z.enum(token_scopes),
  created_ms: z.number(),
  ends_ms: z.number(),
  seen_ms: z.number().nullable().meta({ description: 'last used, to the minute' }),
  revoked_ms: z.number().nullable(),
});
export type ApiToken = z.output<typeof api_token_schema>;
export const made_token_schema = api_token_schema.extend({
  token: z.string().meta({ description: 'shown this once' }),
});
export type MadeToken = z.output<typeof made_token_schema>;
