/** What the pages beside Overview and Events ask, over the same filled server, and every report of the catalogue. */
import { readFileSync } from 'node:fs';
import type { EventsPage } from '@apiary/model/api/events.ts';
import type { IncidentRow } from '@apiary/model/api/incidents.ts';
import type { Report, ReportAnswer } from '@apiary/model/api/reports.ts';
import type { ServerProcess } from '@apiary/tests/rig/server-process.ts';
import { Durations, type Figures } from './query-figures.ts';
import { type MeasuredScope, queryString } from './query-scopes.ts';

export interface PageRequest {
  name: string;
  run(server: ServerProcess): Promise<unknown>;
}

const get = (name: string, path: string): PageRequest => ({ name, run: (server) => server.get(path) });
const sql = (name: string, query: string): PageRequest => ({
  name,
  run: (server) => server.post('/sql', { query }),
});

/** What takes the same work in every run: other figures are compared with it when something else uses the machine. */
const reference = sql('reference', 'SELECT count() FROM event WHERE cityHash64(event_id) % 7 = 1');
const year = 'last=365d';

/** Filters under which global reports are measured; local ones have no use for those of events. */
const global_scopes = new Set([
  '24h',
  '30d',
  'year',
  'year, one sensor',
  'year, busiest source',
  'year, most tried password',
]);
const local_scopes = new Set(['24h', '30d', 'year']);

/** Reports that may be jobs with progress: under 30 s at a hundred million events. */
const jobs = /overlap|one-more-sensor|similar-|survival-/;

const cell = (answer: ReportAnswer, column: string): string =>
  String(answer.rows[0]?.[answer.report.columns.findIndex(({ name }) => name === column)] ?? '');

/** Requests of every page, for a server that is filled: each at values that it holds, frequent and rare ones. */
export async function pageRequests(
  server: ServerProcess,
  scopes: readonly MeasuredScope[],
): Promise<PageRequest[]> {
  const top = async (report: string, column: string): Promise<string> =>
    cell(await server.get<ReportAnswer>(`/reports/global/${report}?${year}`), column);
  const filterOf = (name: string) => scopes.find((scope) => scope.name === name)!.filter;
  const busiest = filterOf('year, busiest source').attacker_ip![0]!;
  const rare = filterOf('year, rare source').attacker_ip![0]!;
  const password = filterOf('year, rare password').password![0]!;
  const file = await top('files', 'file_sha256');
  const shell = await server.get<EventsPage>(`/events?${year}&action=input`);
  const { key, sensor_id, session } = shell.events[0]!;
  const { incidents } = await server.get<{ incidents: IncidentRow[] }>(`/incidents?${year}&order=largest`);
  const number = incidents[0]!.number;
  const { attacks } = await server.get<{ attacks: { attack_id: string }[] }>(`/incidents/${number}`);
  const source = (address: string, period: string): string =>
    `/sources/${encodeURIComponent(address)}?${period}`;
  const search = (text: string): string => `/search?q=${encodeURIComponent(text)}`;
  return [
    ...(['matters', 'newest', 'growing', 'largest'] as const).map((order) =>
      get(`incidents, ${order}, year`, `/incidents?${year}&order=${order}`),
    ),
    get('incidents, 24h', '/incidents?last=24h'),
    get('incidents, one service, year', `/incidents?${year}&service=ssh`),
    get('incident, largest', `/incidents/${number}`),
    get('attack', `/attacks/${attacks[0]!.attack_id}`),
    get('attack of an event', `/events/${key}/attack`),
    get('taxonomy, 24h', '/taxonomy?last=24h'),
    get('taxonomy, year', `/taxonomy?${year}`),
    get('session', `/sessions/${sensor_id}/${session}`),
    get('session, recordings', `/sessions/${sensor_id}/${session}/recordings`),
    get('source, busiest, 24h', source(busiest, 'last=24h')),
    get('source, busiest, year', source(busiest, year)),
    get('source, rare, year', source(rare, year)),
    get('files', '/artifacts'),
    get('file', `/artifacts/${file}`),
    get('search, address', search(busiest)),
    get('search, session', search(session)),
    get('search, file', search(file)),
    get('search, rare password', search(password)),
    get('search, frequent name', search('root')),
    get('search, nothing', search('nowhere-to-be-found')),
    ...['last=24h', 'last=30d', year].flatMap((period) => {
      const name = period.slice(5);
      return [
        get(`explore, services, ${name}`, `/explore?${period}&by=service`),
        get(`explore, services over time, ${name}`, `/explore?${period}&by=service&over=time`),
        get(
          `explore, sources by country and port, ${name}`,
          `/explore?${period}&measure=sources&by=attacker_country&by=destination_port`,
        ),
        get(`explore, sources over time, ${name}`, `/explore?${period}&measure=sources&over=time`),
        get(
          `explore, passwords by usernames, ${name}`,
          `/explore?${period}&measure=distinct:password&by=username`,
        ),
      ];
    }),
    get(
      'filter in words',
      `/events?${year}&q=${encodeURIComponent('service:ssh and username:root and not country:AA')}`,
    ),
    sql('SQL, count by day', 'SELECT toDate(detect_ts) AS day, count() FROM event GROUP BY day ORDER BY day'),
    get('SQL, schema', '/sql/schema'),
    get('live, first look', '/events?last=1h'),
    ...[
      'reports',
      'saved',
      'sensors',
      'inventory',
      'alerts',
      'audit',
      'feeds',
      'settings',
      'users',
      'tokens',
      'me',
    ].map((page) => get(page, `/${page}`)),
  ];
}

