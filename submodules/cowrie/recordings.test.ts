/** Whole recordings of Cowrie, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { readRecordedSessions, readRecordings } from '../report.ts';
import { type SampleRecord, splitLines } from '../sample.ts';
import { submodule as cowrie } from './index.ts';

/** Lines of Cowrie that yield an event, by the words of its README and not by our SQL. */
function yieldsEvent(line: Record<string, unknown>): boolean {
  switch (String(line.eventid).slice('cowrie.'.length)) {
    case 'session.connect':
    case 'client.version':
    case 'client.kex':
    case 'login.success':
    case 'command.input':
    case 'session.input':
    case 'command.chpasswd':
    case 'direct-tcpip.request':
    case 'session.file_download':
    case 'session.file_download.failed':
    case 'session.file_upload':
    case 'telnet.exploit_attempt':
    case 'telnet.exploit_success':
      return true;
    case 'client.fingerprint':
      return line.uuid === undefined;
    case 'login.failed':
      return line.fingerprint === undefined || line.uuid !== undefined;
    case 'command.success':
      return line.realm !== undefined;
    default:
      return false;
  }
}

/** `lines` and `sessions` are what data/INDEX.md says of a recording. */
const cowrie_recordings: {
  folder: string;
  pattern: RegExp;
  lines?: number;
  sessions?: number;
  /** Folder of its terminal recordings. */
  terminals?: string;
}[] = [
  { folder: 'lab/cowrie-2.5.0/log', pattern: /^cowrie\.json/, lines: 17_326, sessions: 2_100 },
  {
    ...{ folder: 'lab/cowrie-3.0.12/log', pattern: /^cowrie\.json/, lines: 8_470, sessions: 1_000 },
    terminals: 'lab/cowrie-3.0.12/lib/tty',
  },
  { folder: 'wild/cowrie-2018', pattern: /^cowrie\.json/ },
  { folder: 'wild/tpot-2022/cowrie/log', pattern: /^cowrie\.json/ },
  { folder: 'wild/tpot-2022/_earlier_commits', pattern: /^cowrie\.json/ },
];

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** A terminal recording as the collector sends it. */
function readFileRecord(path: string, index: number): SampleRecord {
  const size = readFileSync(path).length;
  const raw = Buffer.from(
    JSON.stringify({
      ...{ path: `/cowrie/var/lib/cowrie/tty/${basename(path)}`, kind: 'terminal_recording' },
      ...{ sha256: hashOf(path), size, size_taken: size, mtime: '2026-11-23T05:08:00.000000Z', cut: false },
    }),
  );
  return { stream: 'ttylogs', place: BigInt(index), version: 0, flags: 0, raw };
}

for (const { folder, pattern, lines: lines_known, sessions, terminals } of cowrie_recordings) {
  describe(`Cowrie, recording ${folder}`, { skip: missing(folder) }, () => {
    const held = withEngine(cowrie);

    it('is counted as it is without our SQL', async () => {
      const records = filesIn(folder, pattern).map((file) => splitLines('json', readPlain(file)));
      for (const [index, file] of records.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all = records.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
      if (lines_known !== undefined) assert.equal(all.length, lines_known);

      const by_id = await countBy(
        held.engine,
        'SELECT eventid AS name, count() AS rows FROM cowrie_json GROUP BY name',
      );
      assert.deepStrictEqual(by_id, tally(all.map(({ eventid }) => eventid)));
      if (sessions !== undefined) assert.equal(by_id['cowrie.session.connect'], sessions);

      const events = await countBy(
        held.engine,
        "SELECT extra['eventid'] AS name, count() AS rows FROM event GROUP BY name",
      );
      assert.deepStrictEqual(events, tally(all.filter(yieldsEvent).map(({ eventid }) => eventid)));

      const users = await countBy(
        held.engine,
        "SELECT username AS name, count() AS rows FROM event WHERE action = 'authenticate' GROUP BY name",
      );
      const tried = all.filter((line) => yieldsEvent(line) && /\.(login\.|client\.fing)/.test(line.eventid));
      assert.deepStrictEqual(
        users,
        Object.fromEntries(Object.entries(tally(tried.map(({ username }) => username))).sort()),
      );

      const [rejected] = await held.engine.query<{ rows: string }>(
        "SELECT countIf(parse != 'ok') AS rows FROM cowrie_json",
      );
      assert(Number(rejected?.rows) < all.length / 1000, `${rejected?.rows} lines were not understood`);
    });

    if (terminals === undefined) return;
    it('has recordings of sessions, and the sessions of each', async () => {
      const files = filesIn(terminals, /./);
      await landAll(held.engine, files.map(readFileRecord), 1_000n);
      const closed = filesIn(folder, pattern)
        .flatMap((file) => splitLines('json', readPlain(file)))
        .map(({ raw }) => JSON.parse(raw.toString('utf8')) as Record<string, string>)
        .filter(({ eventid }) => eventid === 'cowrie.log.closed');
      const sessionsOf = Map.groupBy(closed, ({ ttylog = '' }) => basename(ttylog));
      const recorded = files.filter((file) => sessionsOf.has(basename(file)));
      assert(recorded.length > 50, `${recorded.length} recordings`);
      const [forth, back] = [readRecordings(cowrie)!, readRecordedSessions(cowrie)!];
      for (const file of recorded) {
        const own = [...new Set(sessionsOf.get(basename(file))!.map(({ session }) => session!))].sort();
        const found = await held.engine.query(back, { sensor: 1, sha256: hashOf(file) });
        // Bots leave the same recording in hundreds of sessions.
        assert.deepEqual(
          found,
          own.slice(0, 50).map((session) => ({ session })),
        );
        const of_session = recorded.filter((one) =>
          sessionsOf.get(basename(one))!.some(({ session }) => session === own[0]),
        );
        assert.deepEqual(
          await held.engine.query(forth, { sensor: 1, session: own[0] }),
          of_session
            .map(hashOf)
            .sort()
            .map((taken_sha256) => ({ taken_sha256 })),
        );
      }
    });
  });
}
