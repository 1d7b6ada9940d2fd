/** What Prometheus reads (text format 0.0.4): counts of the server and conditions of its sensors. */

import { statfsSync } from 'node:fs';
import type { ApiaryServer } from './server.ts';
import { describeHealth } from './state/health-now.ts';

interface Metric {
  name: string;
  help: string;
  type: 'gauge' | 'counter';
  values: { labels?: Record<string, string>; value: number }[];
}

/** Quotes, backslashes and line ends of a label's value. */
const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;

function writeMetric({ name, help, type, values }: Metric): string {
  const lines = values.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}=${quote(text)}`);
    return `apiary_${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP apiary_${name} ${help}\n# TYPE apiary_${name} ${type}\n${lines.join('')}`;
}

const one = (name: string, help: string, type: Metric['type'], value: number): Metric => ({
  name,
  help,
  type,
  values: [{ value }],
});

/** Free for who is not root, as the server is not. A file system that does not answer gives nothing. */
function diskMetrics(directory: string): Metric[] {
  try {
    const { bavail, blocks, bsize } = statfsSync(directory);
    return [
      one('disk_free_bytes', 'Room on the disk of the data directory.', 'gauge', bavail * bsize),
      one('disk_bytes', 'Size of the disk of the data directory.', 'gauge', blocks * bsize),
    ];
  } catch {
    return [];
  }
}

export async function writeMetrics(apiary: ApiaryServer, now_ms: number): Promise<string> {
  const understanding = await apiary.understanding.look(now_ms);
  const { sensors } = describeHealth(apiary.state, now_ms, null, understanding);
  const not_understood = sensors.flatMap(({ name, retired, not_understood }) =>
    retired || not_understood === null ? [] : [{ sensor: name, ...not_understood }],
  );
  const conditions = Map.groupBy(
    sensors.filter(({ retired }) => !retired),
    ({ condition }) => condition,
  );
  const refusals = apiary.state.all<{ reason: string; count: number }>(
    'SELECT reason, sum(count) AS count FROM refusal GROUP BY reason',
  );
  const { directory, journal, artifacts } = apiary.config;
  const gaps = apiary.state.get<{ count: number }>('SELECT count(*) AS count FROM gap')?.count ?? 0;
  const alerts = apiary.state.get<{ count: number }>('SELECT count(*) AS count FROM alert')?.count ?? 0;
  const metrics: Metric[] = [
    one('engine_up', 'Whether the engine answers.', 'gauge', apiary.store.state === 'up' ? 1 : 0),
    one(
      'records_loaded_total',
      'Records that this run brought into the engine.',
      'counter',
      apiary.loader.loaded_rows,
    ),
    one(
      'segments_waiting',
      'Segments of the journal that wait for the engine.',
      'gauge',
      apiary.loader.waiting,
    ),
    one(
      'engine_restarts_total',
      'How often the embedded engine ended unasked in this run.',
      'counter',
      apiary.store.engine?.restarts ?? 0,
    ),
    one(
      'journal_bytes',
      'Bytes that were acknowledged and wait for the engine.',
      'gauge',
      apiary.journal.bytes,
    ),
    one(
      'journal_bytes_max',
      'Bytes in the journal from which batches are refused.',
      'gauge',
      journal.bytes_max,
    ),
    ...diskMetrics(directory),
    one('artifact_bytes', 'Bytes of whole files.', 'gauge', apiary.artifacts.bytes),
    one(
      'artifact_bytes_max',
      'Bytes of whole files from which more are refused.',
      'gauge',
      artifacts.disk_bytes_max,
    ),
    one('gaps_total', 'Stretches of records that are known to be lost.', 'counter', gaps),
    one('alerts_total', 'Alerts that were noted.', 'counter', alerts),
    one(
      'analysis_failed',
      'Whether the last pass of the analysis failed.',
      'gauge',
      apiary.analysis.trouble === '' ? 0 : 1,
    ),
    one(
      'memory_bytes',
      'Resident memory of the server, engine and analysis not counted.',
      'gauge',
      process.memoryUsage.rss(),
    ),
    {
      name: 'sensors',
      help: 'Sensors by condition.',
      type: 'gauge',
      values: [...conditions].map(([condition, list]) => ({ labels: { condition }, value: list.length })),
    },
    {
      name: 'records_not_understood',
      help: 'Records of the last day that were not or not wholly understood, by sensor and mark.',
      type: 'gauge',
      values: not_understood.flatMap(({ sensor, marks }) =>
        marks.map(({ mark, count }) => ({ labels: { sensor, mark }, value: count })),
      ),
    },
    {
      name: 'records_last_day',
      help: 'Records of the last day of those sensors of which some were not understood.',
      type: 'gauge',
      values: not_understood.map(({ sensor, records }) => ({ labels: { sensor }, value: records })),
    },
    {
      name: 'refused_total',
      help: 'What was refused, by reason.',
      type: 'counter',
      values: refusals.map(({ reason, count }) => ({ labels: { reason }, value: count })),
    },
  ];
  return metrics.map(writeMetric).join('');
}
