/** Every error in the one form of model/errors.ts, those of Fastify and zod too. */
import { OperationalError } from '@apiary/model/errors.ts';
import { findMistake, tellMistakes } from '@apiary/model/input-mistakes.ts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

const path_shown_max = 200;
const places: Record<string, string> = { querystring: 'the query', params: 'the address', body: 'the body' };

function fromValidation(error: unknown, request: FastifyRequest): OperationalError | null {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const context = error.validationContext ?? 'body';
  const root = { body: request.body, querystring: request.query, params: request.params }[context as 'body'];
  const fields = error.validation.map(({ keyword, instancePath, message, params }) => {
    const { keys, values } = params as { keys?: string[]; values?: unknown[] };
    const path = instancePath.split('/').slice(1);
    const issue = { code: keyword, path, message: message ?? 'is not allowed', keys, values };
    return findMistake(issue, root, places[context] ?? context);
  });
  return new OperationalError('input_invalid', tellMistakes(fields), { fields });
}

/** The form in which an error travels; null where it is our own mistake. */
function toOperational(error: unknown, request: FastifyRequest): OperationalError | null {
  if (error instanceof OperationalError) return error;
  const validation = fromValidation(error, request);
  if (validation !== null) return validation;
  const { statusCode, message } = error as FastifyError;
  if (statusCode === 413) return new OperationalError('query_too_large', message);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new OperationalError('input_invalid', message);
  return null;
}

/** What a log tells of an error: also what it came from, which often says more. */
export function tellError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { stack, message, cause } = error;
  return `${stack ?? message}${cause === undefined ? '' : `; because of ${tellError(cause)}`}`;
}

/** @param log of the server: what is our own mistake is told there only, for its text may hold anything */
export const makeSendError =
  (log: (message: string) => void) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const operational = toOperational(error, request);
    if (operational !== null) return sendOperational(operational, reply);
    const path = request.url.slice(0, path_shown_max);
    log(`mistake at the request ${request.id}, ${request.method} ${path}: ${tellError(error)}`);
    return reply.status(500).send({
      error: {
        code: 'internal',
        message: 'The server made a mistake; its log says which.',
        remedy: `Report it with the time and the request ${request.id}.`,
        details: {},
      },
    });
  };

function sendOperational(operational: OperationalError, reply: FastifyReply): FastifyReply {
  const retry_after_ms = operational.details.retry_after_ms;
  if (typeof retry_after_ms === 'number') reply.header('retry-after', Math.ceil(retry_after_ms / 1000));
  return reply.status(operational.status).send(operational.toJSON());
}

export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?')[0]!.slice(0, path_shown_max);
  return sendOperational(new OperationalError('not_found', `there is no ${request.method} ${path}`), reply);
}