/** Every report of the catalogue, in each filter that it can follow. */
export async function reportRequests(
  server: ServerProcess,
  scopes: readonly MeasuredScope[],
): Promise<PageRequest[]> {
  const { reports } = await server.get<{ reports: Report[] }>('/reports');
  return reports.flatMap(({ id, kind }) =>
    scopes
      .filter(({ name }) => (kind === 'global' ? global_scopes : local_scopes).has(name))
      .map(({ name, filter }) => get(`${id}, ${name}`, `/reports/${id}?${queryString(filter)}`)),
  );
}

const tick_ms = 10;

/** Milliseconds that a process has been on a processor. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tick_ms;
}

export interface RequestFigures extends Figures {
  /** Mean of what one request takes of the engine's processors: what others do beside it does not change it much. */
  engine_ms: number;
}

export interface RequestsFigures {
  /** Over all requests but the jobs and the reference. */
  all: Figures;
  /** Requests whose 95th percentile is over the goal, jobs left out. */
  over_goal: string[];
  jobs: string[];
  reference: RequestFigures;
  by_request: Record<string, RequestFigures>;
}

const reference_each = 20;
const goal_ms = 500;

/** Each request alone, after one that warms, one user. */
export async function measureRequests(
  server: ServerProcess,
  requests: readonly PageRequest[],
  rounds: number,
): Promise<RequestsFigures> {
  const engine = await server.enginePid();
  const references = new Durations();
  const all = new Durations();
  const by_request: Record<string, RequestFigures> = {};
  const timeReference = (): Promise<unknown> => references.time(() => reference.run(server));
  await reference.run(server);
  const reference_begin = processorMs(engine);
  await timeReference();
  const reference_ms = processorMs(engine) - reference_begin;
  for (const [index, { name, run }] of requests.entries()) {
    if (index % reference_each === 0) await timeReference();
    await run(server);
    const durations = new Durations(jobs.test(name) ? undefined : all);
    const before = processorMs(engine);
    for (let round = 0; round < rounds; round += 1) await durations.time(() => run(server));
    const engine_ms = Math.round((processorMs(engine) - before) / rounds);
    by_request[name] = { ...durations.figures(), engine_ms };
  }
  const is_job = (name: string): boolean => jobs.test(name);
  return {
    all: all.figures(),
    over_goal: Object.keys(by_request).filter((name) => !is_job(name) && by_request[name]!.p95_ms > goal_ms),
    jobs: Object.keys(by_request).filter(is_job),
    reference: { ...references.figures(), engine_ms: reference_ms },
    by_request,
  };
}
