/**
 * Draws sessions of a recording by a seed, for labelling by hand, and prints what somebody who labels has to see:
 * `node bench/taxonomy/draw-sessions.ts DRAWING [FOLDER OF RECORDINGS]`. Nothing here asks Apiary's analysis.
 */
import { resolve } from 'node:path';
import { makeRandom, shuffle } from './chain-training.ts';
import { type RecordedSession, readRecording } from './recorded-sessions.ts';

/** How many of one shape of commands are drawn before other shapes had their turn. */
const of_shape_max = 25;

interface Stratum {
  name: string;
  count: number;
  holds: (session: RecordedSession) => boolean;
}

const has =
  (sensor: string, ...words: string[]) =>
  (session: RecordedSession): boolean =>
    session.sensor === sensor && session.lines.some(({ raw }) => words.some((word) => raw.includes(word)));
const typed = ['cowrie.command.'];
const without =
  (sensor: string, ...words: string[]) =>
  (session: RecordedSession): boolean =>
    session.sensor === sensor && !has(sensor, ...words)(session);

const cowrieStrata = (commands: number, got_in: number, tried: number, connected: number): Stratum[] => [
  { name: 'commands', count: commands, holds: has('cowrie', ...typed) },
  {
    name: 'got in',
    count: got_in,
    holds: (one) => has('cowrie', 'cowrie.login.success')(one) && without('cowrie', ...typed)(one),
  },
  {
    name: 'tried',
    count: tried,
    holds: (one) =>
      has('cowrie', 'cowrie.login.failed')(one) && without('cowrie', 'cowrie.login.success', ...typed)(one),
  },
  { name: 'connected', count: connected, holds: without('cowrie', 'cowrie.login.', ...typed) },
];

const strata: Record<string, Stratum[]> = {
  'tpot-2022': [
    ...cowrieStrata(132, 16, 44, 10),
    { name: 'adb commands', count: 25, holds: has('adbhoney', 'command.input', 'file_upload') },
    { name: 'adb', count: 5, holds: without('adbhoney', 'command.input', 'file_upload') },
    { name: 'mssql and other log-ins', count: 15, holds: has('dionaea', '"credentials"', '"ftp"') },
    { name: 'log-ins', count: 15, holds: has('heralding', '"password"') },
    {
      name: 'redis commands',
      count: 10,
      holds: (one) =>
        one.sensor === 'redishoneypot' &&
        /config|slaveof|set |eval|module/i.test(one.lines.map(({ raw }) => raw).join()),
    },
    { name: 'web', count: 10, holds: without('tanner') },
    { name: 'calls', count: 8, holds: without('sentrypeer') },
    { name: 'mail', count: 7, holds: has('mailoney', 'MAIL FROM', 'RCPT', 'AUTH', 'mail from') },
    { name: 'elastic', count: 5, holds: without('elasticpot') },
  ],
  'tpot-2022-second': [
    ...cowrieStrata(25, 0, 20, 8),
    { name: 'adb commands', count: 12, holds: has('adbhoney', 'command.input', 'file_upload') },
    { name: 'adb', count: 4, holds: without('adbhoney', 'command.input', 'file_upload') },
    { name: 'anything', count: 15, holds: without('dionaea') },
    { name: 'all services', count: 15, holds: without('heralding', '"protocol": "vnc"') },
    { name: 'redis', count: 10, holds: without('redishoneypot') },
    { name: 'web', count: 20, holds: without('tanner') },
    { name: 'calls', count: 10, holds: without('sentrypeer') },
    { name: 'mail', count: 5, holds: without('mailoney') },
    { name: 'elastic', count: 6, holds: without('elasticpot') },
  ],
  'cowrie-2018': cowrieStrata(80, 5, 10, 5),
  'kippo-dump-2019': [
    { name: 'commands or left open', count: 20, holds: has('kippo', "NULL, 1, '", "NULL, 0, '") },
    { name: 'tried', count: 10, holds: without('kippo', "NULL, 1, '", "NULL, 0, '") },
  ],
  'lab-cowrie-2.5.0': cowrieStrata(110, 5, 10, 5),
  'lab-cowrie-3.0.12': cowrieStrata(60, 5, 10, 5),
};

/** What the name of a drawing says: its recording, and where it is a second one, what was drawn first. */
const second = '-second';
export const recordingOf = (drawing: string): string => drawing.replace(second, '');

/** @param data the folder of all recordings */
export function drawLabelled(data: string, drawing: string): RecordedSession[] {
  const sessions = readRecording(data, recordingOf(drawing));
  if (!drawing.endsWith(second)) return drawSessions(sessions, strata[drawing]!, 2022);
  const first = new Set(drawSessions(sessions, strata[recordingOf(drawing)]!, 2022));
  return drawSessions(
    sessions.filter((session) => !first.has(session)),
    strata[drawing]!,
    2023,
  );
}

/** The programs of a session's commands, without arguments. */
function shapeOf(session: RecordedSession): string {
  const commands = session.lines.map(({ row }) => row.input).filter((input) => typeof input === 'string');
  return commands
    .map((command) => command.split(/[\s;|&]/, 1)[0]!.replace(/\d+/g, ''))
    .join(' ')
    .slice(0, 200);
}

function drawSessions(
  sessions: readonly RecordedSession[],
  wanted: readonly Stratum[],
  seed: number,
): RecordedSession[] {
  const random = makeRandom(seed);
  return wanted.flatMap(({ count, holds }) => {
    const candidates = shuffle(
      sessions.filter(holds).toSorted((a, b) => (a.hash < b.hash ? -1 : 1)),
      random,
    );
    const seen = new Map<string, number>();
    const spread = candidates.map((one) => {
      const shape = shapeOf(one);
      const before = seen.get(shape) ?? 0;
      seen.set(shape, before + 1);
      return { one, late: shape !== '' && before >= of_shape_max ? 1 : 0 };
    });
    return spread
      .toSorted((a, b) => a.late - b.late)
      .slice(0, count)
      .map(({ one }) => one);
  });
}

/** Where and when stand in the heading; a honeypot's sentence repeats its fields. */
const shown_above = new Set(
  'timestamp unixtime src_ip session sensor dst_ip dst_port dest_ip message uuid system protocol'.split(' '),
);
const showRow = (row: Record<string, unknown>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(row).filter(([key]) => !shown_above.has(key)))).slice(
    0,
    700,
  );

if (import.meta.main) {
  const [name = '', data = resolve(import.meta.dirname, '../../../shared/data')] = process.argv.slice(2);
  const sessions = readRecording(data, recordingOf(name));
  for (const one of drawLabelled(data, name)) {
    const first = one.lines[0]!.at;
    process.stdout.write(`\n# ${one.hash} ${one.sensor} ${one.source} ${new Date(first).toISOString()}\n`);
    const beside = sessions.filter(({ source }) => source === one.source);
    process.stdout.write(
      `  source has ${beside.length} sessions: ${[...new Set(beside.map(({ sensor }) => sensor))]}\n`,
    );
    for (const { at, row } of one.lines.slice(0, 60))
      process.stdout.write(`  +${((at - first) / 1000).toFixed(2)} ${showRow(row)}\n`);
    if (one.lines.length > 60) process.stdout.write(`  … ${one.lines.length - 60} more\n`);
  }
}
