/** Settings: what is kept how long, the mail server, the geo databases; and all others, to look at. */
import {
  geo_files_schema,
  retention_kinds,
  retention_limit_schema,
  type Settings,
  set_mail_schema,
  settings_schema,
} from '@apiary/model/api/settings.ts';
import { z } from 'zod';
import { dropPageSetting, setPageGeo, setPageMail } from '../state/page-settings.ts';
import { setLimit } from '../state/retention.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

export interface ServerSettings {
  read: () => Promise<Settings>;
  /** Fills the geo databases from these files; throws `config_invalid` and leaves them as they are where one is wrong. */
  loadGeo: (files: { country: string[]; as: string[] } | null) => Promise<void>;
}

export function registerSettings(app: ZodApp, { state, guard }: ApiContext, settings: ServerSettings): void {
  const preHandler = guard.requireWhole('administrator');
  const schema = (summary: string) => ({ tags: ['settings'], summary });
  const done = { 204: z.null() };

  app.get(
    '/settings',
    { preHandler, schema: { ...schema('Settings of the server'), response: { 200: settings_schema } } },
    async () => settings.read(),
  );

  app.put(
    '/settings/retention/:kind',
    {
      preHandler,
      schema: {
        ...schema('How long what is kept, or on how much disk'),
        params: z.object({ kind: z.enum(retention_kinds) }),
        body: retention_limit_schema,
        response: done,
      },
    },
    async (request, reply) => {
      setLimit(state, requireUser(request).user.name, request.params.kind, request.body);
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/settings/mail',
    {
      preHandler,
      schema: { ...schema('The server that takes mail'), body: set_mail_schema, response: done },
    },
    async (request, reply) => {
      setPageMail(state, requireUser(request).user.name, request.body);
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/settings/geo',
    {
      preHandler,
      schema: {
        ...schema('Files of countries and networks on the server; what came before keeps what it has'),
        body: geo_files_schema,
        response: done,
      },
    },
    async (request, reply) => {
      await settings.loadGeo(request.body);
      setPageGeo(state, requireUser(request).user.name, request.body);
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/settings/:name',
    {
      preHandler,
      schema: {
        ...schema('From now on as the settings file says'),
        params: z.object({ name: z.enum(['mail', 'geo']) }),
        response: done,
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      if (name === 'geo') await settings.loadGeo(null);
      dropPageSetting(state, requireUser(request).user.name, name);
      return reply.code(204).send(null);
    },
  );
}
