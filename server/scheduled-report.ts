/** The file of a report that goes out by mail: its address, as a page has it, made into a filter again. */

import type { ReportSchedule } from '@apiary/model/api/alerts.ts';
import { explore_query_schema } from '@apiary/model/api/explore.ts';
import { filter_schema } from '@apiary/model/api/filter.ts';
import type { z } from 'zod';
import { type ReportFile, writeReport } from './exports/report-file.ts';
import { readInput } from './read-input.ts';
import type { Catalogue } from './reports/catalogue.ts';
import type { Reader } from './reports/count-by.ts';
import { makeExploration } from './reports/explore.ts';
import { wholeView } from './reports/view.ts';
import type { StateDatabase } from './state/database.ts';

/** A query string as the API reads it: a repeated word is a list. */
function readQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = query[name];
    query[name] = before === undefined ? value : [...[before].flat(), value];
  }
  return query;
}

/** @throws OperationalError input_invalid, not_found */
export function makeScheduledReport(
  { store, state, catalogue }: { store: Reader; state: StateDatabase; catalogue: Catalogue },
  { address, format }: Pick<ReportSchedule, 'address' | 'format'>,
  now_ms: number,
): Promise<ReportFile> {
  // Who sees everything schedules it, and answers for whom it is sent to.
  const view = wholeView(store, state);
  const [path = '', query = ''] = address.split('?');
  const parse = <T extends z.ZodType>(schema: T): z.output<T> => readInput(schema, readQuery(query), address);
  if (path === '/explore') {
    const { measure, by, over, top, ...filter } = parse(explore_query_schema);
    const entry = makeExploration({
      measures: measure ?? ['events'],
      by: by ?? [],
      over_time: over === 'time',
      top,
    });
    return writeReport(entry, view, filter, format, now_ms);
  }
  const entry = catalogue.find(path.replace(/^\/reports\//, ''));
  return writeReport(entry, view, parse(filter_schema), format, now_ms);
}
