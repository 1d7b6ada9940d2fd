/** Rules by which families are found: switched, added, and tried on the past before. */
import {
  own_rule_schema,
  rule_trial_schema,
  rules_schema,
  switch_rule_schema,
  try_rules_schema,
} from '@apiary/model/api/rules.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { listRules, putRule, removeRule, switchRule, tryChange } from '../analysis/rule-desk.ts';
import { resolvePeriod, showPeriod } from '../reports/scope.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

const name_params = z.object({ name: z.string().max(40) });

export function registerRules(app: ZodApp, { view, state, guard, now_ms, analysis }: ApiContext): void {
  const preHandler = guard.requireWhole('administrator', 'analyst');
  const schema = (summary: string) => ({ tags: ['rules'], summary });
  const done = { 204: z.null() };

  const by = (request: FastifyRequest) => ({
    state,
    actor: requireUser(request).user.name,
    now_ms: now_ms(),
  });

  app.get(
    '/rules',
    {
      preHandler,
      schema: { ...schema('Rules by which families are found'), response: { 200: rules_schema } },
    },
    async () => listRules(state),
  );

  app.post(
    '/rules/trial',
    {
      preHandler,
      schema: {
        ...schema('Tries a rule, or a switch of one, on a period that is over; changes nothing'),
        body: try_rules_schema,
        response: { 200: rule_trial_schema },
      },
    },
    async (request) => {
      const { last, from, to, ...change } = request.body;
      const period = resolvePeriod({ last, from, to }, now_ms());
      const trial = await tryChange(
        { state, now_ms: now_ms() },
        view(request).store,
        analysis.pause_seconds,
        change,
        period,
      );
      return { period: showPeriod(period), ...trial };
    },
  );

  app.put(
    '/rules',
    {
      preHandler,
      schema: {
        ...schema('Puts a rule of your own in place, switched off'),
        body: own_rule_schema,
        response: done,
      },
    },
    async (request, reply) => {
      if (putRule(by(request), request.body)) analysis.rejudge();
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/rules/:name/switch',
    {
      preHandler,
      schema: {
        ...schema('Switches a rule on or off; all attacks are judged again'),
        params: name_params,
        body: switch_rule_schema,
        response: done,
      },
    },
    async (request, reply) => {
      if (switchRule(by(request), request.params.name, request.body.is_on)) analysis.rejudge();
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/rules/:name',
    {
      preHandler,
      schema: { ...schema('Removes a rule of your own'), params: name_params, response: done },
    },
    async (request, reply) => {
      if (removeRule(by(request), request.params.name)) analysis.rejudge();
      return reply.code(204).send(null);
    },
  );
}
