/** Whole recordings of Snort 3, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as snort } from './index.ts';

const folder = 'wild/snort3-json';

describe(`Snort, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(snort);

  it('is counted as it is without our SQL', async () => {
    const lines = filesIn(folder, /^alert_json/).flatMap((file) => splitLines('json', readPlain(file)));
    await landAll(held.engine, lines, 1n);
    const all = lines.map(({ raw }) => JSON.parse(raw.toString('utf8')));
    assert.equal(all.length, 240);
    const [record] = await held.engine.query<{ rows: string }>(
      "SELECT count() AS rows FROM snort_json WHERE parse = 'ok' AND detect_basis = 'year_assumed'",
    );
    assert.equal(Number(record?.rows), 240);
    const of = (column: string): Promise<Record<string, number>> =>
      countBy(held.engine, `SELECT ${column} AS name, count() AS rows FROM event GROUP BY name`);
    assert.deepStrictEqual(await of('signature'), tally(all.map(({ msg }) => msg)));
    assert.deepStrictEqual(
      await of("replaceOne(toString(source_ip), '::ffff:', '')"),
      tally(all.map(({ dir, src_addr, dst_addr }) => (dir === 'S2C' ? dst_addr : src_addr))),
    );
    assert.deepStrictEqual(
      await of('toString(destination_port)'),
      tally(all.map(({ dir, src_port, dst_port }) => String((dir === 'S2C' ? src_port : dst_port) ?? 0))),
    );
    assert.deepStrictEqual(
      await of("formatDateTime(detect_ts, '%m/%d-%H:%i:%S', 'UTC')"),
      tally(all.map(({ timestamp }) => timestamp.slice(0, 14))),
    );
  });
});

const full_folder = 'wild/snort-conpot-2019';

describe(`Snort, recording ${full_folder}`, { skip: missing(full_folder) }, () => {
  const held = withEngine(snort);

  it('is counted as it is without our SQL', async () => {
    const text = filesIn(full_folder, /^alert/)
      .map((file) => readPlain(file).toString('latin1'))
      .join('');
    const all = text.split('\n\n').filter((paragraph) => paragraph.trim() !== '');
    const records = all.map((paragraph, index) => ({
      stream: 'full',
      place: BigInt(index),
      version: 0,
      flags: 0,
      raw: Buffer.from(paragraph, 'latin1'),
    }));
    await landAll(held.engine, records, 1n);
    const heads = (text.match(/^\[\*\*\]/gm) ?? []).length;
    const whole = all.filter((paragraph) =>
      /^\[\*\*\][^\n]*\n[\s\S]*^\d\d\/\d\d-\S+ \S+ -> \S+$/m.test(paragraph),
    );
    assert(heads > 2_000 && heads - whole.length < heads / 1000, `${heads} heads, ${whole.length} whole`);
    const marks = await countBy(
      held.engine,
      "SELECT toString(parse) AS name, count() AS rows FROM snort_full WHERE parse = 'ok' GROUP BY name",
    );
    assert.deepStrictEqual(marks, { ok: whole.length });
    const signatures = await countBy(
      held.engine,
      "SELECT extra['signature_id'] AS name, count() AS rows FROM event WHERE source_ip != toIPv6('::') GROUP BY name",
    );
    assert.deepStrictEqual(
      signatures,
      tally(whole.map((paragraph) => /\[(\d+:\d+:\d+)\]/.exec(paragraph)?.[1] ?? '')),
    );
    const ports = await countBy(
      held.engine,
      "SELECT toString(destination_port) AS name, count() AS rows FROM event WHERE source_ip != toIPv6('::') GROUP BY name",
    );
    assert.deepStrictEqual(
      ports,
      tally(whole.map((paragraph) => / -> [\d.]+(?::(\d+))?$/m.exec(paragraph)?.[1] ?? '0')),
    );
  });
});
