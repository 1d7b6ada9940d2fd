/** The one way to the server. Errors come as `ApiFailure` with what to do about them. */
import type { Me, User } from '@apiary/model/api/account.ts';
import type { Alerts } from '@apiary/model/api/alerts.ts';
import type { Artifact, ArtifactContent, ArtifactSessions, Artifacts } from '@apiary/model/api/artifacts.ts';
import type { Audit } from '@apiary/model/api/audit.ts';
import type { ApiError } from '@apiary/model/api/error.ts';
import type { EventDetail, EventsPage } from '@apiary/model/api/events.ts';
import type { GatewayList } from '@apiary/model/api/gateways.ts';
import type {
  AttackDetail,
  AttackOfEvent,
  Attacks,
  Incident,
  IncidentCredentials,
  IncidentSessions,
  Incidents,
  TaxonomyAnswer,
} from '@apiary/model/api/incidents.ts';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import type { Overview } from '@apiary/model/api/overview.ts';
import type { Report, ReportAnswer } from '@apiary/model/api/reports.ts';
import type { SavedQuestion } from '@apiary/model/api/saved.ts';
import type { Sensors } from '@apiary/model/api/sensors.ts';
import type { Recording, Session, Source } from '@apiary/model/api/sessions.ts';
import type { SqlSchema } from '@apiary/model/api/sql.ts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Search, searchText } from './search.ts';

export class ApiFailure extends Error {
  readonly status: number;
  readonly error: ApiError;

  constructor(status: number, error: ApiError) {
    super(error.message);
    this.status = status;
    this.error = error;
  }
}

const no_answer: ApiError = {
  code: 'unreachable',
  message: 'The server does not answer.',
  remedy: 'Check that it runs and that this computer reaches it.',
  details: {},
};

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiFailure(0, no_answer);
  }
  if (response.status === 204) return undefined as T;
  const answer = (await response.json().catch(() => null)) as { error?: ApiError } | null;
  if (!response.ok) {
    const message = `The server answered ${response.status}.`;
    throw new ApiFailure(response.status, answer?.error ?? { ...no_answer, message });
  }
  return answer as T;
}

export const get = <T>(path: string): Promise<T> => request<T>('GET', path);
export const send = <T = void>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
  request<T>(method, path, body);

/** While something is wrong it is tried again this often; the engine restarts within seconds. */
export const retry_ms = 4000;
const live_ms = 10_000;

/** Rolling periods move on by themselves; fixed ones only get late events, on a reload. */
const refreshOf = (search: Search) => (query: { state: { error: unknown } }) =>
  query.state.error !== null
    ? retry_ms
    : search.from === undefined && search.to === undefined
      ? live_ms
      : false;
const retryBroken = (query: { state: { error: unknown } }) => (query.state.error === null ? false : retry_ms);

export const me_query = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await get<Me>('/me');
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) return null;
      throw error;
    }
  },
  refetchInterval: retryBroken,
});

export const inventory_query = queryOptions({
  queryKey: ['inventory'],
  queryFn: () => get<Inventory>('/inventory'),
  staleTime: 15_000,
  refetchInterval: (query) => (query.state.error === null ? 30_000 : retry_ms),
});

export const sensors_query = queryOptions({
  queryKey: ['sensors'],
  queryFn: () => get<Sensors>('/sensors'),
  refetchInterval: (query) => (query.state.error === null ? 5000 : retry_ms),
});

/** @param wanted whether who looks may know of them */
export const gatewaysQuery = (wanted: boolean) =>
  queryOptions({
    queryKey: ['gateways'],
    queryFn: () => get<GatewayList>('/gateways'),
    enabled: wanted,
    refetchInterval: (query) => (query.state.error === null ? 5000 : retry_ms),
  });

export const overviewQuery = (search: Search) =>
  queryOptions({
    queryKey: ['overview', search],
    queryFn: () => get<Overview>(`/overview${searchText(search)}`),
    placeholderData: keepPreviousData,
    refetchInterval: refreshOf(search),
  });

export const eventsQuery = (search: Search) =>
  queryOptions({
    queryKey: ['events', search],
    queryFn: () => get<EventsPage>(`/events${searchText(search)}`),
    placeholderData: keepPreviousData,
    refetchInterval: search.before === undefined ? refreshOf(search) : retryBroken,
  });

export const eventsCountQuery = (search: Search) => {
  const { before: _, ...filter } = search;
  return queryOptions({
    queryKey: ['events-count', filter],
    queryFn: () => get<{ events: number }>(`/events/count${searchText(filter)}`),
    placeholderData: keepPreviousData,
    refetchInterval: refreshOf(filter),
  });
};

export const eventQuery = (key: string) =>
  queryOptions({
    queryKey: ['event', key],
    queryFn: () => get<EventDetail>(`/events/${encodeURIComponent(key)}`),
    refetchInterval: retryBroken,
  });

export const reports_query = queryOptions({
  queryKey: ['reports'],
  queryFn: () => get<{ reports: Report[] }>('/reports'),
  staleTime: 600_000,
  refetchInterval: retryBroken,
});

export const reportQuery = (id: string, search: Search) =>
  queryOptions({
    queryKey: ['report', id, search],
    queryFn: () => get<ReportAnswer>(`/reports/${id}${searchText(search)}`),
    refetchInterval: retryBroken,
  });

export const exploreQuery = (search: Search) =>
  queryOptions({
    queryKey: ['explore', search],
    queryFn: () => get<ReportAnswer>(`/explore${searchText(search)}`),
    placeholderData: keepPreviousData,
    refetchInterval: retryBroken,
  });

