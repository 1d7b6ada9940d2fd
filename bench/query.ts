/**
 * How long the pages wait for their answers over a year of generated events: Overview and Events as the API serves them,
 * cold, warm, and with four users at once while events come in, and each of their queries alone; every other page and
 * every report of the catalogue, warm. `--only WORD` measures the pages and reports whose name holds the word, and
 * nothing else.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventsPage } from '@apiary/model/api/events.ts';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { page_queries } from '@apiary/server/reports/index.ts';
import { resolveScope } from '@apiary/server/reports/scope.ts';
import { sees_everything } from '@apiary/server/reports/visibility.ts';
import { readEngine } from '@apiary/tests/rig/engine-reader.ts';
import { seededRandom } from '@apiary/tests/rig/random.ts';
import type { ServerProcess } from '@apiary/tests/rig/server-process.ts';
import { cardinalities } from './event-generator.ts';
import { DurationTable, type Figures } from './query-figures.ts';
import { measureRequests, pageRequests, type RequestsFigures, reportRequests } from './query-pages.ts';
import { chooseScopes, type MeasuredScope, queryString } from './query-scopes.ts';
import { QuerySite } from './query-site.ts';

const users = 4;
const ingested_per_second = 1000;
/** A user looks at an answer for up to so long before asking again; half of it on average. */
const pause_ms_max = 2000;
const empty_inventory: Inventory = {
  honeynets: [],
  honeypots: [],
  sensors: [],
  collectors: [],
  known_sources: [],
  events_kept_from_ms: null,
  records_kept_from_ms: null,
};

/** All requests of the pages under one filter, one after another. */
async function visitPages(
  server: ServerProcess,
  { filter }: MeasuredScope,
  table: DurationTable,
  pause: () => Promise<void> = async () => undefined,
): Promise<void> {
  const query = queryString(filter);
  await table.of('overview').time(() => server.get(`/overview?${query}`));
  await pause();
  const first = await table.of('events, first page').time(() => server.get<EventsPage>(`/events?${query}`));
  await pause();
  if (first.next !== null)
    await table.of('events, next page').time(() => server.get(`/events?${query}&before=${first.next}`));
  await table.of('events, count').time(() => server.get(`/events/count?${query}`));
  await pause();
  const [event] = first.events;
  if (event !== undefined) await table.of('event').time(() => server.get(`/events/${event.key}`));
}

/** Long runs say what they have. */
function tell<T>(what: string, figures: T): T {
  process.stderr.write(`${new Date().toISOString()} ${what}: ${JSON.stringify(figures)}\n`);
  return figures;
}

type ByScope = Record<string, Record<string, Figures>>;

async function measureCold(site: QuerySite, scopes: MeasuredScope[], rounds: number): Promise<ByScope> {
  const tables = new Map(scopes.map((scope) => [scope, new DurationTable()]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [scope, table] of tables) {
      await site.restartCold();
      // The log-in and the first look into the inventory are no part of it.
      await site.server.get('/me');
      await visitPages(site.server, scope, table);
    }
  }
  return Object.fromEntries([...tables].map(([{ name }, table]) => [name, table.figures()]));
}

async function measureWarm(site: QuerySite, scopes: MeasuredScope[], rounds: number): Promise<ByScope> {
  const by_scope: ByScope = {};
  for (const scope of scopes) {
    await visitPages(site.server, scope, new DurationTable());
    const table = new DurationTable();
    for (let round = 0; round < rounds; round += 1) await visitPages(site.server, scope, table);
    by_scope[scope.name] = table.figures();
  }
  return by_scope;
}

const all_filters = 'all filters';

/** Users who look at one page after another, each at filters in an order of their own. */
async function measureUsers(site: QuerySite, scopes: MeasuredScope[], seconds: number): Promise<ByScope> {
  const all = new DurationTable();
  const tables = new Map(scopes.map((scope) => [scope, new DurationTable(all)]));
  const deadline = performance.now() + seconds * 1000;
  const browse = async (random: () => number): Promise<void> => {
    const pause = (): Promise<void> => sleep(random() * pause_ms_max);
    while (performance.now() < deadline) {
      const scope = scopes[Math.floor(random() * scopes.length)]!;
      await visitPages(site.server, scope, tables.get(scope)!, pause);
      await pause();
    }
  };
  await Promise.all(Array.from({ length: users }, (_, user) => browse(seededRandom(user + 1))));
  return Object.fromEntries([
    [all_filters, all.figures()],
    ...[...tables].map(([{ name }, table]) => [name, table.figures()]),
  ]);
}

