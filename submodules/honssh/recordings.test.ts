/** All session logs of a HonSSH, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  countBy,
  landAll,
  missing,
  readPlain,
  recordings,
  tally,
  withEngine,
} from '../../tests/recording.ts';
import { readRecordedSessions, readRecordings } from '../report.ts';
import { type SampleRecord, splitLines } from '../sample.ts';
import { submodule as honssh } from './index.ts';

const folder = 'wild/honssh-2017';
const yields: Record<string, string> = {
  'Incoming Connection': 'probe',
  'Login Successful': 'authenticate',
  'Command Executed': 'input',
  'Command Blocked': 'input',
  Downloaded: 'download',
};
const file_room = 1n << 20n;

const pathsOf = (end: string): string[] => globSync(`**/*.${end}`, { cwd: join(recordings, folder) }).sort();
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A terminal recording as the collector sends it. */
function readFileRecord(file: string, index: number): SampleRecord {
  const bytes = readFileSync(join(recordings, folder, file));
  const raw = Buffer.from(
    JSON.stringify({
      ...{ path: `/opt/honssh/sessions/${file}`, kind: 'terminal_recording', sha256: hashOf(bytes) },
      ...{ size: bytes.length, size_taken: bytes.length, mtime: '2017-04-05T00:00:00.000000Z', cut: false },
    }),
  );
  return { stream: 'ttylogs', place: BigInt(index), version: 0, flags: 0, raw };
}

/** Of which session a recording is: of all openings of its channel by its address the one that lies next to it. */
function findSession(file: string): string {
  const [, address, time, channel] = /([\d.]+)\/([\d_]{22})_(\w+)\.tty$/.exec(file)!;
  const micros = (text: string): number => {
    const [day, clock, fraction] = text.split('_') as [string, string, string];
    const iso = `${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${clock.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`;
    return Date.parse(iso) * 1000 + Number(fraction);
  };
  const openings = pathsOf('log')
    .filter((log) => log.includes(`${address}/`))
    .flatMap((log) =>
      [
        ...readPlain(join(recordings, folder, log))
          .toString()
          .matchAll(/^(\S+) - \[(\w+) *\] Opened Channel/gm),
      ]
        .filter(([, , opened]) => opened === channel)
        .map(([, opened]) => ({
          away: Math.abs(micros(time!) - micros(opened!)),
          session: /([\d_]{22})\.log$/.exec(log)![1]!,
        })),
    );
  return openings.sort((one, other) => one.away - other.away)[0]!.session;
}

describe(`HonSSH, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(honssh);

  it('is counted as it is without our SQL', async () => {
    const files = pathsOf('log');
    assert.equal(files.length, 724);
    const records = files.flatMap((file, index) =>
      splitLines('session', readPlain(join(recordings, folder, file))).map((record) => ({
        ...record,
        source: `/opt/honssh/sessions/${file}`,
        place: record.place + BigInt(index) * file_room,
      })),
    );
    await landAll(held.engine, records, 1n);
    const marks = await countBy(
      held.engine,
      'SELECT toString(parse) AS name, count() AS rows FROM honssh_session GROUP BY name',
    );
    assert.deepStrictEqual(marks, { ok: records.length });

    const steps = records.flatMap(({ raw, source }) => {
      const text = raw.toString('utf8').replace(/^\S+ - \[[^\]]*\] /, '');
      const action = yields[Object.keys(yields).find((words) => text.startsWith(words)) ?? ''];
      const [, address, session] = /([\d.]+)\/([\d_]+)\.log$/.exec(source) ?? [];
      return action === undefined ? [] : [{ action, name: `${action} ${address} ${session}` }];
    });
    const events = await countBy(
      held.engine,
      "SELECT concat(toString(action), ' ', replaceOne(toString(attacker_ip), '::ffff:', ''), ' ', session) AS name, count() AS rows FROM event GROUP BY name",
    );
    assert.deepStrictEqual(events, tally(steps.map(({ name }) => name)));
    const passwords = await countBy(
      held.engine,
      "SELECT password AS name, count() AS rows FROM event WHERE action = 'authenticate' GROUP BY name",
    );
    const tried = records.flatMap(
      ({ raw }) => /Login Successful: [^:]*:(.*)$/.exec(raw.toString('utf8'))?.[1] ?? [],
    );
    assert.deepStrictEqual(passwords, Object.fromEntries(Object.entries(tally(tried)).sort()));
  });

  it('finds the recordings of each session, and the session of each recording', async () => {
    const files = pathsOf('tty');
    assert.equal(files.length, 20);
    await landAll(held.engine, files.map(readFileRecord), 2n);
    const found = async (sql: string, params: object): Promise<string[]> =>
      (await held.engine.query<Record<string, string>>(sql, { sensor: 1, ...params })).flatMap((row) =>
        Object.values(row),
      );
    const expected = files.map((file) => ({
      sha256: hashOf(readFileSync(join(recordings, folder, file))),
      session: findSession(file),
    }));
    assert.equal(new Set(expected.map(({ session }) => session)).size > 10, true);
    for (const [session, own] of Map.groupBy(expected, (one) => one.session))
      assert.deepEqual(
        await found(readRecordings(honssh)!, { session }),
        [...new Set(own.map(({ sha256 }) => sha256))].sort(),
      );
    for (const [sha256, own] of Map.groupBy(expected, (one) => one.sha256))
      assert.deepEqual(
        await found(readRecordedSessions(honssh)!, { sha256 }),
        [...new Set(own.map(({ session }) => session))].sort(),
      );
  });
});
