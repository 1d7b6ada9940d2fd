/** The web server: REST under /api/v1, its description under /api/docs, and the pages. */
import type { UserRole } from '@apiary/model/api/account.ts';
import type { ArtifactContent } from '@apiary/model/api/artifacts.ts';
import type { GatewayHealth } from '@apiary/model/api/gateways.ts';
import type { Understanding } from '@apiary/model/api/sensors.ts';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import swagger_ui from '@fastify/swagger-ui';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Reporter } from '../exports/xarf.ts';
import type { Arrivals } from '../reports/arrivals.ts';
import type { Catalogue } from '../reports/catalogue.ts';
import type { Reader } from '../reports/count-by.ts';
import type { ReadArtifact } from '../reports/recordings.ts';
import { type View, viewOf } from '../reports/view.ts';
import type { StateDatabase } from '../state/database.ts';
import { registerAccount } from './account-routes.ts';
import { registerAlerts } from './alert-routes.ts';
import { registerArtifacts } from './artifact-routes.ts';
import { describeWithExamples } from './describe-examples.ts';
import { registerEvents } from './event-routes.ts';
import { registerExplore } from './explore-routes.ts';
import { makeSendError, sendNotFound } from './failures.ts';
import { registerFeeds } from './feed-routes.ts';
import { registerGroupings } from './grouping-routes.ts';
import {
  cookie_name,
  type Guard,
  makeGuard,
  refuseOtherSites,
  requireUser,
  setSecurityHeaders,
} from './guard.ts';
import { registerIncidents } from './incident-routes.ts';
import { registerInventory } from './inventory-routes.ts';
import { registerLive } from './live-routes.ts';
import { registerLookUps } from './look-up-routes.ts';
import { registerNotices } from './notice-routes.ts';
import { type OpenidSettings, registerOpenid } from './openid-routes.ts';
import { registerPages } from './page-routes.ts';
import { registerReports } from './report-routes.ts';
import { registerRules } from './rule-routes.ts';
import { registerSettings, type ServerSettings } from './settings-routes.ts';
import { registerSharing } from './sharing-routes.ts';
import { registerSql } from './sql-routes.ts';
import { registerTaxii } from './taxii-routes.ts';
import { registerTokens } from './token-routes.ts';
import { registerWatch } from './watch-routes.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without a log-in. */
    open?: boolean;
    /** Not for programs with a token: accounts, tokens, passwords. */
    persons_only?: boolean;
    /** A POST that only asks. */
    asks_only?: boolean;
    /** Its answer has no end. */
    endless?: boolean;
  }
}

/** Terminal recordings: by which queries a sensor type finds those of a session, and the sessions of one; and where their bytes lie. */
export interface Recordings {
  sql: ReadonlyMap<string, string>;
  sessions_sql: ReadonlyMap<string, string>;
  read: ReadArtifact;
}

/** Whole files, by their SHA-256; both throw `not_found` for one whose bytes are not here. */
export interface Files {
  examine: (sha256: string) => Promise<ArtifactContent>;
  /** A ZIP that holds it, with a password. */
  lock: (sha256: string) => Promise<Buffer>;
}

/** Writes an incident as a package of evidence, and logs that it did. @returns its path; whoever asked removes it */
export type WriteEvidence = (actor: string, number: number) => Promise<string>;

/** What people ask of the analysis. */
export interface AnalysisDesk {
  /** Resolves when incidents are as people said that they belong together. */
  regroup: () => Promise<void>;
  /** Judges all attacks again, because rules were switched; returns at once. */
  rejudge: () => void;
  /** A pause that ends an attack. */
  pause_seconds: number;
}