/** Each query alone, on the engine's process without the server around it. */
async function measureQueries(
  server_directory: string,
  scopes: MeasuredScope[],
  rounds: number,
): Promise<ByScope> {
  return readEngine(server_directory, async (store) => {
    const by_scope: ByScope = {};
    for (const { name, filter } of scopes) {
      const table = new DurationTable();
      const scope = resolveScope(
        filter,
        { inventory: empty_inventory, visibility: sees_everything },
        Date.now(),
      );
      for (const query of page_queries.filter(({ page }) => page !== 'event')) {
        await query.run(store, scope);
        for (let round = 0; round < rounds; round += 1)
          await table.of(query.name).time(() => query.run(store, scope));
      }
      by_scope[name] = table.figures();
    }
    return by_scope;
  });
}

/** @param only of requests whose name holds it */
async function measurePagesAndReports(
  site: QuerySite,
  scopes: MeasuredScope[],
  rounds: number,
  only: string,
): Promise<RequestsFigures> {
  const { server } = site;
  const requests = [...(await pageRequests(server, scopes)), ...(await reportRequests(server, scopes))];
  return measureRequests(
    server,
    requests.filter(({ name }) => name.includes(only)),
    rounds,
  );
}

interface Measured {
  api_cold?: ByScope;
  api_warm?: ByScope;
  api_users?: object;
  queries_warm?: ByScope;
  pages_and_reports: RequestsFigures;
}

async function measureSite(
  site: QuerySite,
  { rounds, report_rounds, seconds, only }: Rounds,
): Promise<Measured> {
  const [busiest] = site.sensor_ids;
  const { directory } = site.server;
  const scopes = await readEngine(directory, (store) => chooseScopes(store, busiest!));
  const pages = async (): Promise<RequestsFigures> =>
    tell('pages and reports', await measurePagesAndReports(site, scopes, report_rounds, only ?? ''));
  if (only !== undefined) {
    await site.restartAndSettle();
    return { pages_and_reports: await pages() };
  }
  const queries = tell('queries, warm', await measureQueries(directory, scopes, rounds));
  await site.restartAndSettle();
  const warm = tell('API, warm', await measureWarm(site, scopes, rounds));
  const pages_and_reports = await pages();
  const unfiltered = scopes.filter(({ name }) => ['24h', 'year'].includes(name));
  const cold = tell('API, cold', await measureCold(site, unfiltered, Math.min(rounds, 5)));
  const { result, written, loaded } = await site.whileIngesting(ingested_per_second, () =>
    measureUsers(site, scopes, seconds),
  );
  return {
    api_cold: cold,
    api_warm: warm,
    api_users: { users, seconds, lines_written: written, records_loaded: loaded, ...result },
    queries_warm: queries,
    pages_and_reports,
  };
}

interface Rounds {
  rounds: number;
  report_rounds: number;
  seconds: number;
  only: string | undefined;
}

export async function run(values: Record<string, string | boolean | undefined>): Promise<unknown> {
  const events = Number(values.events ?? 10_000_000);
  const rounds = Number(values.rounds ?? 20);
  const root = mkdtempSync(join(tmpdir(), 'apiary-bench-'));
  const load_begin = loadavg();
  let site: QuerySite | undefined;
  try {
    site = await QuerySite.make(root, events);
    tell('filled', site.filling);
    const measured = await measureSite(site, {
      rounds,
      // There are some hundred of them, each in several filters.
      report_rounds: Math.min(rounds, 5),
      seconds: Number(values.seconds ?? 60),
      only: typeof values.only === 'string' ? values.only : undefined,
    });
    return {
      bench: 'query',
      ...site.filling,
      load_begin,
      load_end: loadavg(),
      cardinalities: Object.fromEntries(
        Object.entries(cardinalities).map(([name, { count }]) => [name, count]),
      ),
      ...measured,
    };
  } finally {
    await site?.collector.kill();
    await site?.server.kill();
    rmSync(root, { recursive: true, force: true });
  }
}
