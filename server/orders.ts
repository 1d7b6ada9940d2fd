/** What the command line can ask of the running server. */
import { filter_schema } from '@apiary/model/api/filter.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { import_collector_name } from '@apiary/model/import.ts';
import { report_formats } from '@apiary/model/report-kinds.ts';
import { interaction_levels } from '@apiary/model/submodule.ts';
import { gatherBackup } from './backup.ts';
import { deriveLogged } from './derivation.ts';
import { eraseLogged, readErasure } from './erasure.ts';
import { verifyDays } from './evidence/verify-days.ts';
import { writeReport } from './exports/report-file.ts';
import { enrolCommand, gateway_orders } from './gateway-orders.ts';
import { import_orders } from './import/orders.ts';
import { readInput } from './read-input.ts';
import { wholeView } from './reports/view.ts';
import { countErasure } from './retention/erase.ts';
import { changeRetention, listRetention } from './retention/retention-orders.ts';
import { rule_orders } from './rule-orders.ts';
import type { ApiaryServer } from './server.ts';
import { sharing_orders } from './sharing-orders.ts';
import { user_orders } from './user-orders.ts';

type Args = Record<string, string>;

const required = (args: Args, name: string): string => {
  const value = args[name];
  if (value === undefined || value === '')
    throw new OperationalError('input_invalid', `--${name} is missing`);
  return value;
};

const places = ['honeypot', 'host', 'elsewhere'] as const;

function oneOf<T extends string>(name: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((known) => known === value);
  if (found === undefined)
    throw new OperationalError('input_invalid', `${name} is "${value}"; it can be: ${allowed.join(', ')}`);
  return found;
}

/** @param list `name:type,name:type` */
function addSensors(
  apiary: ApiaryServer,
  actor: string,
  collector_name: string,
  list: string,
  keep_raw: boolean,
): string[] {
  const collector = apiary.collectors.byName(collector_name);
  return list
    .split(',')
    .filter((text) => text !== '')
    .map((text) => {
      const [name = '', type = ''] = text.split(':');
      checkType(apiary, type, keep_raw);
      return apiary.collectors.addSensor(actor, name, type, collector).name;
    });
}

/** @param keep_raw records of a type without a submodule are wanted all the same: they wait until it comes */
function checkType(apiary: ApiaryServer, type: string, keep_raw: boolean): void {
  const known = apiary.sensor_types;
  if (known.includes(type) || keep_raw) return;
  throw new OperationalError(
    'input_invalid',
    `there is no sensor type "${type}"; known are: ${known.join(', ')}. Lines of another wait raw for its submodule with --keep-raw`,
  );
}

const keepsRaw = ({ keep_raw }: Args): boolean => keep_raw === 'yes';

