/**
 * Sensors' health and the inventory. What is assigned to which honeynet decides who sees what, so administrators change it;
 * an administrator of a honeynet describes that honeynet and its honeypots.
 */
import { gateways_schema } from '@apiary/model/api/gateways.ts';
import {
  add_address_schema,
  assign_honeynet_schema,
  assign_honeypot_schema,
  end_address_schema,
  end_schema,
  inventory_schema,
  set_honeynet_schema,
  set_honeypot_schema,
  set_known_source_schema,
  set_sensor_schema,
} from '@apiary/model/api/inventory.ts';
import { sensors_schema } from '@apiary/model/api/sensors.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { parseNetwork } from '@apiary/model/networks.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { seenKnownSources } from '../reports/known-sources.ts';
import { describeHealth } from '../state/health-now.ts';
import * as inventory from '../state/inventory.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

const id = z.coerce.number().int().min(0);
const id_schema = z.object({ id: z.int() });
const done = { 204: z.null() };
const actor = (request: FastifyRequest): string => requireUser(request).user.name;

export function registerInventory(app: ZodApp, context: ApiContext): void {
  const { view, state, look, gateways, guard, now_ms } = context;
  app.get(
    '/sensors',
    {
      schema: {
        tags: ['sensors'],
        summary: 'Health of sensors and collectors',
        response: { 200: sensors_schema },
      },
    },
    async (request) => {
      const { inventory, visibility } = view(request);
      const seen = visibility.stretches === null ? null : inventory;
      return describeHealth(state, now_ms(), seen, await look(now_ms()));
    },
  );
  app.get(
    '/gateways',
    {
      preHandler: guard.requireWhole('administrator'),
      schema: {
        tags: ['sensors'],
        summary: 'Gateways of their own before the server',
        response: { 200: gateways_schema },
      },
    },
    async () => ({ now_ms: now_ms(), gateways: gateways(now_ms()) }),
  );
  app.get(
    '/inventory',
    {
      schema: {
        tags: ['inventory'],
        summary: 'What stands where, now and before',
        response: { 200: inventory_schema },
      },
    },
    async (request) => {
      const seen = view(request);
      return { ...seen.inventory, known_sources: await seenKnownSources(seen) };
    },
  );
  registerHoneynets(app, context);
  registerHoneypots(app, context);
  registerSensors(app, context);
  registerKnownSources(app, context);
}

function registerHoneynets(app: ZodApp, { state, guard }: ApiContext): void {
  const preHandler = guard.requireRole('administrator');
  const tags = ['inventory'];
  app.post(
    '/honeynets',
    {
      preHandler,
      schema: { tags, summary: 'Add a honeynet', body: set_honeynet_schema, response: { 201: id_schema } },
    },
    async (request, reply) =>
      reply.status(201).send({ id: inventory.setHoneynet(state, actor(request), null, request.body) }),
  );
  app.put(
    '/honeynets/:honeynet_id',
    {
      preHandler: async (request) =>
        guard.requireAdministratorOf(request, [
          Number((request.params as { honeynet_id: number }).honeynet_id),
        ]),
      schema: {
        tags,
        summary: 'Change a honeynet',
        params: z.object({ honeynet_id: id }),
        body: set_honeynet_schema,
        response: { 200: id_schema },
      },
    },
    async (request) => ({
      id: inventory.setHoneynet(state, actor(request), request.params.honeynet_id, request.body),
    }),
  );
}

