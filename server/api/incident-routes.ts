/** Incidents, attacks, judgements and the taxonomy. */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { filter_schema } from '@apiary/model/api/filter.ts';
import {
  attack_detail_schema,
  attack_of_event_schema,
  attacks_query_schema,
  attacks_schema,
  incident_credentials_schema,
  incident_schema,
  incident_sessions_schema,
  incidents_query_schema,
  incidents_schema,
  make_attack_judgement_schema,
  make_judgement_schema,
  taxonomy_schema,
} from '@apiary/model/api/incidents.ts';
import { techniques } from '@apiary/model/attack-techniques.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { type AttackJudgementField, incident_statuses, no_results } from '@apiary/model/incident-words.ts';
import { attackers, objectives, results, stages, tools, weaknesses } from '@apiary/model/taxonomy.ts';
import { z } from 'zod';
import { known_families } from '../analysis/families.ts';
import { incident_rules } from '../analysis/judge-incident.ts';
import { kind_rules } from '../analysis/link-rules.ts';
import { readRules } from '../analysis/rule-set.ts';
import { technique_rules } from '../analysis/techniques.ts';
import { findAttackOf, findAttribution, readAttackDetail } from '../reports/attack-detail.ts';
import { listAttacks } from '../reports/attacks.ts';
import { findEvent } from '../reports/event-detail.ts';
import { parseKey } from '../reports/event-row.ts';
import { readIncidentCredentials } from '../reports/incident-credentials.ts';
import { readIncidentSessions } from '../reports/incident-sessions.ts';
import { listIncidents, readIncident } from '../reports/incidents.ts';
import { resolvePeriod } from '../reports/scope.ts';
import { countTaxonomy } from '../reports/taxonomy.ts';
import { findAnchor, makeAttackJudgement, makeJudgement } from '../state/judgements.ts';
import { listOwnRules } from '../state/own-rules.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

const number_params = z.object({ number: z.coerce.number().int().min(1).max(4_294_967_295) });
const attack_params = z.object({ attack_id: z.string().regex(/^\d{1,20}$/) });
const words = {
  tool: tools,
  weakness: weaknesses,
  stage: stages,
  result: results,
  attacker: attackers,
  objective: objectives,
};

/** @throws OperationalError input_invalid for a value that its field cannot have */
function checkJudgement(field: string, value: string): void {
  const allowed: Record<string, readonly string[]> = {
    attacker: attackers.map(({ name }) => name),
    status: incident_statuses,
    pinned: ['yes'],
  };
  const bad = (what: string, must: readonly string[]): never => {
    throw new OperationalError(
      'input_invalid',
      `${field}: ${JSON.stringify(what)} must be one of ${must.join(', ')}`,
    );
  };
  const list = allowed[field];
  if (value === '') return;
  if (list !== undefined && !list.includes(value)) bad(value, list);
  if (field !== 'objectives' || value === 'unknown') return;
  const known = objectives.map(({ name }) => name as string);
  const odd = value.split(', ').find((one) => !known.includes(one));
  if (odd !== undefined) bad(odd, [...known, 'unknown']);
}

/** @throws OperationalError input_invalid for a value that its field cannot have */
function checkAttackJudgement(field: AttackJudgementField, value: string): void {
  if (value === '' || field === 'comment') return;
  const lists = { tool: tools, weakness: weaknesses, stage: stages, results };
  const known: string[] = lists[field].map(({ name }) => name);
  if (field === 'results' && value === no_results) return;
  const given = field === 'results' ? value.split(', ') : [value];
  const odd = given.find((one) => !known.includes(one));
  if (odd !== undefined)
    throw new OperationalError(
      'input_invalid',
      `${field}: ${JSON.stringify(odd)} must be one of ${[...known, ...(field === 'results' ? [no_results] : [])].join(', ')}`,
    );
}

