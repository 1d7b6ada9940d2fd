/**
 * What a submodule's server half reads from SQL files beside its views.
 *
 * Local reports: a submodule's `reports/*.sql`, in the form of model/report.ts. Their SELECT reads the submodule's
 * record tables by their plain names, with the parameters {from:DateTime64(6)}, {to:DateTime64(6)} (exclusive) and
 * {sensors:Array(UInt32)} (the ids, never empty).
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
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const report = parseReport(file.slice(0, -4), readFileSync(new URL(file, folder), 'utf8'));
      for (const parameter of parameters)
        assert(report.sql.includes(parameter), `report ${report.name} ignores ${parameter}`);
      return report;
    });
}

/**
 * The SELECT of the terminal recordings of a session, as `taken_sha256` of the type's record tables of whole files,
 * with the parameters {sensor:UInt32} and {session:String}; null where the type has none.
 */
export function readRecordings(submodule: Submodule): string | null {
  const file = new URL('recordings.sql', submodule.folder);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
