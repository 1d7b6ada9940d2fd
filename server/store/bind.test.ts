import assert from 'node:assert';
import { test } from 'node:test';
import { bindParameters } from './bind.ts';

/** Values in the form of ClickHouse's HTTP interface. */
const bind = (sql: string, params: Record<string, string>): string =>
  bindParameters(sql, new Map(Object.entries(params)));

test('a value stands in the query as a literal that cannot end it', () => {
  assert.strictEqual(
    bind('SELECT {a:String}', { a: "x\\' OR 1 --" }),
    "SELECT CAST('x\\' OR 1 --', 'String')",
  );
  assert.strictEqual(
    bind('SELECT {a:String}', { a: 'tab\\tback\\\\slash' }),
    "SELECT CAST('tab\\tback\\\\slash', 'String')",
  );
  assert.strictEqual(bind('LIMIT {n:UInt32}', { n: '50' }), 'LIMIT 50');
});

test('quotes inside an array stay quoted', () => {
  assert.strictEqual(
    bind('SELECT {a:Array(String)}', { a: "['a\\'b','c']" }),
    "SELECT CAST('[\\'a\\\\\\'b\\',\\'c\\']', 'Array(String)')",
  );
});

test('what looks like a parameter inside strings, names and comments is left alone', () => {
  const sql = 'SELECT \'{a:String}\', "{a:String}", `{a:String}` -- {a:String}\n/* {a:String} */';
  assert.strictEqual(bind(sql, { a: 'x' }), sql);
});

test('a missing value and an odd type are refused', () => {
  assert.throws(() => bind('SELECT {a:String}', {}), /parameter a has no value/);
  assert.throws(() => bind("SELECT {a:String') FROM x}", { a: 'x' }), /has the type/);
});
