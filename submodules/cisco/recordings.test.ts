/** Messages of a public collection of fixtures, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { submodule as cisco } from './index.ts';

const folder = 'wild/vendor-fixtures/SEKOIA-IO__intake-formats/Cisco';

describe(`Cisco, fixtures of ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(cisco);

  it('are counted as they are without our SQL', async () => {
    const messages = ['cisco-ios', 'cisco-secure-firewall']
      .flatMap((device) => filesIn(`${folder}/${device}/tests`, /\.json$/))
      .map((file): string => JSON.parse(readPlain(file).toString('utf8')).input.message);
    const records = messages.map((text, index) => ({
      stream: 'syslog',
      place: BigInt(index),
      version: 0,
      flags: 0,
      raw: Buffer.from(text),
    }));
    await landAll(held.engine, records, 1n);
    const names = messages.map(
      (text) => /%([A-Z_0-9]+)-\d-([A-Z_0-9]+): /.exec(text)?.slice(1).join('-') ?? '-',
    );
    const kinds = await countBy(
      held.engine,
      "SELECT concat(facility, '-', mnemonic) AS name, count() AS rows FROM cisco_syslog GROUP BY name",
    );
    assert.deepStrictEqual(kinds, tally(names));
    const marks = await countBy(
      held.engine,
      "SELECT concat(toString(parse = 'unknown_kind'), '') AS name, count() AS rows FROM cisco_syslog GROUP BY name",
    );
    const unnamed = names.filter((name) => name === '-').length;
    assert.deepStrictEqual(marks, { 0: messages.length - unnamed, 1: unnamed });
  });
});
