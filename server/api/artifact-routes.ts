/** Whole files: what is known and can be seen of them. Their bytes leave only locked in a ZIP. */
import {
  artifact_content_schema,
  artifact_params_schema,
  artifact_schema,
  artifact_sessions_schema,
  artifacts_schema,
} from '@apiary/model/api/artifacts.ts';
import { readArtifactSessions } from '../reports/artifact-sessions.ts';
import { listArtifacts, readArtifactFacts, requireArtifact } from '../reports/artifacts.ts';
import { requireSecrets, type View } from '../reports/view.ts';
import type { ApiContext, ZodApp } from './app.ts';
import { requireUser } from './guard.ts';

function requireBytes(view: View, sha256: string): void {
  requireSecrets(view, 'the bytes of a file');
  requireArtifact(view, sha256);
}

export function registerArtifacts(app: ZodApp, { view, state, guard, files, recordings }: ApiContext): void {
  app.get(
    '/artifacts',
    {
      schema: {
        tags: ['artifacts'],
        summary: 'Files whose bytes are here, newest first',
        response: { 200: artifacts_schema },
      },
    },
    async (request) => listArtifacts(view(request)),
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
    async (request) => readArtifactFacts(view(request), request.params.sha256),
  );

  app.get(
    '/artifacts/:sha256/sessions',
    {
      schema: {
        tags: ['artifacts'],
        summary: 'Sessions in which a file came, or whose terminal it recorded',
        params: artifact_params_schema,
        response: { 200: artifact_sessions_schema },
      },
    },
    async (request) => readArtifactSessions(view(request), recordings.sessions_sql, request.params.sha256),
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
    async (request) => {
      requireBytes(view(request), request.params.sha256);
      return files.examine(request.params.sha256);
    },
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
      requireBytes(view(request), sha256);
      const zip = await files.lock(sha256);
      state.change(requireUser(request).user.name, 'download file', sha256, {}, () => undefined);
      return reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="${sha256}.zip"`)
        .send(zip);
    },
  );
}
