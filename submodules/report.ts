/**
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
