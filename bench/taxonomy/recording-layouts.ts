/** Where the files of each recording lie, and what in a line says when, who and in which session. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Layout {
  sensor: string;
  /** What the submodule calls it. */
  stream: string;
  /** Folders and patterns, in a recording. */
  files: readonly (readonly [string, RegExp])[];
  time: string;
  source: (row: Record<string, unknown>) => string;
  session?: (row: Record<string, unknown>) => string;
}

export const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const tpot: readonly Layout[] = [
  {
    sensor: 'cowrie',
    stream: 'json',
    files: [
      ['cowrie/log', /^cowrie\.json/],
      ['_earlier_commits', /^cowrie\.json/],
    ],
    time: 'timestamp',
    source: (row) => text(row.src_ip),
    session: (row) => text(row.session),
  },
  {
    sensor: 'adbhoney',
    stream: 'json',
    files: [['adbhoney/log', /^adbhoney\.json/]],
    time: 'timestamp',
    source: (row) => text(row.src_ip),
    session: (row) => text(row.session),
  },
  {
    sensor: 'heralding',
    stream: 'json',
    files: [['heralding/log', /^log_session\.json/]],
    time: 'timestamp',
    source: (row) => text(row.source_ip),
    session: (row) => text(row.session_id),
  },
  {
    sensor: 'dionaea',
    stream: 'json',
    files: [['dionaea/log', /^dionaea\.json/]],
    time: 'timestamp',
    source: (row) => text(row.src_ip),
  },
  {
    sensor: 'redishoneypot',
    stream: 'log',
    files: [['redishoneypot/log', /^redishoneypot\.log/]],
    time: 'time',
    source: (row) => text(row.addr).replace(/:\d+$/, ''),
  },
  {
    sensor: 'tanner',
    stream: 'report',
    files: [['tanner/log', /^tanner_report\.json/]],
    time: 'timestamp',
    source: (row) => text((row.peer as { ip?: string } | undefined)?.ip),
  },
  {
    sensor: 'sentrypeer',
    stream: 'json',
    files: [
      ['sentrypeer/log', /^sentrypeer\.json/],
      ['_earlier_commits', /^sentrypeer\.json/],
    ],
    time: 'event_timestamp',
    source: (row) => text(row.source_ip),
  },
  {
    sensor: 'mailoney',
    stream: 'commands',
    files: [['mailoney/log', /^commands\.log/]],
    time: 'timestamp',
    source: (row) => text(row.src_ip),
  },
  {
    sensor: 'elasticpot',
    stream: 'json',
    files: [['elasticpot/log', /^elasticpot\.json/]],
    time: 'timestamp',
    source: (row) => text(row.src_ip),
  },
];

const cowrieAt = (...files: Layout['files']): readonly Layout[] => [{ ...tpot[0]!, files }];

/** Recordings by name, each with its folder beside the repository. */
export const recordings: Record<string, { folder: string; layouts: readonly Layout[] }> = {
  'tpot-2022': { folder: 'wild/tpot-2022', layouts: tpot },
  'cowrie-2018': { folder: 'wild/cowrie-2018', layouts: cowrieAt(['.', /^cowrie\.json/]) },
  'lab-cowrie-2.5.0': { folder: 'lab/cowrie-2.5.0', layouts: cowrieAt(['log', /^cowrie\.json/]) },
  'lab-cowrie-3.0.12': { folder: 'lab/cowrie-3.0.12', layouts: cowrieAt(['log', /^cowrie\.json/]) },
};

export const folderOf = (recording: string): string => recordings[recording]?.folder ?? `wild/${recording}`;

export function listFiles(folder: string, layout: Layout): string[] {
  return layout.files.flatMap(([below, pattern]) =>
    readdirSync(join(folder, below))
      .filter((file) => pattern.test(file))
      .sort()
      .map((file) => join(folder, below, file)),
  );
}
