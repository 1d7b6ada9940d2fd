/** Incidents that analysts join, and attacks that they set apart. */
import { grouped_schema, join_incident_schema, split_incident_schema } from '@apiary/model/api/incidents.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { attacksOf, findIncidentId, numberOf, readIncident } from '../reports/incidents.ts';
import type { View } from '../reports/view.ts';
import { addGrouping, listGroupings, revokeGrouping } from '../state/groupings.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

const number_params = z.object({ number: z.coerce.number().int().min(1) });

export function registerGroupings(app: ZodApp, { view, state, guard, now_ms, analysis }: ApiContext): void {
  const preHandler = guard.requireRole('administrator', 'analyst');

  /** The incident as its analyst sees it; who says what belongs to it sees all of it. */
  async function requireWhole(request: FastifyRequest, number: number): Promise<View> {
    const judging = view(request, ['administrator', 'analyst']);
    const { incident } = await readIncident(judging, number);
    if (incident.is_partial)
      throw new OperationalError(
        'forbidden',
        `incident ${number} has attacks where you may not decide: ask an analyst who sees all of it`,
      );
    return judging;
  }

  app.post(
    '/incidents/:number/join',
    {
      preHandler,
      schema: {
        tags: ['incidents'],
        summary: 'Joins another incident to this one; the smaller number stays, and the other leads to it',
        params: number_params,
        body: join_incident_schema,
        response: { 200: grouped_schema },
      },
    },
    async (request) => {
      const { number } = request.params;
      const { number: other, reason } = request.body;
      const seen = await requireWhole(request, number);
      await requireWhole(request, other);
      const ids = [await findIncidentId(seen, number), await findIncidentId(seen, other)];
      if (ids[0] === ids[1])
        throw new OperationalError('conflict', `${number} and ${other} are one incident already`);
      addGrouping(state, requireUser(request).user.name, { kind: 'join', events: ids, reason }, now_ms());
      await analysis.regroup();
      return { number: await numberOf(seen, ids[0]!) };
    },
  );

  app.post(
    '/incidents/:number/split',
    {
      preHandler,
      schema: {
        tags: ['incidents'],
        summary: 'Sets attacks of an incident apart: they become one of their own',
        params: number_params,
        body: split_incident_schema,
        response: { 200: grouped_schema },
      },
    },
    async (request) => {
      const { number } = request.params;
      const attacks = [...new Set(request.body.attacks)];
      const seen = await requireWhole(request, number);
      const its = new Set(await attacksOf(seen, number));
      const odd = attacks.find((attack) => !its.has(attack));
      if (odd !== undefined)
        throw new OperationalError('input_invalid', `attacks: ${odd} is no attack of incident ${number}`);
      if (attacks.length === its.size)
        throw new OperationalError(
          'input_invalid',
          `attacks: these are all of incident ${number}, so nothing would be set apart`,
        );
      // An attack is known by its earliest event.
      addGrouping(
        state,
        requireUser(request).user.name,
        { kind: 'split', events: attacks, reason: request.body.reason },
        now_ms(),
      );
      await analysis.regroup();
      return { number: await numberOf(seen, attacks[0]!) };
    },
  );

  app.delete(
    '/groupings/:grouping_id',
    {
      preHandler,
      schema: {
        tags: ['incidents'],
        summary: 'Takes back that incidents were joined or attacks set apart',
        params: z.object({ grouping_id: z.coerce.number().int().min(1) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { grouping_id } = request.params;
      const known = listGroupings(state).find((one) => one.grouping_id === grouping_id);
      if (known === undefined) throw new OperationalError('not_found', `there is no grouping ${grouping_id}`);
      const seen = view(request, ['administrator', 'analyst']);
      for (const event of known.events) await requireWhole(request, await numberOf(seen, event));
      revokeGrouping(state, requireUser(request).user.name, grouping_id, now_ms());
      await analysis.regroup();
      return reply.code(204).send(null);
    },
  );
}