export interface ApiOptions {
  store: Reader;
  state: StateDatabase;
  catalogue: Catalogue;
  recordings: Recordings;
  files: Files;
  writeEvidence: WriteEvidence;
  /** Settings in force, and how they are changed; undefined where the API stands alone. */
  settings?: ServerSettings | undefined;
  analysis: AnalysisDesk;
  /** What of the sensors' records is not understood; without it, or where it gives null, nothing is said of it. */
  look?: ((now_ms: number) => Promise<Understanding | null>) | undefined;
  /** Gateways of their own before this server; without it there are none. */
  gateways?: ((now_ms: number) => GatewayHealth[]) | undefined;
  /** What comes into the engine. */
  arrivals: Arrivals;
  /** Whether queries can be answered, for whoever watches the server. */
  isWell: () => boolean;
  /** Text for Prometheus, for who shows the token; undefined where no token is set. */
  metrics?: { token: string; write: () => Promise<string> } | undefined;
  /** Who reports abuse. */
  reporter?: Reporter | undefined;
  /** Log-in by OpenID Connect; undefined where there is none. */
  openid?: OpenidSettings | undefined;
  /** Recordings are replayed and every page says so. */
  demo: boolean;
  /** Folder of the built pages. */
  web_root: string;
  /** TLS of the interface itself; without it a reverse proxy has to bring it. */
  https?: { key: string; cert: string } | undefined;
  /** Addresses of reverse proxies whose X-Forwarded headers are believed. */
  trust_proxy?: string[] | undefined;
  /** Takes our own mistakes, and why a log-in by OpenID Connect failed. */
  log?: ((message: string) => void) | undefined;
  now_ms?: (() => number) | undefined;
}

export interface ApiContext {
  /** The engine and the inventory as who asks may see them: the only way to both. */
  view: (request: FastifyRequest, roles?: readonly UserRole[]) => View;
  state: StateDatabase;
  catalogue: Catalogue;
  recordings: Recordings;
  files: Files;
  writeEvidence: WriteEvidence;
  analysis: AnalysisDesk;
  look: (now_ms: number) => Promise<Understanding | null>;
  gateways: (now_ms: number) => GatewayHealth[];
  demo: boolean;
  guard: Guard;
  log: (message: string) => void;
  now_ms: () => number;
}

export type ZodApp = ReturnType<typeof withZod>;
const withZod = (app: FastifyInstance) => app.withTypeProvider<ZodTypeProvider>();

const body_bytes_max = 256 * 1024;

export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: body_bytes_max,
    trustProxy: options.trust_proxy ?? false,
    ...(options.https === undefined ? {} : { https: options.https }),
    routerOptions: { maxParamLength: 256 },
  }) as unknown as FastifyInstance;
  const now_ms = options.now_ms ?? Date.now;
  const log = options.log ?? (() => undefined);
  const guard = makeGuard(options.state, now_ms);
  const { store, state, catalogue, recordings, files, writeEvidence, analysis, demo } = options;
  const view: ApiContext['view'] = (request, roles) => viewOf(store, state, requireUser(request).user, roles);
  const context: ApiContext = {
    view,
    state,
    catalogue,
    recordings,
    files,
    writeEvidence,
    analysis,
    look: options.look ?? (async () => null),
    gateways: options.gateways ?? (() => []),
    demo,
    guard,
    log,
    now_ms,
  };

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(makeSendError(log));
  app.decorateRequest('login', null);
  app.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply, null);
    refuseOtherSites(request);
  });
  await app.register(cookie);
  await app.register(swagger, {
    openapi: {
      info: { title: 'Apiary', version: '1', description: 'What honeypots record, as events.' },
      components: {
        securitySchemes: {
          login: { type: 'apiKey', in: 'cookie', name: cookie_name },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ login: [] }, { token: [] }],
    },
    transform: describeWithExamples,
  });
  await app.register(swagger_ui, {
    routePrefix: '/api/docs',
    // The description needs styles of its own; scripts of others are refused as everywhere.
    staticCSP:
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
    uiHooks: { onRequest: guard.requireLogin },
  });
  await app.register(
    async (scope) => {
      scope.addHook('onRequest', async (request, reply) => {
        reply.header('cache-control', 'no-store');
        if (request.routeOptions.config.open !== true) await guard.requireLogin(request);
      });
      const api = withZod(scope);
      registerAccount(api, context);
      registerOpenid(api, context, options.openid);
      registerAlerts(api, context);
      registerArtifacts(api, context);
      registerEvents(api, context);
      registerExplore(api, context);
      registerFeeds(api, context, store);
      registerInventory(api, context);
      registerNotices(api, context);
      registerIncidents(api, context);
      registerGroupings(api, context);
      registerRules(api, context);
      registerLookUps(api, context);
      registerReports(api, context);
      registerSharing(api, context, options.reporter ?? { organisation: undefined, contact: undefined });
      registerSql(api, context);
      if (options.settings !== undefined) registerSettings(api, context, options.settings);
      registerTokens(api, context);
      registerLive(api, context, options.arrivals);
    },
    { prefix: '/api/v1' },
  );
  registerTaxii(app, context);
  registerWatch(app, options);
  await registerPages(app, options.web_root, demo);
  app.setNotFoundHandler(sendNotFound);
  return app;
}
