/** Every error in the one form of model/errors.ts, those of Fastify and zod too. */
import { OperationalError } from '@apiary/model/errors.ts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

const value_shown_max = 200;

/** The value at a JSON pointer. */
function lookUp(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
    root,
  );
}

function fromValidation(error: unknown, request: FastifyRequest): OperationalError | null {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const context = error.validationContext ?? 'body';
  const root = { body: request.body, querystring: request.query, params: request.params }[context as 'body'];
  const fields = error.validation.map((issue) => {
    const path = issue.instancePath.split('/').slice(1);
    // A password or key must not come back in an answer.
    const secret = /password|secret/.test(path.at(-1) ?? '');
    const value = path.length === 0 || secret ? undefined : JSON.stringify(lookUp(root, path));
    return {
      field: path.length === 0 ? context : path.join('.'),
      value: value?.slice(0, value_shown_max),
      message: issue.message ?? 'is not allowed',
    };
  });
  const message = fields
    .map(({ field, value, message: says }) => `${field}: ${value === undefined ? '' : `${value}: `}${says}`)
    .join('; ');
  return new OperationalError('input_invalid', message, { fields });
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

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const operational = toOperational(error, request);
  if (operational === null) {
    // Our own mistake: the text stays in the log, for it may hold anything.
    request.log.error({ err: error }, 'internal error');
    return reply.status(500).send({
      error: {
        code: 'internal',
        message: 'The server made a mistake; its log says which.',
        remedy: `Report it with the time and the request ${request.id}.`,
        details: {},
      },
    });
  }
  const retry_after_ms = operational.details.retry_after_ms;
  if (typeof retry_after_ms === 'number') reply.header('retry-after', Math.ceil(retry_after_ms / 1000));
  return reply.status(operational.status).send(operational.toJSON());
}

export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?')[0]!.slice(0, value_shown_max);
  return sendError(
    new OperationalError('not_found', `there is no ${request.method} ${path}`),
    request,
    reply,
  );
}
