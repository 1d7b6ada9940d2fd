/** Whole recordings of Suricata, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as suricata } from './index.ts';

const folder = 'wild/suricata/data';

describe(`Suricata, recordings of ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(suricata);

  it('are counted as they are without our SQL', async () => {
    const files = filesIn(folder, /^eve.*json/).map((file) => splitLines('eve', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    const kinds = await countBy(
      held.engine,
      "SELECT event_type AS name, count() AS rows FROM suricata_eve WHERE parse = 'ok' GROUP BY name",
    );
    assert.deepStrictEqual(kinds, tally(all.map(({ event_type }) => event_type)));

    const alerts = all.filter(({ event_type }) => event_type === 'alert');
    const of = (column: string): Promise<Record<string, number>> =>
      countBy(held.engine, `SELECT ${column} AS name, count() AS rows FROM event GROUP BY name`);
    assert.deepStrictEqual(await of('signature'), tally(alerts.map(({ alert }) => alert.signature)));
    assert.deepStrictEqual(
      await of('toString(destination_port)'),
      tally(alerts.map(({ dest_port }) => String(dest_port ?? 0))),
    );
    const urls = alerts.map(({ http }) => (http?.hostname ? `http://${http.hostname}${http.url ?? ''}` : ''));
    assert.deepStrictEqual(await of('url'), tally(urls));
  });
});
