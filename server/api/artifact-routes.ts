/** Whole files: what is known of them, never their bytes. */
import { artifact_params_schema, artifact_schema, artifacts_schema } from '@apiary/model/api/artifacts.ts';
import { listArtifacts, readArtifactFacts } from '../reports/artifacts.ts';
import type { ApiContext, ZodApp } from './app.ts';

export function registerArtifacts(app: ZodApp, { store, state }: ApiContext): void {
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
}
