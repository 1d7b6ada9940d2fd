/**
 * The API as orders on the machine itself use it: whoever may open the control socket's file may do everything there,
 * under the name of the account.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { User } from '@apiary/model/api/account.ts';
import { type ErrorCode, error_codes, OperationalError } from '@apiary/model/errors.ts';
import type { FastifyInstance, InjectOptions } from 'fastify';

/** Nothing that comes over a network can set it. */
const actors = new AsyncLocalStorage<string>();

/** Who asks within `askLocally`; undefined for a request from anywhere else. */
export function findLocalUser(): User | undefined {
  const name = actors.getStore();
  if (name === undefined) return undefined;
  return {
    ...{ user_id: 0, name, role: 'administrator', created_ms: 0, disabled_ms: null },
    ...{ honeynets: null, sees_secrets: true },
  };
}

export interface LocalQuestion {
  method: string;
  /** With its query, behind `/api/v1`. */
  path: string;
  /** JSON. */
  body?: string | undefined;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** @throws OperationalError as the API answers it, `input_invalid` for what it never takes */
export async function askLocally(
  app: FastifyInstance,
  actor: string,
  { method, path, body }: LocalQuestion,
): Promise<Buffer> {
  const asked = methods.find((one) => one === method.toUpperCase());
  if (asked === undefined)
    throw new OperationalError('input_invalid', `"${method}" is none of ${methods.join(', ')}`);
  if (!path.startsWith('/'))
    throw new OperationalError(
      'input_invalid',
      `"${path}": begin the path with a slash, as in /events/count?last=24h`,
    );
  const question: InjectOptions = { method: asked, url: `/api/v1${path}` };
  if (body !== undefined)
    Object.assign(question, { payload: body, headers: { 'content-type': 'application/json' } });
  // Asked within: the question is put when somebody waits for its answer.
  const answer = await actors.run(actor, async () => await app.inject(question));
  if (answer.statusCode < 400) return answer.rawPayload;
  const { error } = answer.json<{
    error: { code: ErrorCode; message: string; details: Record<string, unknown> };
  }>();
  throw new OperationalError(
    error.code in error_codes ? error.code : 'input_invalid',
    error.message,
    error.details,
  );
}
