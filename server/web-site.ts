/** The pages and their API, on their own port, put before the parts of a server. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OperationalError } from '@apiary/model/errors.ts';
import type { FastifyInstance } from 'fastify';
import { createApi } from './api/app.ts';
import { examineApart } from './artifacts/examination.ts';
import { lockInZip } from './artifacts/locked-zip.ts';
import { readNamed } from './config.ts';
import { listenAt } from './listen-at.ts';
import { writeMetrics } from './metrics.ts';
import { readOpenid } from './openid-settings.ts';
import type { ApiaryServer } from './server.ts';
import { readSettings } from './settings.ts';
import { readPageGeo } from './state/page-settings.ts';

/** @throws OperationalError `address_unusable`, and for a certificate or key that cannot be read */
export async function listenWeb(server: ApiaryServer): Promise<FastifyInstance> {
  const { config } = server;
  // What nobody fetched before an earlier run ended.
  rmSync(server.outgoing_folder, { recursive: true, force: true });
  const { tls_certificate, tls_key, trusted_proxies, metrics_token } = config.web;
  const api = await createApi({
    store: server.store,
    state: server.state,
    catalogue: server.catalogue,
    recordings: {
      sql: server.recordings(),
      sessions_sql: server.recordedSessions(),
      read: (sha256) =>
        server.artifacts.readArtifact(sha256).catch((error: unknown) => {
          // Its record came before its bytes.
          if (error instanceof OperationalError && error.code === 'not_found') return null;
          throw error;
        }),
    },
    files: {
      examine: async (sha256) => examineApart(await server.artifacts.readArtifact(sha256)),
      lock: async (sha256) => lockInZip(sha256, await server.artifacts.readArtifact(sha256)),
    },
    writeEvidence: async (actor, number) => (await server.writeEvidence(actor, number)).path,
    analysis: {
      regroup: () => server.analysis.regroup(),
      rejudge: () => server.analysis.renew(),
      pause_seconds: config.analysis.pause_seconds,
    },
    settings: {
      read: () => readSettings(config, server.state, server.retention),
      loadGeo: async (files) => {
        try {
          await server.loadGeo(files);
        } catch (error) {
          // Half of them may be in: those from before are put back, as if nothing was remembered.
          server.state.run("DELETE FROM setting WHERE name = 'geo'");
          await server.loadGeo(readPageGeo(server.state));
          throw error;
        }
      },
    },
    gateways: (now_ms) => server.gateways.describe(server.gateway.seen, now_ms),
    look: (now_ms) => server.understanding.look(now_ms),
    arrivals: server.arrivals,
    isWell: () => server.is_well,
    metrics:
      metrics_token === undefined
        ? undefined
        : { token: metrics_token, write: () => writeMetrics(server, Date.now()) },
    reporter: { organisation: config.sharing.organisation, contact: config.sharing.contact },
    openid: readOpenid(config.web.openid),
    log: server.log,
    demo: server.is_demo,
    web_root: fileURLToPath(new URL('../web/dist/', import.meta.url)),
    https:
      tls_certificate !== undefined && tls_key !== undefined
        ? {
            key: readNamed('web.tls_key', tls_key),
            cert: readNamed('web.tls_certificate', tls_certificate),
          }
        : undefined,
    trust_proxy: trusted_proxies.length === 0 ? undefined : trusted_proxies,
  });
  await listenAt('web.listen', config.web.listen, (address) => api.listen(address));
  return api;
}
