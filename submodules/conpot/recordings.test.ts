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

const line_pattern = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (.*)$/;
/** The words that a line about a visitor begins with, and which service it tells of. */
const visits: [RegExp, (found: RegExpExecArray) => string][] = [
  [
    /^New (.+?) connection from /,
    ([, name]) =>
      ({ S7: 's7comm', GuardianAST: 'guardian_ast', 'IEC 104': 'iec104' })[name as string] ??
      (name as string).toLowerCase(),
  ],
  [/^HTTP\S+ \S+ request from /, () => 'http'],
  [/^SNMP\S+ \S+ request from /, () => 'snmp'],
  [/^(Modbus|Kamstrup)(?: management)? traffic from /, ([, name]) => (name as string).toLowerCase()],
  [/^.* command attempt /, () => 'guardian_ast'],
  [/^Connection established with \('/, () => 'ipmi'],
];

for (const { log_folder, pattern } of [
  { log_folder: 'wild/snort-conpot-2019', pattern: /^conpot\.log/ },
  { log_folder: folder, pattern: /\.log/ },
]) {
  describe(`Conpot, logs of ${log_folder}`, { skip: missing(log_folder) }, () => {
    const held = withEngine(conpot);

    it('are counted as they are without our SQL', async () => {
      const files = filesIn(log_folder, pattern).map((file) => splitLines('log', readPlain(file)));
      for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
      const all = files.flat().map(({ raw }) => raw.toString('utf8'));
      const timed = all.flatMap((line) => line_pattern.exec(line)?.[1] ?? []);
      const marks = await countBy(
        held.engine,
        'SELECT toString(parse) AS name, count() AS rows FROM conpot_log GROUP BY name',
      );
      assert.equal(marks.ok, timed.length);
      assert.equal(marks.unknown_kind ?? 0, all.length - timed.length);
      const services = timed.flatMap((text) => {
        for (const [words, service] of visits) {
          const found = words.exec(text);
          if (found !== null) return [service(found)];
        }
        return [];
      });
      assert.deepStrictEqual(
        await countBy(held.engine, 'SELECT service AS name, count() AS rows FROM event GROUP BY name'),
        tally(services),
      );
    });
  });
}
