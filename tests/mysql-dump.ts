/** Rows of a mysqldump, for tests that count what it holds; in the form of JSON in which the collector sends rows. */
import assert from 'node:assert';

export type DumpValue = string | number | null | { $hex: string };
export type DumpRow = Record<string, DumpValue>;

const escapes: Record<string, string> = { 0: '\0', n: '\n', r: '\r', t: '\t', Z: '\x1a' };
const value_pattern = /NULL|-?\d+|'([^'\\]*(?:\\[\s\S][^'\\]*)*)'/y;

/** A string of the dump, which is read as latin1: text where its bytes are UTF-8. */
function readString(escaped: string, is_binary: boolean): DumpValue {
  const bytes = Buffer.from(
    escaped.replace(/\\([\s\S])/g, (_, letter: string) => escapes[letter] ?? letter),
    'latin1',
  );
  const text = bytes.toString('utf8');
  return is_binary || !Buffer.from(text).equals(bytes) ? { $hex: bytes.toString('hex') } : text;
}

/**
 * The rows of a table: mysqldump writes each on a line of its own, behind the table's INSERT.
 * @param dump read as latin1, which keeps every byte
 * @param binary columns that are bytes whatever is in them
 */
export function readDump(dump: string, table: string, binary: readonly string[] = []): DumpRow[] {
  const definition = new RegExp(`CREATE TABLE \`${table}\` \\(\\n([\\s\\S]*?)\\n\\)`).exec(dump)?.[1] ?? '';
  const names = [...definition.matchAll(/^ {2}`(\w+)`/gm)].map((match) => match[1] as string);
  const rows: DumpRow[] = [];
  for (const { index, 0: head } of dump.matchAll(new RegExp(`^INSERT INTO \`${table}\` VALUES\\n`, 'gm'))) {
    let at = index + head.length;
    for (let goes_on = true; goes_on; ) {
      assert.equal(dump[at], '(');
      const row: DumpRow = {};
      for (const name of names) {
        value_pattern.lastIndex = at + 1;
        const match = value_pattern.exec(dump);
        assert(match !== null, `${table} at ${at}`);
        if (match[1] !== undefined) row[name] = readString(match[1], binary.includes(name));
        else row[name] = match[0] === 'NULL' ? null : Number(match[0]);
        at = value_pattern.lastIndex;
      }
      assert.equal(dump[at], ')');
      rows.push(row);
      goes_on = dump[at + 1] === ',';
      at += 3;
    }
    assert.equal(dump[at - 2], ';');
  }
  return rows;
}