export const sql_schema_query = queryOptions({
  queryKey: ['sql schema'],
  queryFn: () => get<SqlSchema>('/sql/schema'),
});

export const alerts_query = queryOptions({
  queryKey: ['alerts'],
  queryFn: () => get<Alerts>('/alerts'),
  refetchInterval: live_ms,
});

export const auditQuery = (search: Search) =>
  queryOptions({
    queryKey: ['audit', search],
    queryFn: () => get<Audit>(`/audit${searchText(search)}`),
    placeholderData: keepPreviousData,
  });

export const saved_query = queryOptions({
  queryKey: ['saved'],
  queryFn: () => get<{ saved: SavedQuestion[] }>('/saved'),
});

export const incidentsQuery = (search: Search) =>
  queryOptions({
    queryKey: ['incidents', search],
    queryFn: () => get<Incidents>(`/incidents${searchText(incidentSearch(search))}`),
    placeholderData: keepPreviousData,
    refetchInterval: refreshOf(search),
  });

/** Of a filter, what incidents know. */
const incident_words = [
  'last',
  'from',
  'to',
  'stage',
  'tool',
  'attacker',
  'objective',
  'family',
  'service',
  'order',
  'offset',
];
const incidentSearch = (search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([name]) => incident_words.includes(name)));

export const incidentQuery = (number: string) =>
  queryOptions({
    queryKey: ['incident', number],
    queryFn: () => get<Incident>(`/incidents/${encodeURIComponent(number)}`),
    refetchInterval: retryBroken,
  });

export const incidentCredentialsQuery = (number: string) =>
  queryOptions({
    queryKey: ['incident', number, 'credentials'],
    queryFn: () => get<IncidentCredentials>(`/incidents/${encodeURIComponent(number)}/credentials`),
  });

export const incidentSessionsQuery = (number: string) =>
  queryOptions({
    queryKey: ['incident', number, 'sessions'],
    queryFn: () => get<IncidentSessions>(`/incidents/${encodeURIComponent(number)}/sessions`),
  });

/** Of a filter, what a list of attacks knows. */
const attack_words = [
  ...['tool', 'weakness', 'stage', 'result', 'family', 'technique', 'service'],
  ...['source', 'sensor', 'session'],
];
const attacks_words: readonly string[] = ['last', 'from', 'to', 'offset', ...attack_words];

export const attacksQuery = (search: Search) => {
  const asked = Object.fromEntries(Object.entries(search).filter(([name]) => attacks_words.includes(name)));
  return queryOptions({
    queryKey: ['attacks', asked],
    queryFn: () => get<Attacks>(`/attacks${searchText(asked)}`),
    placeholderData: keepPreviousData,
    refetchInterval: refreshOf(search),
  });
};

export const attackQuery = (id: string) =>
  queryOptions({
    queryKey: ['attack', id],
    queryFn: () => get<AttackDetail>(`/attacks/${encodeURIComponent(id)}`),
    refetchInterval: retryBroken,
  });

export const attackOfQuery = (key: string) =>
  queryOptions({
    queryKey: ['attack-of', key],
    queryFn: () => get<AttackOfEvent>(`/events/${encodeURIComponent(key)}/attack`),
    refetchInterval: retryBroken,
  });

export const taxonomyQuery = (search: Search) =>
  queryOptions({
    queryKey: ['taxonomy', search],
    queryFn: () => get<TaxonomyAnswer>(`/taxonomy${searchText(search)}`),
    placeholderData: keepPreviousData,
    refetchInterval: refreshOf(search),
  });

export const sessionQuery = (sensor: string, session: string) =>
  queryOptions({
    queryKey: ['session', sensor, session],
    queryFn: () => get<Session>(`/sessions/${encodeURIComponent(sensor)}/${encodeURIComponent(session)}`),
    refetchInterval: retryBroken,
  });

export const sourceQuery = (address: string, search: Search) =>
  queryOptions({
    queryKey: ['source', address, search],
    queryFn: () => get<Source>(`/sources/${encodeURIComponent(address)}${searchText(search)}`),
    placeholderData: keepPreviousData,
    refetchInterval: refreshOf(search),
  });

export const artifacts_query = queryOptions({
  queryKey: ['artifacts'],
  queryFn: () => get<Artifacts>('/artifacts'),
  refetchInterval: (query) => (query.state.error === null ? live_ms : retry_ms),
});

export const artifactQuery = (sha256: string) =>
  queryOptions({
    queryKey: ['artifact', sha256],
    queryFn: () => get<Artifact>(`/artifacts/${sha256}`),
    refetchInterval: retryBroken,
  });

export const artifactSessionsQuery = (sha256: string) =>
  queryOptions({
    queryKey: ['artifact', sha256, 'sessions'],
    queryFn: () => get<ArtifactSessions>(`/artifacts/${sha256}/sessions`),
  });

export const artifactContentQuery = (sha256: string, wanted: boolean) =>
  queryOptions({
    queryKey: ['artifact content', sha256],
    queryFn: () => get<ArtifactContent>(`/artifacts/${sha256}/content`),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const recordingsQuery = (sensor: string, session: string, wanted: boolean) =>
  queryOptions({
    enabled: wanted,
    queryKey: ['recordings', sensor, session],
    queryFn: () =>
      get<{ recordings: Recording[] }>(
        `/sessions/${encodeURIComponent(sensor)}/${encodeURIComponent(session)}/recordings`,
      ),
    refetchInterval: retryBroken,
  });

/** All honeynets, with all that was sent to them. */
export const seesWhole = (user: Pick<User, 'honeynets' | 'sees_secrets'> | undefined): boolean =>
  user?.honeynets === null && user.sees_secrets;
