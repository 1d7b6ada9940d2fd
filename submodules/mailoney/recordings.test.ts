/** A whole recording of Mailoney, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as mailoney } from './index.ts';

const folder = 'wild/tpot-2022/mailoney/log';

describe(`Mailoney, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(mailoney);
  const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
    countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^commands\.log/).map((file) => splitLines('commands', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const mails = filesIn(folder, /^mail\.log/).map((file) => splitLines('mail', readPlain(file)));
    for (const [index, file] of mails.entries()) await landAll(held.engine, file, BigInt(100 + index));
    assert.equal(files.flat().length + mails.flat().length, 221);
    assert.deepStrictEqual(await of('parse', 'mailoney_commands'), { ok: files.flat().length });
    assert.deepStrictEqual(await of('parse', 'mailoney_mail'), { ok: mails.flat().length });
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    const steps = all.filter(({ data }) => data !== '');
    assert.deepStrictEqual(
      await of("replaceOne(toString(attacker_ip), '::ffff:', '')"),
      tally(steps.map(({ src_ip }) => src_ip)),
    );
    const bodies = mails.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')).data);
    const is_mail = (data: string): boolean => bodies.includes(data) && data.includes('\n');
    assert.deepStrictEqual(
      await of('command'),
      tally(steps.map(({ data }) => (is_mail(data) ? '' : data.replace(/\r$/, '')))),
    );
  });
});
