/** The one form of every error of the API. */
import { z } from 'zod';

export const error_schema = z.object({
  error: z.object({
    code: z.string().meta({ description: 'one of model/errors.ts' }),
    message: z.string(),
    remedy: z.string().meta({ description: 'what to do about it' }),
    details: z.record(z.string(), z.unknown()),
  }),
});
export type ApiError = z.output<typeof error_schema>['error'];
