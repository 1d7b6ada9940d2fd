/** Lines of auditd of several systems, counted in plain JavaScript. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as auditd } from './index.ts';

const folder = 'wild/auditd/auparse/testdata';

const decode = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1) : Buffer.from(value, 'hex').toString('utf8');

describe(`auditd, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(auditd);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /\.log$/).map((file) => splitLines('log', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => raw.toString('utf8'));
    assert(all.length >= 82);
    const types = all.map((line) => /type=(\S+)/.exec(line)?.[1] ?? '');
    const kinds = await countBy(
      held.engine,
      'SELECT `type` AS name, count() AS rows FROM auditd_log GROUP BY name',
    );
    assert.deepStrictEqual(kinds, tally(types));
    const rejected = await countBy(
      held.engine,
      "SELECT `type` AS name, count() AS rows FROM auditd_log WHERE parse != 'ok' GROUP BY name",
    );
    assert.deepStrictEqual(rejected, tally(types.filter((type) => type.startsWith('UNKNOWN'))));

    const commands = await countBy(
      held.engine,
      "SELECT command AS name, count() AS rows FROM event WHERE extra['type'] = 'EXECVE' GROUP BY name",
    );
    const executed = all
      .filter((line) => line.startsWith('type=EXECVE'))
      .map((line) =>
        [...line.matchAll(/ a\d+=("[^"]*"|\S+)/g)].map(([, value]) => decode(value as string)).join(' '),
      );
    assert.deepStrictEqual(commands, tally(executed));
    const accounts = await countBy(
      held.engine,
      "SELECT username AS name, count() AS rows FROM event WHERE action = 'authenticate' GROUP BY name",
    );
    const tried = all
      .filter(
        (line) => line.startsWith('type=USER_AUTH') && /op=(PAM:authentication|pubkey|key|gssapi)/.test(line),
      )
      .map((line) => decode(/acct=(\S+)/.exec(line)?.[1] ?? '""'));
    assert.deepStrictEqual(accounts, tally(tried));
  });
});
