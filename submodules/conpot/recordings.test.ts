/** Whole recordings of Conpot, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as conpot } from './index.ts';

const folder = 'wild/tpot-2022/conpot/log';

describe(`Conpot, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(conpot);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /\.json/).map((file) => splitLines('json', readPlain(file)));
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    assert.equal(all.length, 480);
    const kinds = await countBy(
      held.engine,
      "SELECT concat(data_type, ' ', event_type) AS name, count() AS rows FROM conpot_json WHERE parse = 'ok' GROUP BY name",
    );
    assert.deepStrictEqual(kinds, tally(all.map((line) => `${line.data_type} ${line.event_type ?? ''}`)));

    // The recording has connections, SNMP that only reads, AST I20100 alone, and requests to Kamstrup.
    const yielded = all.flatMap(({ data_type, event_type, request }) => {
      if (event_type === 'NEW_CONNECTION') return ['probe'];
      if (request === null) return [];
      return [data_type === 'snmp' || data_type === 'guardian_ast' ? 'read' : 'input'];
    });
    const actions = await countBy(
      held.engine,
      'SELECT toString(action) AS name, count() AS rows FROM event GROUP BY name',
    );
    assert.deepStrictEqual(actions, tally(yielded));
    const objects = await countBy(
      held.engine,
      "SELECT target AS name, count() AS rows FROM event WHERE service = 'snmp' GROUP BY name",
    );
    const asked = all.filter(({ data_type }) => data_type === 'snmp').map(({ request }) => request.oid);
    assert.deepStrictEqual(objects, tally(asked));
  });
});
