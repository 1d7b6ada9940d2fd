/** Any field by any field over time: the words in which such a question is asked. */
import { type EqualColumn, equal_columns } from './filter-columns.ts';

/** What is counted. `distinct:COLUMN` counts the different values of a column. */
export const explore_measures = ['events', 'sources', 'sessions', 'sensors', 'networks'] as const;
export type ExploreMeasure = (typeof explore_measures)[number] | `distinct:${EqualColumn}`;

/** By what it is counted: a column of the events, or their sensor. */
export const explore_columns = [
  'sensor',
  ...equal_columns.filter((column) => column !== 'segment_id'),
] as const;
export type ExploreColumn = (typeof explore_columns)[number];

export const measures_max = 4;
export const groupings_max = 3;
export const groups_max = 1000;

export interface ExploreQuestion {
  measures: ExploreMeasure[];
  by: ExploreColumn[];
  over_time: boolean;
  /** Groups that are told, the largest by the first measure. */
  top: number;
}

export const isMeasure = (text: string): text is ExploreMeasure =>
  (explore_measures as readonly string[]).includes(text) ||
  (text.startsWith('distinct:') &&
    (equal_columns as readonly string[]).includes(text.slice('distinct:'.length)));
