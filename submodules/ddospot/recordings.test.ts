/** Whole recordings of DDoSPot, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { readDatabase } from '../../tests/read-database.ts';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as ddospot } from './index.ts';

const folder = 'wild/tpot-2022/ddospot/log';

describe(`DDoSPot, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(ddospot);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /pot\.log/);
    const requests: { pot: string; line: Record<string, unknown> }[] = [];
    let others = 0;
    for (const [index, file] of files.entries()) {
      const records = splitLines('log', readPlain(file));
      await landAll(held.engine, records, BigInt(index + 1));
      // The name of the file says which pot it is; the SQL knows it by the fields of the line.
      const pot = /(\w+)pot\.log/.exec(file)?.[1]?.replace(/^nt$/, 'ntp').replace(/^ssd$/, 'ssdp') as string;
      for (const { raw } of records) {
        const text = raw.toString('utf8');
        if (text.startsWith('{')) requests.push({ pot, line: JSON.parse(text) });
        else others += 1;
      }
    }
    assert.equal(requests.length, 5_663);
    assert.equal(others, 8_149);
    const marks = await countBy(
      held.engine,
      'SELECT toString(parse) AS name, count() AS rows FROM ddospot_log GROUP BY name',
    );
    assert.deepStrictEqual(marks, { ok: requests.length + others });
    const services = await countBy(
      held.engine,
      'SELECT service AS name, count() AS rows FROM event GROUP BY name',
    );
    assert.deepStrictEqual(services, tally(requests.map(({ pot }) => pot)));
    const sources = await countBy(
      held.engine,
      "SELECT replaceOne(toString(source_ip), '::ffff:', '') AS name, count() AS rows FROM event GROUP BY name",
    );
    assert.deepStrictEqual(sources, tally(requests.map(({ line }) => String(line.src_ip))));
  });
});

const databases = 'wild/tpot-2022/ddospot/db';

describe(`DDoSPot, databases of ${databases}`, { skip: missing(databases) }, () => {
  const held = withEngine(ddospot);

  it('are counted as SQLite counts them', async () => {
    const source = ddospot.sources.find(({ kind }) => kind === 'sqlite');
    assert(source?.kind === 'sqlite');
    const flows: Record<string, number> = {};
    let requests = 0;
    for (const [index, path] of filesIn(databases, /\.sqlite3$/).entries()) {
      await landAll(held.engine, readDatabase(path, source), BigInt(index + 1));
      const database = new DatabaseSync(`file:${path}?immutable=1`, { readOnly: true });
      const [table] = database
        .prepare("SELECT name FROM sqlite_master WHERE name LIKE '%\\_attack' ESCAPE '\\'")
        .all();
      const pot = String(table?.name)
        .replace(/pot_attack$/, '')
        .replace(/^nt$/, 'ntp')
        .replace(/^ssd$/, 'ssdp');
      const counted = database.prepare(`SELECT count(*) AS n, sum(count) AS sum FROM ${table?.name}`).get();
      // Each sender as SQLite computes its address.
      const senders = database
        .prepare(
          `SELECT (src_id >> 24) || '.' || (src_id >> 16 & 255) || '.' || (src_id >> 8 & 255) || '.' || (src_id & 255) AS ip
            FROM ${table?.name}`,
        )
        .all();
      database.close();
      flows[pot] = Number(counted?.n);
      requests += Number(counted?.sum ?? 0);
      const [record] = await held.engine.query<{ ok: string; sum: string }>(
        `SELECT countIf(parse = 'ok') AS ok, sum(\`count\`) AS sum FROM ddospot_${pot}_attack`,
      );
      assert.deepStrictEqual(
        [Number(record?.ok), Number(record?.sum)],
        [flows[pot], Number(counted?.sum ?? 0)],
      );
      const seen = await countBy(
        held.engine,
        `SELECT replaceOne(toString(source_ip), '::ffff:', '') AS name, count() AS rows FROM event
          WHERE sensor_table = 'ddospot_${pot}_attack' GROUP BY name`,
      );
      assert.deepStrictEqual(seen, tally(senders.map(({ ip }) => String(ip))));
    }
    assert.equal(flows.ntp, 2_948);
    assert.deepStrictEqual(
      [Object.values(flows).reduce((sum, n) => sum + n, 0), requests],
      [3_024, 11_589_973],
    );
  });
});
