/** Whole files: what is known and can be seen of them. Their bytes leave only locked in a ZIP. */
import {
  artifact_content_schema,
  artifact_params_schema,
  artifact_schema,
  artifacts_schema,
} from '@apiary/model/api/artifacts.ts';
import { listArtifacts, readArtifactFacts } from '../reports/artifacts.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

export function registerArtifacts(app: ZodApp, { store, state, guard, files }: ApiContext): void {
  app.get(
    '/artifacts',
    {
      schema: {
        tags: ['artifacts'],
        summary: 'Files whose bytes are here, newest first',
        response: { 200: artifacts_schema },
      },
    },
    async () => listArtifacts(state),
  );

  app.get(
    '/artifacts/:sha256',
    {
      schema: {
        tags: ['artifacts'],
        summary: 'Who sent a file, and the records that name it',
        params: artifact_params_schema,
        response: { 200: artifact_schema },
      },
    },
    async (request) => readArtifactFacts(store, state, request.params.sha256),
  );

  app.get(
    '/artifacts/:sha256/content',
    {
      preHandler: guard.requireRole('administrator', 'analyst'),
      schema: {
        tags: ['artifacts'],
        summary:
          'What can be seen of a file without running it: type, hashes, strings, entries, its beginning',
        params: artifact_params_schema,
        response: { 200: artifact_content_schema },
      },
    },
    async (request) => files.examine(request.params.sha256),
  );

  app.get(
    '/artifacts/:sha256/zip',
    {
      preHandler: guard.requireRole('administrator', 'analyst'),
      schema: {
        tags: ['artifacts'],
        summary: 'A file, locked in a ZIP with the password "infected"',
        params: artifact_params_schema,
      },
    },
    async (request, reply) => {
      const { sha256 } = request.params;
      const zip = await files.lock(sha256);
      state.change(requireUser(request).user.name, 'download file', sha256, {}, () => undefined);
      return reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="${sha256}.zip"`)
        .send(zip);
    },
  );
}
