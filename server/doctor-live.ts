/** The part of `apiary doctor` that the running server knows: engine, schema, clocks, collectors, time zones. */

import type { GatewayHealth } from '@apiary/model/api/gateways.ts';
import type { SensorHealth, Understanding } from '@apiary/model/api/sensors.ts';
import { countOf } from '@apiary/model/count-of.ts';
import { type Finding, fail, judgeCertificate, ok, warn } from '@apiary/model/finding.ts';
import type { Submodule } from '@apiary/model/submodule.ts';
import { judgeUnderstanding } from '@apiary/model/understanding.ts';
import type { ServerConfig } from './config.ts';
import { tellState } from './gateway-orders.ts';
import type { StateDatabase } from './state/database.ts';
import { describeHealth } from './state/health-now.ts';
import { findDrift } from './store/schema.ts';
import type { Store } from './store/store.ts';

export interface LiveSubject {
  store: Store;
  state: StateDatabase;
  config: ServerConfig;
  submodules: readonly Submodule[];
  segments_waiting: number;
  version: string;
  gateways: readonly GatewayHealth[];
  understanding: Understanding | null;
}

const segments_many = 500;
const minute_ms = 60_000;

export async function examineLive(subject: LiveSubject, now_ms: number): Promise<Finding[]> {
  const { store, state, segments_waiting } = subject;
  const findings = [
    checkClock(state, now_ms),
    ...checkCollectors(subject, now_ms),
    ...checkGateways(subject.gateways, now_ms),
  ];
  if (store.state !== 'up')
    return [
      ...findings,
      fail(
        'engine',
        `the engine is ${store.state}`,
        'See the log of the server; collectors keep what they have.',
      ),
    ];
  findings.push(ok('engine', 'the engine answers'));
  findings.push(
    segments_waiting > segments_many
      ? warn(
          'engine',
          `${segments_waiting} segments wait to be loaded`,
          'More comes than the engine takes: see docs/guide/operation.md.',
        )
      : ok('engine', `${segments_waiting} segments wait`),
  );
  const drift = await findDrift(store, subject.submodules);
  findings.push(
    ...drift.map((told) =>
      fail('schema', told, 'Restart the server, which brings the schema up to date; restore what it cannot.'),
    ),
  );
  if (drift.length === 0) findings.push(ok('schema', 'tables and views are as this version has them'));
  return [...findings, ...(await checkZones(store, state))];
}

/** Gateways of their own that are enrolled ask every two seconds. */
function checkGateways(gateways: readonly GatewayHealth[], now_ms: number): Finding[] {
  return gateways
    .filter(({ state }) => state !== 'revoked' && state !== 'not_enrolled')
    .map((gateway) =>
      gateway.state === 'asking'
        ? ok('gateways', `${gateway.name} asks`)
        : warn(
            'gateways',
            `${gateway.name} has not asked who may write: ${tellState(gateway, now_ms)}`,
            'Look at its log and at the way from it to this server; revoke it if it is gone for good.',
          ),
    );
}

/** What was written down must not lie in the future. */
function checkClock(state: StateDatabase, now_ms: number): Finding {
  const last = state.get<{ at_ms: number | null }>('SELECT max(at_ms) AS at_ms FROM change_log')?.at_ms ?? 0;
  return last > now_ms + minute_ms
    ? fail(
        'clock',
        `the clock says ${new Date(now_ms).toISOString()}, and something was written at ${new Date(last).toISOString()}`,
        'Set the clock, and let NTP keep it.',
      )
    : ok('clock', `the clock says ${new Date(now_ms).toISOString()}`);
}

