/** Looks whether a condition holds, and says in lines what it found. */
import type { AlertCondition } from '@apiary/model/api/alerts.ts';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { countMatching, farIncidents, firstValues, type ReceiptWindow } from '../reports/alert-queries.ts';
import type { Reader } from '../reports/count-by.ts';
import { forgetTold, tellOnce, toldKeys } from '../state/alerts.ts';
import type { StateDatabase } from '../state/database.ts';
import { describeHealth } from '../state/health-now.ts';

export interface EvaluateOptions {
  store: Reader;
  state: StateDatabase;
  inventory: Inventory;
  window: ReceiptWindow;
  now_ms: number;
}

export interface Finding {
  count: number;
  lines: string[];
}

const nothing: Finding = { count: 0, lines: [] };
const day_ms = 86_400_000;
/** Incidents that had something so lately are looked at; older ones were told in their time. */
const incident_days = 7;

type Of<K extends AlertCondition['kind']> = Extract<AlertCondition, { kind: K }>;

async function findEvents(
  condition: Of<'events'>,
  { store, inventory, window }: EvaluateOptions,
): Promise<Finding> {
  const { more_than, minutes } = condition;
  const stretch = BigInt(minutes) * 60_000_000n;
  // Without a number each event counts once; with one the last minutes count, again and again.
  const from_us = more_than === 0 ? window.from_us : window.until_us - stretch;
  const { count, lines } = await countMatching(store, inventory, condition, { ...window, from_us });
  if (count <= more_than) return nothing;
  return more_than === 0
    ? { count, lines }
    : { count: 1, lines: [`${count} events within ${minutes} min, more than ${more_than}`, ...lines] };
}

async function findFirst(
  condition: Of<'first_seen'>,
  { store, inventory, window }: EvaluateOptions,
): Promise<Finding> {
  const values = await firstValues(store, inventory, condition, window);
  return {
    count: values.length,
    lines: values.map(
      (value) => `${condition.column.replaceAll('_', ' ')} never seen before: ${value.slice(0, 300)}`,
    ),
  };
}

/** A sensor that speaks again is told anew when it falls silent again. */
function findSilent(
  rule_id: number,
  { minutes }: Of<'sensor_silent'>,
  { state, now_ms }: EvaluateOptions,
): Finding {
  const { sensors } = describeHealth(state, now_ms);
  const before = now_ms - minutes * 60_000;
  const lines: string[] = [];
  for (const { sensor_id, name, retired, condition, source_changed_ms, since_ms, detail } of sensors) {
    const seen_ms = condition === 'live' ? now_ms : (source_changed_ms ?? since_ms);
    const is_silent = !retired && condition !== 'never' && seen_ms !== null && seen_ms < before;
    if (!is_silent) forgetTold(state, rule_id, String(sensor_id));
    else if (tellOnce(state, rule_id, String(sensor_id), now_ms))
      lines.push(
        `sensor ${name} is ${condition}: nothing new since ${new Date(seen_ms).toISOString().slice(0, 19)}Z${detail === '' ? '' : ` (${detail})`}`,
      );
  }
  return { count: lines.length, lines };
}

async function findIncidents(
  rule_id: number,
  { stage }: Of<'incident'>,
  options: EvaluateOptions,
): Promise<Finding> {
  const { store, state, now_ms } = options;
  const incidents = await farIncidents(store, stage, now_ms - incident_days * day_ms);
  const lines = incidents
    .filter(({ number, stage: got }) => tellOnce(state, rule_id, `${number} ${got}`, now_ms))
    .map(({ line }) => line);
  return { count: lines.length, lines };
}

function findNotices(rule_id: number, { state, now_ms }: EvaluateOptions): Finding {
  const told = new Set(toldKeys(state, rule_id));
  const notices = state
    .all<{ alert_id: number; subject: string; message: string }>(
      'SELECT alert_id, subject, message FROM alert WHERE last_ms >= ? ORDER BY alert_id',
      now_ms - day_ms,
    )
    .filter(({ alert_id }) => !told.has(String(alert_id)));
  for (const { alert_id } of notices) tellOnce(state, rule_id, String(alert_id), now_ms);
  return { count: notices.length, lines: notices.map(({ subject, message }) => `${subject}: ${message}`) };
}

export async function evaluate(
  rule_id: number,
  condition: AlertCondition,
  options: EvaluateOptions,
): Promise<Finding> {
  switch (condition.kind) {
    case 'events':
      return findEvents(condition, options);
    case 'first_seen':
      return findFirst(condition, options);
    case 'sensor_silent':
      return findSilent(rule_id, condition, options);
    case 'incident':
      return findIncidents(rule_id, condition, options);
    case 'notice':
      return findNotices(rule_id, options);
  }
}
