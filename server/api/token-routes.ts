/** Tokens of programs, and the log of who did what. */
import { audit_query_schema, audit_schema } from '@apiary/model/api/audit.ts';
import { api_token_schema, made_token_schema, make_token_schema } from '@apiary/model/api/tokens.ts';
import { z } from 'zod';
import { readChanges } from '../state/change-log.ts';
import { listTokens, makeToken, revokeToken } from '../state/tokens.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

const persons_only = { config: { persons_only: true } } as const;

export function registerTokens(app: ZodApp, { state, guard, now_ms }: ApiContext): void {
  app.get(
    '/tokens',
    {
      ...persons_only,
      schema: {
        tags: ['account'],
        summary: 'Your tokens; of an administrator those of all users',
        response: { 200: z.array(api_token_schema) },
      },
    },
    async (request) => {
      const { user } = requireUser(request);
      return listTokens(state, user.role === 'administrator' ? null : user.user_id);
    },
  );

  app.post(
    '/tokens',
    {
      ...persons_only,
      schema: {
        tags: ['account'],
        summary: 'Makes a token for a program: `Authorization: Bearer …`',
        body: make_token_schema,
        response: { 201: made_token_schema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(makeToken(state, requireUser(request).user, request.body, now_ms())),
  );

  app.delete(
    '/tokens/:token_id',
    {
      ...persons_only,
      schema: {
        tags: ['account'],
        summary: 'Revokes a token; it takes effect at once',
        params: z.object({ token_id: z.coerce.number().int().min(1) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      revokeToken(state, requireUser(request).user, request.params.token_id, now_ms());
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/audit',
    {
      // Nothing in the log says whose honeynet it is about. Who administers some of them has this role over none.
      preHandler: guard.requireRole('administrator'),
      schema: {
        tags: ['account'],
        summary: 'Who did what, and when, newest first',
        querystring: audit_query_schema,
        response: { 200: audit_schema },
      },
    },
    async ({ query }) => readChanges(state, query),
  );
}
