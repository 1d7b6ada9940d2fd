/** Alerts: who is told of what, and what became of it. */
import {
  alerts_schema,
  channel_form_schema,
  rule_form_schema,
  schedule_form_schema,
} from '@apiary/model/api/alerts.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { z } from 'zod';
import { nextDue } from '../alerts/due.ts';
import { compileFilter } from '../reports/filter-sql.ts';
import {
  listAlerts,
  listChannels,
  putChannel,
  putRule,
  putSchedule,
  queueMessage,
  removeAlertPart,
} from '../state/alerts.ts';
import { describeInventory } from '../state/inventory-list.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

const id_params = z.object({ id: z.coerce.number().int().min(1) });
const made_schema = z.object({ id: z.int() });
const no_content = { 204: z.null() };

export function registerAlerts(app: ZodApp, { state, guard, now_ms }: ApiContext): void {
  const administrator = guard.requireWhole('administrator');
  const analyst = guard.requireWhole('administrator', 'analyst');
  const schema = (summary: string) => ({ tags: ['alerts'], summary });

  app.get(
    '/alerts',
    {
      preHandler: analyst,
      schema: { ...schema('Channels, rules, schedules and messages'), response: { 200: alerts_schema } },
    },
    async () => listAlerts(state),
  );

  for (const [method, url] of [
    ['post', '/alerts/channels'],
    ['put', '/alerts/channels/:id'],
  ] as const)
    app[method](
      url,
      {
        preHandler: administrator,
        schema: {
          ...schema(method === 'post' ? 'Adds a channel: mail, webhook or syslog' : 'Changes a channel'),
          ...(method === 'put' ? { params: id_params } : {}),
          body: channel_form_schema,
          response: { ...no_content, 201: made_schema },
        },
      },
      async (request, reply) => {
        const { id } = request.params as { id?: number };
        const made = putChannel(state, requireUser(request).user.name, id ?? null, request.body);
        return id === undefined ? reply.code(201).send({ id: made }) : reply.code(204).send(null);
      },
    );

  app.post(
    '/alerts/channels/:id/test',
    {
      preHandler: administrator,
      schema: {
        ...schema('Sends a message to a channel, to try it'),
        params: id_params,
        response: no_content,
      },
    },
    async (request, reply) => {
      const channel = listChannels(state).find(({ channel_id }) => channel_id === request.params.id);
      if (channel === undefined)
        throw new OperationalError('not_found', `there is no channel ${request.params.id}`);
      const time = new Date(now_ms()).toISOString();
      const { name } = requireUser(request).user;
      queueMessage(
        state,
        channel.channel_id,
        {
          subject: 'Apiary: a trial',
          time,
          rule: 'a trial',
          count: 1,
          lines: [`${name} tried the channel ${channel.name}`],
        },
        now_ms(),
      );
      return reply.code(204).send(null);
    },
  );

  for (const [method, url] of [
    ['post', '/alerts/rules'],
    ['put', '/alerts/rules/:id'],
  ] as const)
    app[method](
      url,
      {
        preHandler: analyst,
        schema: {
          ...schema(method === 'post' ? 'Adds an alert' : 'Changes an alert'),
          ...(method === 'put' ? { params: id_params } : {}),
          body: rule_form_schema,
          response: { ...no_content, 201: made_schema },
        },
      },
      async (request, reply) => {
        const { id } = request.params as { id?: number };
        const { condition } = request.body;
        // A mistake in the filter is told now, not when it matters.
        if ('q' in condition) compileFilter(condition.q, describeInventory(state));
        const made = putRule(state, requireUser(request).user.name, id ?? null, request.body, now_ms());
        return id === undefined ? reply.code(201).send({ id: made }) : reply.code(204).send(null);
      },
    );

  for (const [method, url] of [
    ['post', '/alerts/schedules'],
    ['put', '/alerts/schedules/:id'],
  ] as const)
    app[method](
      url,
      {
        preHandler: analyst,
        schema: {
          ...schema(
            method === 'post' ? 'Sends a report by mail at a set time' : 'Changes when a report goes out',
          ),
          ...(method === 'put' ? { params: id_params } : {}),
          body: schedule_form_schema,
          response: { ...no_content, 201: made_schema },
        },
      },
      async (request, reply) => {
        const { id } = request.params as { id?: number };
        const due = nextDue(request.body, now_ms());
        const made = putSchedule(state, requireUser(request).user.name, id ?? null, request.body, due);
        return id === undefined ? reply.code(201).send({ id: made }) : reply.code(204).send(null);
      },
    );

  for (const [part, table, preHandler] of [
    ['channels', 'alert_channel', administrator],
    ['rules', 'alert_rule', analyst],
    ['schedules', 'report_schedule', analyst],
  ] as const)
    app.delete(
      `/alerts/${part}/:id`,
      {
        preHandler,
        schema: { ...schema(`Removes one of the ${part}`), params: id_params, response: no_content },
      },
      async (request, reply) => {
        const { id } = request.params as { id: number };
        removeAlertPart(state, requireUser(request).user.name, table, id);
        return reply.code(204).send(null);
      },
    );
}