function registerHoneypots(app: ZodApp, { state, guard }: ApiContext): void {
  const preHandler = guard.requireRole('administrator');
  const tags = ['inventory'];
  const params = z.object({ honeypot_id: id });
  app.post(
    '/honeypots',
    {
      preHandler,
      schema: { tags, summary: 'Add a honeypot', body: set_honeypot_schema, response: { 201: id_schema } },
    },
    async (request, reply) =>
      reply.status(201).send({ id: inventory.setHoneypot(state, actor(request), null, request.body) }),
  );
  app.put(
    '/honeypots/:honeypot_id',
    {
      preHandler: async (request) => {
        const { honeypot_id } = request.params as { honeypot_id: number };
        const all = state.all<{ honeynet_id: number }>(
          'SELECT honeynet_id FROM honeypot_honeynet WHERE honeypot_id = ? AND valid_to_ms IS NULL',
          Number(honeypot_id),
        );
        guard.requireAdministratorOf(
          request,
          all.map(({ honeynet_id }) => honeynet_id),
        );
      },
      schema: {
        tags,
        summary: 'Change a honeypot',
        params,
        body: set_honeypot_schema,
        response: { 200: id_schema },
      },
    },
    async (request) => ({
      id: inventory.setHoneypot(state, actor(request), request.params.honeypot_id, request.body),
    }),
  );
  app.post(
    '/honeypots/:honeypot_id/addresses',
    {
      preHandler,
      schema: {
        tags,
        summary: 'It has an address from then on',
        params,
        body: add_address_schema,
        response: done,
      },
    },
    async (request, reply) => {
      inventory.addAddress(state, actor(request), request.params.honeypot_id, request.body);
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/honeypots/:honeypot_id/addresses/end',
    {
      preHandler,
      schema: {
        tags,
        summary: 'It had an address until then',
        params,
        body: end_address_schema,
        response: done,
      },
    },
    async (request, reply) => {
      inventory.endAddress(state, actor(request), request.params.honeypot_id, request.body);
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/honeypots/:honeypot_id/honeynets',
    {
      preHandler,
      schema: { tags, summary: 'It joins a honeynet', params, body: assign_honeynet_schema, response: done },
    },
    async (request, reply) => {
      const { honeynet_id, from_ms } = request.body;
      inventory.joinHoneynet(state, actor(request), request.params.honeypot_id, honeynet_id, from_ms);
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/honeypots/:honeypot_id/honeynets/:honeynet_id/end',
    {
      preHandler,
      schema: {
        tags,
        summary: 'It leaves a honeynet',
        params: params.extend({ honeynet_id: id }),
        body: end_schema,
        response: done,
      },
    },
    async (request, reply) => {
      const { honeypot_id, honeynet_id } = request.params;
      inventory.leaveHoneynet(state, actor(request), honeypot_id, honeynet_id, request.body.to_ms);
      return reply.status(204).send(null);
    },
  );
}

function registerSensors(app: ZodApp, { state, guard }: ApiContext): void {
  const preHandler = guard.requireRole('administrator');
  const tags = ['inventory'];
  const params = z.object({ sensor_id: id });
  app.put(
    '/sensors/:sensor_id',
    {
      preHandler,
      schema: { tags, summary: 'Describe a sensor', params, body: set_sensor_schema, response: done },
    },
    async (request, reply) => {
      inventory.describeSensor(state, actor(request), request.params.sensor_id, request.body.description);
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/sensors/:sensor_id/honeypots',
    {
      preHandler,
      schema: {
        tags,
        summary: 'It watches a honeypot from then on',
        params,
        body: assign_honeypot_schema,
        response: done,
      },
    },
    async (request, reply) => {
      inventory.assignHoneypot(state, actor(request), request.params.sensor_id, request.body);
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/sensors/:sensor_id/honeypots/:honeypot_id/end',
    {
      preHandler,
      schema: {
        tags,
        summary: 'It watched a honeypot until then',
        params: params.extend({ honeypot_id: id }),
        body: end_schema,
        response: done,
      },
    },
    async (request, reply) => {
      const { sensor_id, honeypot_id } = request.params;
      inventory.endHoneypot(state, actor(request), sensor_id, honeypot_id, request.body.to_ms);
      return reply.status(204).send(null);
    },
  );
}

function registerKnownSources(app: ZodApp, { state, guard }: ApiContext): void {
  const preHandler = guard.requireRole('administrator');
  const tags = ['inventory'];
  app.post(
    '/known_sources',
    {
      preHandler,
      schema: {
        tags,
        summary: 'Mark a gateway or own scanner',
        body: set_known_source_schema,
        response: done,
      },
    },
    async (request, reply) => {
      const { network } = request.body;
      if (parseNetwork(network) === null)
        throw new OperationalError('input_invalid', `network: ${network} must be an address or a network`, {
          field: 'network',
          value: network,
        });
      inventory.addKnownSource(state, actor(request), request.body);
      return reply.status(204).send(null);
    },
  );
  app.delete(
    '/known_sources',
    {
      preHandler,
      schema: {
        tags,
        summary: 'Mark it no longer',
        querystring: z.strictObject({ network: z.string().max(64) }),
        response: done,
      },
    },
    async (request, reply) => {
      inventory.removeKnownSource(state, actor(request), request.query.network);
      return reply.status(204).send(null);
    },
  );
}
