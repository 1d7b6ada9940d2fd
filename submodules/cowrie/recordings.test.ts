/** Whole recordings of Cowrie, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
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
const cowrie_recordings = [
  { folder: 'lab/cowrie-2.5.0/log', pattern: /^cowrie\.json/, lines: 17_326, sessions: 2_100 },
  { folder: 'lab/cowrie-3.0.12/log', pattern: /^cowrie\.json/, lines: 8_470, sessions: 1_000 },
  { folder: 'wild/cowrie-2018', pattern: /^cowrie\.json/ },
  { folder: 'wild/tpot-2022/cowrie/log', pattern: /^cowrie\.json/ },
  { folder: 'wild/tpot-2022/_earlier_commits', pattern: /^cowrie\.json/ },
];

for (const { folder, pattern, lines: lines_known, sessions } of cowrie_recordings) {
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
  });
}
