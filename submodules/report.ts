/**
 * What a submodule's server half reads from SQL files beside its views.
 *
 * Local reports: a submodule's `reports/*.sql`, in the form of model/report.ts. Their SELECT reads the submodule's
 * record tables by their plain names, with the parameters {from:DateTime64(6)}, {to:DateTime64(6)} (exclusive) and
 * {sensors:Array(UInt32)} (the ids, never empty). What several of them read, such as the union of a log and a database
 * that tell the same, stands once in `report-tables.sql`: `-- define NAME` begins a SELECT, which ends at the next one,
 * and `{{use NAME}}` in a report stands for it. A table in backquotes is not narrowed by a filter on the attacker
 * (server/reports/local-scope.ts): for tables that are about none.
 */
import assert from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseReport, type ReportText } from '@apiary/model/report.ts';
import type { Submodule } from '@apiary/model/submodule.ts';

const parameters = ['{from:DateTime64(6)}', '{to:DateTime64(6)}', '{sensors:Array(UInt32)}'];

/** All reports of a submodule, by name. A header that is wrong is our own mistake: an assertion. */
export function readReports(submodule: Submodule): ReportText[] {
  const folder = new URL('reports/', submodule.folder);
  if (!existsSync(folder)) return [];
  const tables = readTables(submodule);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = parseReport(file.slice(0, -4), readFileSync(new URL(file, folder), 'utf8'));
      const report = { ...text, sql: useTables(text, tables) };
      for (const parameter of parameters)
        assert(report.sql.includes(parameter), `report ${report.name} ignores ${parameter}`);
      return report;
    });
}

/** The SELECTs of `report-tables.sql`, by name. */
function readTables(submodule: Submodule): Map<string, string> {
  const file = new URL('report-tables.sql', submodule.folder);
  if (!existsSync(file)) return new Map();
  const [, ...parts] = readFileSync(file, 'utf8').split(/^-- define /m);
  return new Map(
    parts.map((part) => {
      const [name = '', ...lines] = part.split('\n');
      return [
        name,
        lines
          .filter((line) => !line.startsWith('--'))
          .join('\n')
          .trim(),
      ];
    }),
  );
}

const useTables = ({ name, sql }: ReportText, tables: ReadonlyMap<string, string>): string =>
  sql.replace(/\{\{use (\w+)\}\}/g, (_, table: string) => {
    const select = tables.get(table);
    assert(select !== undefined, `report ${name}: {{use ${table}}} without -- define ${table}`);
    return select;
  });

/**
 * The SELECT of the terminal recordings of a session, as `taken_sha256` of the type's record tables of whole files,
 * with the parameters {sensor:UInt32} and {session:String}; null where the type has none.
 */
export const readRecordings = (submodule: Submodule): string | null => readSql(submodule, 'recordings.sql');

/** The other way round: the SELECT of the `session` of a recording, with {sensor:UInt32} and {sha256:String}. */
export const readRecordedSessions = (submodule: Submodule): string | null =>
  readSql(submodule, 'recorded-sessions.sql');

function readSql({ folder }: Submodule, name: string): string | null {
  const file = new URL(name, folder);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
