/** One template, three renderings: the cluster's is held here as text, because no cluster is here to run it on. */
import assert from 'node:assert';
import { test } from 'node:test';
import { renderMigration } from './schema.ts';
import { renderTemplate, splitSelects, splitStatements } from './template.ts';

const template = '-- A table.\nCREATE TABLE {{table thing}} (a UInt8) ENGINE = {{merge_tree}} ORDER BY a;\n';

test('a migration on one server', () => {
  assert.deepStrictEqual(renderMigration(template, 'single'), [
    'CREATE TABLE IF NOT EXISTS thing (a UInt8) ENGINE = MergeTree ORDER BY a',
  ]);
});

test('a migration on a cluster: replicated, stored locally, read through Distributed', () => {
  assert.deepStrictEqual(renderMigration(template, 'cluster'), [
    "CREATE TABLE IF NOT EXISTS thing_local ON CLUSTER 'apiary' (a UInt8) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}') ORDER BY a",
    "CREATE TABLE IF NOT EXISTS thing ON CLUSTER 'apiary' AS thing_local ENGINE = Distributed('apiary', currentDatabase(), 'thing_local', cityHash64(sensor_id))",
  ]);
});

test('a migration on local shards: each shard is a view of the sensors that hash to it', () => {
  assert.deepStrictEqual(renderMigration(template, 'local_shards').slice(1), [
    'CREATE VIEW IF NOT EXISTS thing_local AS SELECT * FROM thing_stored WHERE cityHash64(sensor_id) % 2 = shardNum() - 1',
    "CREATE TABLE IF NOT EXISTS thing AS thing_stored ENGINE = Distributed('apiary', currentDatabase(), 'thing_local', cityHash64(sensor_id))",
  ]);
});

test('tables that the server fills itself lie on the first shard: they have no key', () => {
  const home = template.replace('thing', 'attack');
  assert.match(
    renderMigration(home, 'cluster')[1]!,
    /Distributed\('apiary', currentDatabase\(\), 'attack_local'\)$/,
  );
  assert.match(renderMigration(home, 'local_shards')[1]!, /FROM attack_stored WHERE shardNum\(\) = 1$/);
});

test('views write to where a table is stored', () => {
  assert.strictEqual(
    renderTemplate('FROM {{landing cowrie}}', { rendering: 'cluster', table: 'cowrie_json' }),
    'FROM landing_cowrie_json_local',
  );
  assert.strictEqual(
    renderTemplate('FROM {{record cowrie_json}}', { rendering: 'local_shards' }),
    'FROM cowrie_json_stored',
  );
  assert.throws(() => renderTemplate('{{nothing}}', { rendering: 'single' }), /does not exist/);
});

test('files of several statements and SELECTs come apart at their marks', () => {
  assert.deepStrictEqual(splitStatements('-- one\nA;\n-- two\nB; -- not here\nC;\n').length, 2);
  assert.deepStrictEqual(splitSelects('-- into a_b\nSELECT 1;\n-- into c (why)\nSELECT 2\n', 'into'), [
    { table: 'a_b', select: 'SELECT 1' },
    { table: 'c', select: 'SELECT 2' },
  ]);
});

test('a fragment stands where it is used, with its words', () => {
  const text =
    '-- define named\n-- Why it is here.\n{{1}}.{{2}} AS {{2}}\n\n-- into a_b\nSELECT {{use named p x}}, {{use named q y}} FROM {{landing a}}\n';
  assert.deepStrictEqual(splitSelects(text, 'into'), [
    { table: 'a_b', select: 'SELECT p.x AS x, q.y AS y FROM {{landing a}}' },
  ]);
  assert.throws(
    () => splitSelects('-- into a_b\nSELECT {{use nothing}}\n', 'into'),
    /without -- define nothing/,
  );
});
