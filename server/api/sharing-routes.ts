/** What leaves the house by a person's hand: an incident as a file, a report of abuse. */
import type { ArtifactContent } from '@apiary/model/api/artifacts.ts';
import type { Incident } from '@apiary/model/api/incidents.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import {
  incident_formats,
  set_formats,
  set_incidents_max,
  tlp_levels,
} from '@apiary/model/incident-words.ts';
import { normalizeAddress } from '@apiary/model/networks.ts';
import { z } from 'zod';
import { makeCleaner } from '../exports/cleaner.ts';
import { examineFiles } from '../exports/examine-files.ts';
import { gatherFacts } from '../exports/incident-facts.ts';
import { writeIncident, writeIncidents } from '../exports/incident-file.ts';
import { contacts_max, type Reporter, writeXarf } from '../exports/xarf.ts';
import { requireArtifact } from '../reports/artifacts.ts';
import { attacks_exported_max, readIncident } from '../reports/incidents.ts';
import { readOwnAddresses } from '../reports/own-addresses.ts';
import { readSourceContacts } from '../reports/source-contacts.ts';
import type { View } from '../reports/view.ts';
import type { ApiContext, Files, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

/** All incidents of a set together; a file is made in memory. */
const set_attacks_max = 50_000;
const number_params = z.object({ number: z.coerce.number().int().min(1).max(4_294_967_295) });
const tlp = z.enum(tlp_levels).default('amber');
const numbers = z
  .string()
  .regex(/^\d{1,9}(,\d{1,9})*$/, 'must be numbers of incidents with commas between them')
  .transform((text) => [...new Set(text.split(',').map(Number))])
  .refine((list) => list.length <= set_incidents_max, `must be ${set_incidents_max} at most`);

/** Looks into a file, where who asks may see it. */
const examineFor =
  (view: View, files: Files) =>
  async (sha256: string): Promise<ArtifactContent> => {
    if (!view.visibility.sees_secrets)
      throw new OperationalError('not_found', `there is no artifact ${sha256} to be seen`);
    requireArtifact(view, sha256);
    return files.examine(sha256);
  };

export function registerSharing(
  app: ZodApp,
  { view, state, guard, files, now_ms }: ApiContext,
  reporter: Reporter,
): void {
  app.get(
    '/incidents/:number/file',
    {
      preHandler: guard.requireRole('administrator', 'analyst'),
      schema: {
        tags: ['sharing'],
        summary: 'An incident for others: sensors under pseudonyms, their names and addresses taken out',
        params: number_params,
        querystring: z.object({ format: z.enum(incident_formats), tlp }),
      },
    },
    async (request, reply) => {
      const { format, tlp } = request.query;
      const asking = view(request);
      const data = await readIncident(asking, request.params.number, attacks_exported_max);
      const contents = format === 'yara' ? await examineFiles(data, examineFor(asking, files)) : [];
      const { first_ts, last_ts } = data.incident;
      const reached = await readOwnAddresses(asking.store, first_ts, last_ts);
      const file = await writeIncident(state, data, format, tlp, now_ms(), reached, contents);
      const { name } = requireUser(request).user;
      state.change(name, 'export incident', `#${data.incident.number}`, { format, tlp }, () => undefined);
      return reply
        .type(file.type)
        .header('content-disposition', `attachment; filename="${file.name}"`)
        .send(file.text);
    },
  );

  app.get(
    '/incidents/file',
    {
      preHandler: guard.requireRole('administrator', 'analyst'),
      schema: {
        tags: ['sharing'],
        summary: 'Several incidents for others, in one file',
        querystring: z.object({ numbers, format: z.enum(set_formats), tlp }),
      },
    },
    async (request, reply) => {
      const { numbers, format, tlp } = request.query;
      const list: Incident[] = [];
      const attacks_max = Math.min(attacks_exported_max, Math.floor(set_attacks_max / numbers.length));
      for (const number of numbers) list.push(await readIncident(view(request), number, attacks_max));
      const times = list.flatMap(({ incident }) => [incident.first_ts, incident.last_ts]).sort();
      const reached = await readOwnAddresses(view(request).store, times[0]!, times.at(-1)!);
      const file = writeIncidents(state, list, format, tlp, now_ms(), reached);
      const { name } = requireUser(request).user;
      const subject = list.map(({ incident }) => `#${incident.number}`).join(' ');
      state.change(name, 'export incident', subject, { format, tlp }, () => undefined);
      return reply
        .type(file.type)
        .header('content-disposition', `attachment; filename="${file.name}"`)
        .send(file.text);
    },
  );

  app.get(
    '/incidents/:number/abuse',
    {
      preHandler: guard.requireRole('administrator', 'analyst'),
      schema: {
        tags: ['sharing'],
        summary: 'A report of abuse by one source of an incident, in X-ARF 4; nothing is sent',
        params: number_params,
        querystring: z.object({
          // However it is written: incidents have the shortest form.
          source: z
            .string()
            .refine((text) => normalizeAddress(text) !== null, 'must be an address')
            .transform((text) => normalizeAddress(text) ?? text),
          tlp,
        }),
      },
    },
    async (request, reply) => {
      const { source, tlp } = request.query;
      const data = await readIncident(view(request), request.params.number, attacks_exported_max);
      const { number, first_ts, last_ts } = data.incident;
      const cleaner = makeCleaner(state, await readOwnAddresses(view(request).store, first_ts, last_ts));
      const facts = gatherFacts(data, { tlp, cleaner, now_ms: now_ms() });
      const contacts = await readSourceContacts(
        view(request).store,
        source,
        first_ts,
        last_ts,
        contacts_max + 1,
      );
      const report = writeXarf(facts, source, contacts, reporter, cleaner);
      const { name } = requireUser(request).user;
      state.change(name, 'make abuse report', `#${number}`, { source, tlp }, () => undefined);
      return reply
        .type('application/json')
        .header('content-disposition', `attachment; filename="incident-${number}-xarf.json"`)
        .send(JSON.stringify(report, null, 2));
    },
  );
}
