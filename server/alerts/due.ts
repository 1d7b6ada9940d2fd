/** When a report goes out next. */
import type { ReportSchedule } from '@apiary/model/api/alerts.ts';

/** @returns the first time after now, in milliseconds since 1970 */
export function nextDue({ every, hour }: Pick<ReportSchedule, 'every' | 'hour'>, now_ms: number): number {
  const date = new Date(now_ms);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  for (let ahead = 0; ahead < 40; ahead += 1) {
    const due = new Date(Date.UTC(year, month, day + ahead, hour));
    const is_day = every === 'day' || (every === 'week' ? due.getUTCDay() === 1 : due.getUTCDate() === 1);
    if (is_day && due.getTime() > now_ms) return due.getTime();
  }
  throw new Error(`no month has a first day within forty of ${date.toISOString()}`);
}
