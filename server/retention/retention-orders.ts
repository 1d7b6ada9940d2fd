/** What the command line asks of the retention. */
import { budget_bytes_min, days_max } from '@apiary/model/api/settings.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from '../state/database.ts';
import {
  type RetentionKind,
  type RetentionLimit,
  readKeptFrom,
  retention_kinds,
  setLimit,
} from '../state/retention.ts';
import type { Retention } from './retention.ts';

export interface RetentionLine extends RetentionLimit {
  kind: RetentionKind;
  bytes: number;
  /** Nothing detected from this moment on has expired; null: nothing at all has. */
  kept_from: string | null;
}

export async function listRetention(retention: Retention, state: StateDatabase): Promise<RetentionLine[]> {
  const usage = await retention.usage();
  const kept_from = readKeptFrom(state);
  return retention_kinds.map((kind) => ({
    kind,
    ...retention.limits[kind],
    bytes: usage[kind],
    kept_from: kept_from[kind] === undefined ? null : new Date(kept_from[kind]).toISOString(),
  }));
}

const units: Record<string, number> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

function readDays(text: string): number | null {
  if (text === 'none') return null;
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > days_max)
    throw new OperationalError(
      'input_invalid',
      `--days ${text}: write whole days from 1 to ${days_max}, or none`,
    );
  return days;
}

function readBytes(text: string): number | null {
  if (text === 'none') return null;
  const match = /^(\d+(?:\.\d+)?)([kmgt]?)b?$/i.exec(text);
  const bytes = match === null ? 0 : Math.round(Number(match[1]) * units[match[2]!.toLowerCase()]!);
  if (bytes < budget_bytes_min)
    throw new OperationalError(
      'input_invalid',
      `--budget ${text}: write bytes, at least ${budget_bytes_min}, as 20G or 500M, or none`,
    );
  return bytes;
}

/** @param given what the command line said: `kind`, `days`, `budget` */
export function changeRetention(
  retention: Retention,
  state: StateDatabase,
  actor: string,
  given: Record<string, string>,
): void {
  const kind = retention_kinds.find((known) => known === given.kind);
  if (kind === undefined)
    throw new OperationalError(
      'input_invalid',
      `there is no kind "${given.kind}"; known are: ${retention_kinds.join(', ')}`,
    );
  if (given.days === undefined && given.budget === undefined)
    throw new OperationalError('input_invalid', 'say what to set: --days N or --budget SIZE');
  const before = retention.limits[kind];
  setLimit(state, actor, kind, {
    days: given.days === undefined ? before.days : readDays(given.days),
    bytes_max: given.budget === undefined ? before.bytes_max : readBytes(given.budget),
  });
}