export const orders = {
  ...import_orders,
  ...user_orders,
  ...sharing_orders,
  ...rule_orders,
  ...gateway_orders,
  collectorAdd: async (apiary: ApiaryServer, args: Args, actor: string) => {
    if (args.name === import_collector_name)
      throw new OperationalError(
        'input_invalid',
        `the name "${import_collector_name}" is that of the collector of imports, which is revoked after each of them: choose another`,
      );
    const lives_in = places.find((place) => place === args.lives_in);
    if (lives_in === undefined)
      throw new OperationalError(
        'input_invalid',
        `where will it live? --lives-in honeypot (low or medium interaction), host (beside containers) or elsewhere`,
      );
    const interaction =
      lives_in === 'honeypot'
        ? oneOf('interaction', interaction_levels, required(args, 'interaction'))
        : 'low';
    if (interaction === 'high') {
      throw new OperationalError(
        'input_invalid',
        'a collector inside a high-interaction honeypot would be found by whoever takes it over; put it on the host of its containers: --lives-in host',
      );
    }
    for (const text of (args.sensors ?? '').split(',').filter((entry) => entry !== ''))
      checkType(apiary, text.split(':')[1] ?? '', keepsRaw(args));
    // All of it or nothing: a half-made collector could not be added again.
    const { sensors, token } = apiary.state.transact(() => {
      const collector = apiary.collectors.add(actor, required(args, 'name'), lives_in);
      return {
        sensors: addSensors(apiary, actor, collector.name, args.sensors ?? '', keepsRaw(args)),
        token: apiary.collectors.addToken(actor, collector, false),
      };
    });
    return { ...(await enrolCommand(apiary, 'apiary-collector', token)), sensors, token };
  },
  collectorReplace: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const collector = apiary.collectors.byName(required(args, 'name'));
    return enrolCommand(apiary, 'apiary-collector', apiary.collectors.addToken(actor, collector, true));
  },
  collectorRevoke: async (apiary: ApiaryServer, args: Args, actor: string) => {
    apiary.revokeCollector(actor, required(args, 'name'), args.reason ?? 'revoked by a person');
    return {};
  },
  collectorList: async (apiary: ApiaryServer) => ({
    collectors: apiary.collectors.list().map((collector) => ({
      ...collector,
      sensors: apiary.collectors.sensorsOf(collector.collector_id),
    })),
  }),
  /** Everything that the pages can do. */
  api: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const { method = '', path = '', body } = args;
    return { base64: (await apiary.askApi(actor, { method, path, body })).toString('base64') };
  },
  sensorAdd: async (apiary: ApiaryServer, args: Args, actor: string) => {
    addSensors(
      apiary,
      actor,
      required(args, 'collector'),
      `${required(args, 'name')}:${required(args, 'type')}`,
      keepsRaw(args),
    );
    return {};
  },
  sensorAssign: async (apiary: ApiaryServer, args: Args, actor: string) => {
    apiary.collectors.assignSensor(
      actor,
      required(args, 'name'),
      apiary.collectors.byName(required(args, 'collector')),
    );
    return {};
  },
  authorityRoll: async (apiary: ApiaryServer, args: Args) => {
    const what = oneOf('what', ['intermediate', 'root'] as const, args.what ?? 'intermediate');
    await apiary.rollAuthority(what);
    return { rolling: apiary.authority.rolling };
  },
  /** Records that this run of the server brought into the engine, and segments that wait. */
  loaded: async (apiary: ApiaryServer) => ({
    rows: apiary.loader.loaded_rows,
    known: apiary.loader.known_rows,
    waiting: apiary.loader.waiting,
  }),
  /** Rows, parts and bytes on disk of each table. */
  storeSizes: async (apiary: ApiaryServer) => ({
    tables: (
      await apiary.store.query<{ table: string; rows: string; parts: string; bytes: string }>(
        'SELECT table, sum(rows) AS rows, count() AS parts, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table ORDER BY bytes DESC',
      )
    ).map(({ table, rows, parts, bytes }) => ({
      table,
      rows: Number(rows),
      parts: Number(parts),
      bytes: Number(bytes),
    })),
  }),
  /** Gathers a backup, for whoever asks to take it. Nothing may be going meanwhile. */
  backup: async (apiary: ApiaryServer) => apiary.retention.alone(() => gatherBackup(apiary)),
  retention: async (apiary: ApiaryServer, args: Args, actor: string) => {
    if (args.kind !== undefined) changeRetention(apiary.retention, apiary.state, actor, args);
    return { kinds: await listRetention(apiary.retention, apiary.state) };
  },
  /** `confirmed`: 'yes' erases; without it what would go is counted. */
  erase: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const erasure = readErasure(apiary.state, args, Date.now());
    if (args.confirmed !== 'yes')
      return {
        counts: await apiary.retention.alone(() => countErasure(apiary.erase_options, erasure)),
        is_done: false,
      };
    return { counts: await eraseLogged(apiary, actor, erasure, args.reference ?? ''), is_done: true };
  },
  /** Writes an incident as evidence, for whoever asks to take the file. */
  evidence: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const number = Number(required(args, 'number').replace(/^#/, ''));
    if (!Number.isInteger(number) || number < 1)
      throw new OperationalError('input_invalid', `"${args.number}" is no number of an incident`);
    return apiary.writeEvidence(actor, number);
  },
  /** Signs the days that are over, and holds what is there against all signed days. */
  verify: async (apiary: ApiaryServer, args: Args) =>
    apiary.retention.alone(async () => {
      const { since } = args;
      if (since !== undefined && !/^\d{4}-\d\d-\d\d$/.test(since))
        throw new OperationalError('input_invalid', `--since ${since} is no day: write 2026-01-31`);
      const { days: chain, store, state, authority } = apiary;
      await chain.seal(Date.now());
      return { days: await verifyDays({ chain, store, state, authority, since }) };
    }),
  derive: async (apiary: ApiaryServer, args: Args, actor: string) =>
    deriveLogged(apiary, actor, required(args, 'type')),
  doctor: async (apiary: ApiaryServer) => ({ findings: await apiary.examine() }),
  /** Without waiting for the minute. */
  retentionRun: async (apiary: ApiaryServer) => {
    await apiary.retention.run(Date.now());
    return {};
  },
  reportList: async (apiary: ApiaryServer) => ({
    reports: apiary.catalogue.list().map(({ report: { id, title } }) => ({ id, title })),
  }),
  /** `filter`: JSON of a filter; the answer's bytes as base64. */
  report: async (apiary: ApiaryServer, args: Args) => {
    const filter = readInput(filter_schema, JSON.parse(args.filter ?? '{}'), 'the filter');
    const format = oneOf('--format', report_formats, args.format ?? 'csv');
    const entry = apiary.catalogue.find(required(args, 'name'));
    const file = await writeReport(entry, wholeView(apiary.store, apiary.state), filter, format, Date.now());
    return { base64: file.bytes.toString('base64') };
  },
} as const;

export type OrderName = keyof typeof orders;
