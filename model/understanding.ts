/** What is said of records that were not understood, in the same words by pages and programs. */
import type { NotUnderstood } from './api/sensors.ts';

/** Stands where `parse` stands of others: kept raw, because no submodule of the server takes them. */
export const waiting_mark = 'waiting';

const number = new Intl.NumberFormat('en');

/** How many records were not understood, and whether it is more than a tenth, as with a wrong path or type. */
export function judgeUnderstanding({ records, marks }: NotUnderstood): {
  count: number;
  many: boolean;
  told: string;
  /** What to do where they are many. */
  remedy: string;
} {
  const count = marks.reduce((sum, one) => sum + one.count, 0);
  const nameOf = (mark: string): string =>
    mark === waiting_mark ? 'they wait raw for a submodule of their type' : mark;
  const named =
    marks.length === 1
      ? nameOf(marks[0]!.mark)
      : marks.map((one) => `${nameOf(one.mark)} ${number.format(one.count)}`).join(', ');
  return {
    count,
    many: count * 10 > records,
    told: `${number.format(count)} of ${number.format(records)} records of the last 24 h are not understood (${named})`,
    remedy: marks.some(({ mark }) => mark === waiting_mark)
      ? 'Add the submodule of its type: docs/guide/submodule.md. Or was another type meant?'
      : 'Is the path right, and the sensor type?',
  };
}
