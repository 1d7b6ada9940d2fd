/** All session logs of a HonSSH, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { globSync } from 'node:fs';
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
import { splitLines } from '../sample.ts';
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

describe(`HonSSH, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(honssh);

  it('is counted as it is without our SQL', async () => {
    const files = globSync('**/*.log', { cwd: join(recordings, folder) }).sort();
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
});
