/** Rows of a dump of Kippo's database that phpMyAdmin made. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A dump of Kippo's database by phpMyAdmin: a row on a line, behind its table's INSERT, which names the columns. */
export function readDumpedRows(
  data: string,
): { table: string; raw: string; row: Record<string, string | number | null> }[] {
  const dump = gunzipSync(readFileSync(join(data, 'wild/kippo-dump-2019/database/kippo.sql.gz'))).toString(
    'latin1',
  );
  let table = '';
  let columns: string[] = [];
  return dump.split('\n').flatMap((raw) => {
    const head = /^INSERT INTO `(\w+)` \((.*)\) VALUES$/.exec(raw);
    if (head !== null) {
      table = head[1]!;
      columns = head[2]!.split(', ').map((name) => name.replaceAll('`', ''));
    }
    if (
      !raw.startsWith('(') ||
      !['sessions', 'auth', 'input', 'downloads', 'clients', 'sensors'].includes(table)
    )
      return [];
    const cells = [...raw.slice(1).matchAll(/(NULL|-?\d+|'((?:[^'\\]|\\.)*)')[,)]/g)];
    const read = ([, whole, quoted]: RegExpExecArray): string | number | null =>
      whole === 'NULL' ? null : (quoted ?? Number(whole));
    return [{ table, raw, row: Object.fromEntries(columns.map((name, i) => [name, read(cells[i]!)])) }];
  });
}
