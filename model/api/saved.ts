/** Questions that people keep: the address of a page under a name. */
import { z } from 'zod';

/** Pages whose address is a question. */
export const saved_address_pattern =
  /^\/(?:explore|sql|events|reports\/[a-z0-9_]+\/[a-z0-9-]+)?(?:\?[^\s]*)?$/;

export const save_question_schema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  address: z
    .string()
    .max(8000)
    .regex(saved_address_pattern, 'must be the path of a page with its filter, as /explore?by=service'),
});

export const saved_question_schema = z.object({
  saved_id: z.int(),
  name: z.string(),
  address: z.string(),
  owner: z.string(),
  saved_ms: z.number(),
});
export type SavedQuestion = z.output<typeof saved_question_schema>;
export const saved_questions_schema = z.object({ saved: z.array(saved_question_schema) });
