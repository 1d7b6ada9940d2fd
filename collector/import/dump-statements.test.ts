import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpedTables, readCreate, StatementCutter } from './dump-statements.ts';

/** Every way to cut the text into two pieces gives the same statements. */
function cutEverywhere(text: string): string[] {
  const cut = (at: number): { statements: string[]; rest: string } => {
    const cutter = new StatementCutter();
    const found = [...cutter.push(text.slice(0, at)), ...cutter.push(text.slice(at))];
    for (const { sql, offset } of found) assert.ok(text.slice(offset).includes(sql));
    return { statements: found.map(({ sql }) => sql), rest: cutter.finish().rest };
  };
  const whole = cut(text.length);
  assert.equal(whole.rest, '');
  for (let at = 0; at < text.length; at += 1) assert.deepEqual(cut(at), whole, `cut at ${at}`);
  return whole.statements;
}

test('statements end at semicolons that are in no text, name or comment', () => {
  const text = `-- it's; a comment
/* one; */ INSERT INTO \`a;b\` VALUES ('x;''y\\';z', "q;\\"r"); # 'odd;
/*!40000 ALTER TABLE \`auth\` DISABLE KEYS */;
--not a comment;
SELECT 1-- 2;
;
-- Dump completed; really
`;
  assert.deepEqual(cutEverywhere(text), [
    "INSERT INTO `a;b` VALUES ('x;''y\\';z', \"q;\\\"r\");",
    '/*!40000 ALTER TABLE `auth` DISABLE KEYS */;',
    '--not a comment;',
    'SELECT 1-- 2;\n;',
  ]);
});

test('what is left of a torn dump is told with its place', () => {
  const cutter = new StatementCutter();
  const [first] = cutter.push("SELECT 1;\nINSERT INTO t VALUES ('half; of");
  assert.equal(first?.sql, 'SELECT 1;');
  assert.deepEqual(cutter.finish(), { rest: "INSERT INTO t VALUES ('half; of", offset: 9 });
});

test('columns of a table, keys and constraints left out', () => {
  const sql =
    'CREATE TABLE IF NOT EXISTS `auth` (\n  `id` int(11) NOT NULL,\n  `pass word` text,\n  PRIMARY KEY (`id`),\n  KEY `k` (`id`)\n) ENGINE=InnoDB;';
  assert.deepEqual(readCreate(sql), { database: '', table: 'auth', columns: ['id', 'pass word'] });
  assert.deepEqual(
    readCreate(
      'CREATE TABLE "kippo"."au""th" (\n  "id" int,\n  "key" text,\n  PRIMARY KEY ("id"),\n  CONSTRAINT "c" CHECK (1)\n);',
    ),
    { database: 'kippo', table: 'au"th', columns: ['id', 'key'] },
  );
  assert.deepEqual(readCreate('CREATE TABLE auth (\n  id int,\n  PRIMARY KEY (id),\n  KEY k (id)\n);'), {
    ...{ database: '', table: 'auth', columns: ['id'] },
  });
  assert.equal(readCreate('CREATE VIEW `v` AS SELECT 1;'), undefined);
  assert.deepEqual(
    dumpedTables(`x\n${sql}\nINSERT INTO \`input\` VALUES (1);\nINSERT INTO \`auth\` VALUES (1);`),
    ['auth', 'input'],
  );
});