export function registerIncidents(
  app: ZodApp,
  { view, state, guard, now_ms, writeEvidence, analysis }: ApiContext,
): void {
  app.get(
    '/incidents',
    {
      schema: {
        tags: ['incidents'],
        summary: 'Incidents that a period touches',
        querystring: incidents_query_schema,
        response: { 200: incidents_schema },
      },
    },
    async (request) => listIncidents(view(request), request.query, now_ms()),
  );

  app.get(
    '/incidents/:number',
    {
      schema: {
        tags: ['incidents'],
        summary: 'An incident with its attacks, what links them, and every reason',
        params: number_params,
        response: { 200: incident_schema },
      },
    },
    async (request) => readIncident(view(request), request.params.number),
  );

  app.get(
    '/incidents/:number/sessions',
    {
      schema: {
        tags: ['incidents'],
        summary: 'The sessions of an incident with most events',
        params: number_params,
        response: { 200: incident_sessions_schema },
      },
    },
    async (request) => readIncidentSessions(view(request), request.params.number),
  );

  app.get(
    '/incidents/:number/credentials',
    {
      schema: {
        tags: ['incidents'],
        summary: 'User names and passwords that an incident tried',
        params: number_params,
        response: { 200: incident_credentials_schema },
      },
    },
    async (request) => readIncidentCredentials(view(request), request.params.number),
  );

  app.get(
    '/incidents/:number/evidence',
    {
      preHandler: guard.requireWhole('administrator', 'analyst'),
      schema: {
        tags: ['incidents'],
        summary: 'An incident as evidence: a ZIP with its records byte for byte, and a signed manifest',
        params: number_params,
      },
    },
    async (request, reply) => {
      const { number } = request.params;
      const path = await writeEvidence(requireUser(request).user.name, number);
      const file = createReadStream(path);
      file.once('close', () => void rm(path, { force: true }));
      return reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="incident-${number}.zip"`)
        .send(file);
    },
  );

  app.post(
    '/incidents/:number/judgements',
    {
      preHandler: guard.requireRole('administrator', 'analyst'),
      schema: {
        tags: ['incidents'],
        summary: 'What an analyst decides: it counts before what the rules say',
        params: number_params,
        body: make_judgement_schema,
        response: { 200: incident_schema },
      },
    },
    async (request) => {
      const { number } = request.params;
      const { field, value } = request.body;
      checkJudgement(field, value);
      const { name } = requireUser(request).user;
      // Decided is over the whole: who decides sees all of it, in honeynets where they may decide.
      const judging = view(request, ['administrator', 'analyst']);
      const { incident } = await readIncident(judging, number);
      if (incident.is_partial)
        throw new OperationalError(
          'forbidden',
          `incident ${number} has attacks where you may not decide: ask an analyst who sees all of it`,
        );
      // It goes where the number goes.
      const anchor = findAnchor(state, incident.number) ?? incident.incident_id;
      makeJudgement(state, name, anchor, field, value, now_ms());
      return readIncident(judging, number);
    },
  );

  app.get(
    '/attacks',
    {
      schema: {
        tags: ['incidents'],
        summary: 'Attacks that a period touches, by the words of the taxonomy',
        querystring: attacks_query_schema,
        response: { 200: attacks_schema },
      },
    },
    async (request) => listAttacks(view(request), request.query, now_ms()),
  );

  app.get(
    '/attacks/:attack_id',
    {
      schema: {
        tags: ['incidents'],
        summary: 'An attack with its events and every reason',
        params: attack_params,
        response: { 200: attack_detail_schema },
      },
    },
    async (request) => readAttackDetail(view(request), request.params.attack_id),
  );

  app.post(
    '/attacks/:attack_id/judgements',
    {
      preHandler: guard.requireRole('administrator', 'analyst'),
      schema: {
        tags: ['incidents'],
        summary: 'What an analyst decides of an attack: it counts before what the rules say',
        params: attack_params,
        body: make_attack_judgement_schema,
        response: { 200: attack_detail_schema },
      },
    },
    async (request) => {
      const { attack_id } = request.params;
      const { field, value } = request.body;
      checkAttackJudgement(field, value);
      // Where somebody may decide only of a part of it, there is no such attack.
      const judging = view(request, ['administrator', 'analyst']);
      const { attack } = await readAttackDetail(judging, attack_id);
      const kept_from_ms = judging.inventory.events_kept_from_ms ?? 0;
      if (Date.parse(attack.first_ts) < kept_from_ms)
        throw new OperationalError(
          'conflict',
          `events of attack ${attack_id} have expired: what was found of it stays as it is`,
        );
      makeAttackJudgement(state, requireUser(request).user.name, attack_id, field, value, now_ms());
      await analysis.regroup();
      return readAttackDetail(judging, attack_id);
    },
  );

  app.get(
    '/events/:key/attack',
    {
      schema: {
        tags: ['incidents'],
        summary: 'The attack and the incident of an event',
        params: z.object({ key: z.string().max(64) }),
        response: {
          200: attack_of_event_schema,
        },
      },
    },
    async (request) => {
      const { store } = view(request);
      const key = parseKey(request.params.key, 'key');
      if ((await findEvent(store, key)) === null)
        throw new OperationalError('not_found', `there is no event ${request.params.key}`);
      const event_id = String(key.event_id);
      const [found, attribution] = await Promise.all([
        findAttackOf(store, event_id),
        findAttribution(store, event_id),
      ]);
      return { attack_id: found?.attack_id ?? null, incident_number: found?.number ?? null, attribution };
    },
  );

  app.get(
    '/taxonomy',
    {
      schema: {
        tags: ['incidents'],
        summary: 'The whole scheme, how often each word holds, and the rules',
        querystring: filter_schema.pick({ last: true, from: true, to: true }),
        response: { 200: taxonomy_schema },
      },
    },
    async (request) => {
      const { counts, families, unattributed } = await countTaxonomy(
        view(request),
        resolvePeriod(request.query, now_ms()),
      );
      return {
        words: Object.fromEntries(Object.entries(words).map(([about, list]) => [about, [...list]])),
        counts,
        families: [...listOwnRules(state), ...known_families].map(({ name, title, kind, source }) => ({
          name,
          title,
          kind,
          source,
          attacks: families.get(name) ?? 0,
        })),
        techniques: techniques.map((one) => ({ ...one, attacks: counts.technique?.[one.id] ?? 0 })),
        rules: [
          ...incident_rules.map(({ name, sentence }) => ({ name: `incident.${name}`, text: sentence })),
          ...technique_rules.map(({ id, because }) => ({ name: `technique.${id}`, text: because })),
        ],
        linking: Object.entries(kind_rules).map(([kind, { base, tau_days, horizon_days }]) => ({
          kind,
          base,
          tau_days: Number.isFinite(tau_days) ? tau_days : null,
          horizon_days,
        })),
        rules_version: readRules(state).version,
        unattributed,
      };
    },
  );
}