function checkCollectors({ state, version, understanding }: LiveSubject, now_ms: number): Finding[] {
  const { collectors, sensors } = describeHealth(state, now_ms, null, understanding);
  const findings = collectors
    .filter((collector) => collector.state === 'unknown' || collector.state === 'connected')
    .flatMap((collector): Finding[] => {
      const { name, clock_offset_ms, certificate_ends_ms } = collector;
      return [
        ...(collector.state === 'unknown'
          ? [
              fail(
                'collectors',
                `${name} has sent no heartbeat since ${new Date(collector.received_ms!).toISOString()}`,
                'Look at it: apiary-collector status.',
              ),
            ]
          : []),
        ...(clock_offset_ms === null
          ? []
          : [
              warn(
                'clock',
                `the clock of ${name} is off by ${clock_offset_ms} ms`,
                'Let NTP keep it there; times of its sensors are off as much.',
              ),
            ]),
        ...(certificate_ends_ms === null
          ? []
          : [
              judgeCertificate(
                'certificates',
                `the certificate of ${name}`,
                0,
                certificate_ends_ms,
                now_ms,
                `It renews by itself while it reaches the server; else: apiary collector replace ${name}.`,
              ),
            ]),
        ...(isNear(collector.version, version)
          ? []
          : [
              warn(
                'versions',
                `${name} runs ${collector.version}, the server ${version}`,
                'Bring them within one minor version of each other.',
              ),
            ]),
      ];
    });
  const bad = sensors.filter(
    ({ retired, condition }) => !retired && !['live', 'quiet', 'never', 'imported'].includes(condition),
  );
  return [
    ...findings,
    ...bad.map(({ name, condition }) => warn('sensors', `${name} is ${condition}`, 'See the page Sensors.')),
    ...sensors.flatMap(warnNotUnderstood),
    ok('collectors', `${countOf(collectors.length, 'collector')}, ${countOf(sensors.length, 'sensor')}`),
  ];
}

function warnNotUnderstood({ name, retired, not_understood }: SensorHealth): Finding[] {
  if (retired || not_understood === null) return [];
  const { many, told, remedy } = judgeUnderstanding(not_understood);
  return many ? [warn('records', `${name}: ${told}`, remedy)] : [];
}

/** One minor version older or newer. */
export function isNear(one: string, other: string): boolean {
  const read = (text: string): number[] => text.split('.').map(Number);
  const [major = 0, minor = 0] = read(one);
  const [major_too = 0, minor_too = 0] = read(other);
  return major === major_too && Math.abs(minor - minor_too) <= 1;
}

/** A sensor whose records are all old by about the same half hours writes in another zone than is set for it. */
async function checkZones(store: Store, state: StateDatabase): Promise<Finding[]> {
  const rows = await store.query<{ sensor_id: number; least: number; assumed: string }>(
    `SELECT sensor_id, quantile(0.05)(dateDiff('second', detect_ts, collect_ts)) AS least, countIf(detect_basis = 'zone_assumed') AS assumed
     FROM event WHERE collect_ts > now() - INTERVAL 1 DAY GROUP BY sensor_id HAVING count() >= 20 ORDER BY sensor_id`,
  );
  const names = new Map(
    state
      .all<{ sensor_id: number; name: string }>('SELECT sensor_id, name FROM sensor')
      .map(({ sensor_id, name }) => [sensor_id, name]),
  );
  const findings = rows.flatMap(({ sensor_id, least, assumed }): Finding[] => {
    const name = names.get(sensor_id) ?? `sensor ${sensor_id}`;
    const remedy = `Set its time zone: time_zone at the sensor in collector.yaml.`;
    const hours = Math.round(least / 1800) / 2;
    if (Math.abs(least) > 1500 && Math.abs(hours) <= 14 && Math.abs(least - hours * 3600) < 300)
      return [warn('time zones', `what ${name} writes is ${hours} hours off when it comes`, remedy)];
    return Number(assumed) > 0
      ? [warn('time zones', `${name} writes times without a zone, and none is set: UTC is assumed`, remedy)]
      : [];
  });
  return findings.length > 0
    ? findings
    : [ok('time zones', 'times of all sensors that wrote within a day fit')];
}
