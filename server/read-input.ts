/** What somebody gave on the command line or in an address, checked, with words for who gave it. */
import { OperationalError } from '@apiary/model/errors.ts';
import { findMistake, tellMistakes } from '@apiary/model/input-mistakes.ts';
import type { z } from 'zod';

/**
 * @param whole what the input is called where no single field is meant
 * @throws OperationalError input_invalid
 */
export function readInput<T extends z.ZodType>(schema: T, value: unknown, whole: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map((issue) => findMistake(issue, value, whole));
  throw new OperationalError('input_invalid', tellMistakes(mistakes));
}
