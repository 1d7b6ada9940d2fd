/** The catalogue: global reports over the events, and the local ones that submodules bring. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Report } from '@apiary/model/api/reports.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { parseReport, type ReportText } from '@apiary/model/report.ts';

/** The local reports of one sensor type. */
export interface LocalReports {
  sensor_type: string;
  title: string;
  reports: readonly ReportText[];
}

export interface CatalogueEntry {
  report: Report;
  text: ReportText;
}

const folder = new URL('./global/', import.meta.url);

export const describeReport = (text: ReportText, sensor_type: string | null, group: string): Report => ({
  id: `${sensor_type ?? 'global'}/${text.name}`,
  kind: sensor_type === null ? 'global' : 'local',
  sensor_type,
  group,
  title: text.title,
  question: text.question,
  columns: text.columns.map((column) => ({ ...column, link: column.link ?? null })),
  chart: text.chart,
  only: text.only,
  any_vantage: sensor_type !== null || text.any_vantage,
});

export function readGlobalReports(): ReportText[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseReport(file.slice(0, -4), readFileSync(new URL(file, folder), 'utf8')));
}

export class Catalogue {
  readonly #entries: ReadonlyMap<string, CatalogueEntry>;

  constructor(local: readonly LocalReports[]) {
    const entries = [
      ...readGlobalReports().map((text) => ({ report: describeReport(text, null, text.group), text })),
      ...local.flatMap(({ sensor_type, title, reports }) =>
        reports.map((text) => ({ report: describeReport(text, sensor_type, title), text })),
      ),
    ];
    this.#entries = new Map(entries.map((entry) => [entry.report.id, entry]));
  }

  list(): CatalogueEntry[] {
    return [...this.#entries.values()];
  }

  /** @throws OperationalError `not_found` */
  find(id: string): CatalogueEntry {
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      const [kind] = id.split('/');
      const near = [...this.#entries.keys()].filter((known) => known.startsWith(`${kind}/`));
      throw new OperationalError(
        'not_found',
        `there is no report ${JSON.stringify(id)}${near.length === 0 ? '; the first part is global or a sensor type, as in global/sources' : `; of ${kind} there are: ${near.join(', ')}`}`,
      );
    }
    return entry;
  }
}
