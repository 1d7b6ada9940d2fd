/** A whole kern.log, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as iptables } from './index.ts';

const folder = 'wild/opencanary-2021/logs';

describe(`iptables, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(iptables);

  it('is counted as it is without our SQL', async () => {
    const lines = filesIn(folder, /^kern\.log/).flatMap((file) => splitLines('kernel', readPlain(file)));
    await landAll(held.engine, lines, 1n);
    const all = lines.map(({ raw }) => raw.toString('latin1'));
    const packets = all.filter((line) => line.includes('canaryfw:'));
    const marks = await countBy(
      held.engine,
      'SELECT toString(parse) AS name, count() AS rows FROM iptables_kernel GROUP BY name',
    );
    assert.deepStrictEqual(marks, { ok: packets.length, unknown_kind: all.length - packets.length });
    assert.equal(packets.length, 148);

    const begins = packets.filter((line) => !/ RES=\S+ .*(ACK|RST)/.test(line));
    const ports = await countBy(
      held.engine,
      'SELECT toString(destination_port) AS name, count() AS rows FROM event GROUP BY name',
    );
    assert.deepStrictEqual(ports, tally(begins.map((line) => / DPT=(\d+)/.exec(line)?.[1] ?? '0')));
    const prefixes = await countBy(
      held.engine,
      'SELECT PREFIX AS name, count() AS rows FROM iptables_kernel GROUP BY name',
    );
    assert.equal(prefixes['canaryfw:'], 148);
  });
});
