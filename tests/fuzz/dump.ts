/** Dumps of MySQL, in two pieces: statements, columns and rows. */
import { type DumpStatement, readCreate, StatementCutter } from '@apiary/collector/import/dump-statements.ts';
import { freshContext, readStatement } from '@apiary/collector/readers/mysql-statement.ts';
import type { FuzzDecoder } from './decoder.ts';

const seeds = [
  "-- dump\n/*!40101 SET NAMES utf8 */;\nCREATE TABLE `auth` (\n  `id` int(11) NOT NULL,\n  `password` varchar(100)\n);\nINSERT INTO `auth` VALUES\n(1,'it''s; -- no comment'),\n(2,'\\'\\\\'),(3,0x00ff),(4,_binary 'x;y');\n",
  'USE `kippo`;\n# a comment; with a sign\nINSERT INTO `kippo`.`input` (`id`, `input`) VALUES (1, "wget `x`; rm"), (-2, NULL); -- end\n',
].map((text) => Buffer.from(text));

export const dump: FuzzDecoder = {
  name: 'dump',
  seeds,
  words: ["'", '"', '`', ';', '\\', '--', '-- ', '#', '/*', '*/', '/*!', '\n', '('],
  decode(input) {
    const text = input.toString('latin1');
    const cutter = new StatementCutter();
    const middle = text.length >> 1;
    const statements: DumpStatement[] = [
      ...cutter.push(text.slice(0, middle)),
      ...cutter.push(text.slice(middle)),
    ];
    const { rest } = cutter.finish();
    const context = freshContext('UTC');
    for (const { sql } of statements) {
      readCreate(sql);
      readStatement(sql, context);
    }
    return statements.reduce((sum, { sql }) => sum + sql.length, rest.length);
  },
  outputMax: (input_bytes) => input_bytes,
};
