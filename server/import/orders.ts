/** What `apiary import` asks of the running server. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationalError } from '@apiary/model/errors.ts';
import { type ArrivedFile, import_collector_name } from '@apiary/model/import.ts';
import { streamNames } from '@apiary/model/submodule.ts';
import { splitAddress } from '../config.ts';
import type { ApiaryServer } from '../server.ts';
import type { Collector, WritableSensor } from '../state/collectors.ts';
import { tryLines } from './guess.ts';

type Args = Record<string, string>;

const drain_poll_ms = 100;

interface WantedSensor {
  name: string;
  type: string;
}

/** How a listening address is reached on its own machine. */
function localAddress(listen: string): string {
  const { host, port } = splitAddress(listen);
  const any = host === '0.0.0.0' || host === '::';
  const local = any ? '127.0.0.1' : host;
  return local.includes(':') ? `[${local}]:${port}` : `${local}:${port}`;
}

function importCollector(apiary: ApiaryServer, actor: string): Collector {
  const known = apiary.collectors.list().find(({ name }) => name === import_collector_name);
  return known ?? apiary.collectors.add(actor, import_collector_name, 'elsewhere');
}

/** The sensor of that name, made where there is none. */
function sensorFor(apiary: ApiaryServer, actor: string, { name, type }: WantedSensor): WritableSensor {
  const known = apiary.collectors.findSensor(name);
  if (known === undefined)
    return apiary.collectors.addSensor(actor, name, type, importCollector(apiary, actor));
  if (known.type === type) return known;
  throw new OperationalError(
    'conflict',
    `the sensor "${name}" is a ${known.type}, these files are of a ${type}`,
  );
}

/** Records of a sensor that came since an instant, by the file that they were read from. */
async function countArrived(
  apiary: ApiaryServer,
  { sensor_id, name, type }: WritableSensor,
  since_us: string,
): Promise<ArrivedFile[]> {
  const submodule = apiary.submodules.find((one) => one.name === type);
  if (submodule === undefined) return [];
  const files = new Map<string, ArrivedFile>();
  for (const stream of streamNames(submodule)) {
    const rows = await apiary.store.query<{ source: string; parse: string; records: string }>(
      `SELECT source, toString(parse) AS parse, count() AS records FROM ${type}_${stream}
       WHERE sensor_id = {sensor_id:UInt32} AND collect_ts >= fromUnixTimestamp64Micro({since_us:Int64}, 'UTC')
       GROUP BY source, parse`,
      { sensor_id, since_us },
      { seconds_max: 300 },
    );
    for (const { source, parse, records } of rows) {
      const table = source.lastIndexOf('#');
      const shown = table === -1 ? source : source.slice(0, table);
      const file = files.get(shown) ?? { shown, sensor: name, fresh: 0, rejected: 0, not_understood: 0 };
      files.set(shown, file);
      file.fresh += Number(records);
      if (parse === 'unknown_kind') file.not_understood += Number(records);
      else if (parse !== 'ok') file.rejected += Number(records);
    }
  }
  return [...files.values()];
}

export const import_orders = {
  /** `lines`: JSON of an array of base64; `types`: those that it can be, with commas, or nothing. */
  importGuess: async (apiary: ApiaryServer, args: Args) => ({
    found: await tryLines(
      apiary.store,
      apiary.submodules,
      JSON.parse(args.lines ?? '[]') as string[],
      (args.types ?? '').split(',').filter((type) => type !== ''),
    ),
  }),
  /** The type of a sensor; null where there is none of that name. */
  importSensor: async (apiary: ApiaryServer, args: Args) => ({
    type: apiary.collectors.findSensor(args.name ?? '')?.type ?? null,
  }),
  /** `sensors`: JSON of `{name, type}`. Answers with what the import's own collector needs. */
  importBegin: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const wanted = JSON.parse(args.sensors ?? '[]') as WantedSensor[];
    const id = randomBytes(8).toString('hex');
    const token = apiary.state.transact(() => {
      const collector = importCollector(apiary, actor);
      const sensors = wanted.map((one) => sensorFor(apiary, actor, one));
      apiary.collectors.beginImport(id, collector, sensors);
      return apiary.collectors.addToken(actor, collector, false);
    });
    await apiary.enrolment.refresh();
    const { trouble } = apiary.enrolment;
    if (trouble !== '') {
      if (!apiary.collectors.endImport(id))
        apiary.revokeCollector(actor, import_collector_name, 'nobody can enrol');
      throw new OperationalError('address_unusable', `no import can begin: ${trouble}`);
    }
    const { enrolment, gateway } = apiary.config;
    return {
      id,
      token,
      since_us: String(BigInt(Date.now()) * 1000n),
      authority: `sha256:${apiary.authority.fingerprint()}`,
      enrolment: localAddress(enrolment.listen),
      gateway: localAddress(gateway.listen),
    };
  },
  /** Waits until the engine has all that came, and counts it. The certificate ends with the last import. */
  importEnd: async (apiary: ApiaryServer, args: Args, actor: string) => {
    const { collectors, journal } = apiary;
    const is_last = !collectors.endImport(args.id ?? '');
    if (is_last) apiary.revokeCollector(actor, import_collector_name, 'the import is over');
    const names = JSON.parse(args.sensors ?? '[]') as string[];
    const last = journal.last_id;
    while (journal.isWaiting(last)) await sleep(drain_poll_ms);
    const files: ArrivedFile[] = [];
    for (const name of names) {
      const sensor = collectors.findSensor(name);
      if (sensor !== undefined) files.push(...(await countArrived(apiary, sensor, args.since_us ?? '0')));
    }
    return { files };
  },
} as const;
