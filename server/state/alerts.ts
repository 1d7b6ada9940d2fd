/** Channels, rules, schedules and messages of alerts. */
import type {
  AlertChannel,
  AlertMessage,
  AlertRule,
  Alerts,
  ChannelFormTarget,
  ChannelTarget,
  channel_form_schema,
  ReportSchedule,
  rule_form_schema,
  schedule_form_schema,
} from '@apiary/model/api/alerts.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { z } from 'zod';
import type { StateDatabase } from './database.ts';

type ChannelForm = z.output<typeof channel_form_schema>;
type RuleForm = z.output<typeof rule_form_schema>;
type ScheduleForm = z.output<typeof schedule_form_schema>;

const messages_shown = 100;
const until_setting = 'alerts_until_us';

/** As it is kept, with the key of a webhook: for who delivers. */
export interface KeptChannel {
  channel_id: number;
  name: string;
  target: ChannelTarget;
}

export const listChannels = (state: StateDatabase): KeptChannel[] =>
  state
    .all<{ channel_id: number; name: string; target: string }>('SELECT * FROM alert_channel ORDER BY name')
    .map(({ target, ...rest }) => ({ ...rest, target: JSON.parse(target) as ChannelTarget }));

/** As it is shown: nobody needs to read a key again. */
function hideSecret({ target, ...rest }: KeptChannel): AlertChannel {
  if (target.kind !== 'webhook') return { ...rest, target };
  const { secret: _, ...shown } = target;
  return { ...rest, target: { ...shown, has_secret: true } };
}

export interface RuleState extends AlertRule {
  group_began_ms: number | null;
  held_lines: string[];
}

export const listRules = (state: StateDatabase): RuleState[] =>
  state
    .all<
      Omit<RuleState, 'condition' | 'channels' | 'enabled' | 'held_lines'> &
        Record<'condition' | 'channels' | 'held_lines', string> & { enabled: number }
    >(
      `SELECT rule_id, name, condition, channels, group_minutes, enabled, owner, group_began_ms, held_count, held_lines, last_ms, trouble
       FROM alert_rule ORDER BY name`,
    )
    .map((row) => ({
      ...row,
      condition: JSON.parse(row.condition) as AlertRule['condition'],
      channels: JSON.parse(row.channels) as number[],
      held_lines: JSON.parse(row.held_lines) as string[],
      enabled: row.enabled === 1,
    }));

export const listSchedules = (state: StateDatabase): ReportSchedule[] =>
  state.all<ReportSchedule>('SELECT * FROM report_schedule ORDER BY name, schedule_id');

export const listAlerts = (state: StateDatabase): Alerts => ({
  channels: listChannels(state).map(hideSecret),
  rules: listRules(state).map(({ group_began_ms: _, held_lines: __, ...rule }) => rule),
  schedules: listSchedules(state),
  messages: state
    .all<{
      message_id: number;
      channel: string;
      body: string;
      made_ms: number;
      tries: number;
      done_ms: number | null;
      error: string;
    }>(
      `SELECT message_id, name AS channel, body, made_ms, tries, done_ms, error FROM alert_message JOIN alert_channel USING (channel_id)
       ORDER BY message_id DESC LIMIT ${messages_shown}`,
    )
    .map(({ body, ...rest }) => ({ ...rest, subject: (JSON.parse(body) as AlertMessage).subject })),
});

type Table = 'alert_channel' | 'alert_rule' | 'report_schedule';
const keys: Record<Table, string> = {
  alert_channel: 'channel_id',
  alert_rule: 'rule_id',
  report_schedule: 'schedule_id',
};
const titles: Record<Table, string> = {
  alert_channel: 'channel',
  alert_rule: 'alert',
  report_schedule: 'schedule',
};

/** @throws OperationalError conflict where the name is taken */
function requireName(state: StateDatabase, table: Table, name: string, own: number | null): void {
  const other = state.get<{ id: number }>(`SELECT ${keys[table]} AS id FROM ${table} WHERE name = ?`, name);
  if (other !== undefined && other.id !== own)
    throw new OperationalError('conflict', `the ${titles[table]} "${name}" exists`);
}

function requireRow(state: StateDatabase, table: Table, id: number): { name: string } {
  const row = state.get<{ name: string }>(`SELECT name FROM ${table} WHERE ${keys[table]} = ?`, id);
  if (row === undefined) throw new OperationalError('not_found', `there is no ${titles[table]} ${id}`);
  return row;
}

function requireChannels(state: StateDatabase, ids: readonly number[]): void {
  for (const id of ids) requireRow(state, 'alert_channel', id);
}

/** @throws OperationalError input_invalid for a webhook without a key, where none is kept */
function withSecret(
  state: StateDatabase,
  channel_id: number | null,
  target: ChannelFormTarget,
): ChannelTarget {
  if (target.kind !== 'webhook') return target;
  const kept = listChannels(state).find((one) => one.channel_id === channel_id)?.target;
  const secret = target.secret ?? (kept?.kind === 'webhook' ? kept.secret : undefined);
  if (secret === undefined)
    throw new OperationalError(
      'input_invalid',
      'target.secret: a webhook needs the key of its signature, at least 16 characters',
    );
  return { ...target, secret };
}

/** @param channel_id null adds one. The secret of a webhook stays out of the log. */
export function putChannel(
  state: StateDatabase,
  actor: string,
  channel_id: number | null,
  { name, target: wanted }: ChannelForm,
): number {
  requireName(state, 'alert_channel', name, channel_id);
  if (channel_id !== null) requireRow(state, 'alert_channel', channel_id);
  const target = withSecret(state, channel_id, wanted);
  const { kind } = target;
  const { id } = state.change(
    actor,
    channel_id === null ? 'add channel' : 'change channel',
    name,
    { kind },
    () =>
      channel_id === null
        ? state.run('INSERT INTO alert_channel (name, target) VALUES (?, ?)', name, JSON.stringify(target))
        : state.run(
            'UPDATE alert_channel SET name = ?, target = ? WHERE channel_id = ?',
            name,
            JSON.stringify(target),
            channel_id,
          ),
  );
  return channel_id ?? id;
}

/** @returns its number */
export function putRule(
  state: StateDatabase,
  actor: string,
  rule_id: number | null,
  form: RuleForm,
  now_ms: number,
): number {
  const { name, condition, channels, group_minutes, enabled } = form;
  requireName(state, 'alert_rule', name, rule_id);
  requireChannels(state, channels);
  if (rule_id !== null) requireRow(state, 'alert_rule', rule_id);
  const values = [name, JSON.stringify(condition), JSON.stringify(channels), group_minutes, enabled ? 1 : 0];
  const { id } = state.change(actor, rule_id === null ? 'add alert' : 'change alert', name, form, () =>
    rule_id === null
      ? state.run(
          'INSERT INTO alert_rule (name, condition, channels, group_minutes, enabled, owner, made_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
          ...values,
          actor,
          now_ms,
        )
      : state.run(
          "UPDATE alert_rule SET name = ?, condition = ?, channels = ?, group_minutes = ?, enabled = ?, trouble = '' WHERE rule_id = ?",
          ...values,
          rule_id,
        ),
  );
  return rule_id ?? id;
}

/** @returns its number */
export function putSchedule(
  state: StateDatabase,
  actor: string,
  schedule_id: number | null,
  form: ScheduleForm,
  next_ms: number,
): number {
  const { name, address, format, every, hour, channel_id } = form;
  requireChannels(state, [channel_id]);
  if (listChannels(state).find((one) => one.channel_id === channel_id)?.target.kind !== 'email')
    throw new OperationalError(
      'input_invalid',
      'channel_id: a report goes out by mail; choose a channel of mail',
    );
  if (schedule_id !== null) requireRow(state, 'report_schedule', schedule_id);
  const { id } = state.change(
    actor,
    schedule_id === null ? 'add schedule' : 'change schedule',
    name,
    { address, every, hour },
    () =>
      schedule_id === null
        ? state.run(
            'INSERT INTO report_schedule (name, address, format, every, hour, channel_id, owner, next_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
            name,
            address,
            format,
            every,
            hour,
            channel_id,
            actor,
            next_ms,
          )
        : state.run(
            'UPDATE report_schedule SET name = ?, address = ?, format = ?, every = ?, hour = ?, channel_id = ?, next_ms = ? WHERE schedule_id = ?',
            name,
            address,
            format,
            every,
            hour,
            channel_id,
            next_ms,
            schedule_id,
          ),
  );
  return schedule_id ?? id;
}

/** @throws OperationalError conflict for a channel that a rule or a report by mail uses */
export function removeAlertPart(state: StateDatabase, actor: string, table: Table, id: number): void {
  const { name } = requireRow(state, table, id);
  const using =
    table === 'alert_channel'
      ? [
          ...listRules(state).filter(({ channels }) => channels.includes(id)),
          ...listSchedules(state).filter(({ channel_id }) => channel_id === id),
        ]
      : [];
  if (using.length > 0)
    throw new OperationalError(
      'conflict',
      `the channel "${name}" is used by ${using.map((one) => one.name).join(', ')}`,
    );
  state.change(actor, `remove ${titles[table]}`, name, {}, () =>
    state.run(`DELETE FROM ${table} WHERE ${keys[table]} = ?`, id),
  );
}

/** Events that were received until then have been looked at, in microseconds since 1970. */
export function readAlertsUntil(state: StateDatabase): bigint | null {
  const row = state.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', until_setting);
  return row === undefined ? null : BigInt(row.value);
}
export const writeAlertsUntil = (state: StateDatabase, until_us: bigint): void =>
  void state.run(
    'INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)',
    until_setting,
    String(until_us),
  );

/** True the first time. */
export const tellOnce = (state: StateDatabase, rule_id: number, key: string, now_ms: number): boolean =>
  state.run('INSERT OR IGNORE INTO alert_told VALUES (?, ?, ?)', rule_id, key, now_ms).changes === 1;
export const forgetTold = (state: StateDatabase, rule_id: number, key: string): void =>
  void state.run('DELETE FROM alert_told WHERE rule_id = ? AND key = ?', rule_id, key);
export const toldKeys = (state: StateDatabase, rule_id: number): string[] =>
  state.all<{ key: string }>('SELECT key FROM alert_told WHERE rule_id = ?', rule_id).map(({ key }) => key);

export const noteGroup = (
  state: StateDatabase,
  rule_id: number,
  group: { began_ms: number | null; count: number; lines: readonly string[]; last_ms: number | null },
): void =>
  void state.run(
    'UPDATE alert_rule SET group_began_ms = ?, held_count = ?, held_lines = ?, last_ms = coalesce(?, last_ms) WHERE rule_id = ?',
    group.began_ms,
    group.count,
    JSON.stringify(group.lines),
    group.last_ms,
    rule_id,
  );
export const noteTrouble = (state: StateDatabase, rule_id: number, trouble: string): void =>
  void state.run(
    'UPDATE alert_rule SET trouble = ? WHERE rule_id = ? AND trouble != ?',
    trouble,
    rule_id,
    trouble,
  );

export const queueMessage = (
  state: StateDatabase,
  channel_id: number,
  message: AlertMessage,
  now_ms: number,
): void =>
  void state.run(
    'INSERT INTO alert_message (channel_id, body, made_ms, next_ms) VALUES (?, ?, ?, ?)',
    channel_id,
    JSON.stringify(message),
    now_ms,
    now_ms,
  );

export interface WaitingMessage {
  message_id: number;
  channel_id: number;
  body: string;
  tries: number;
}

export const dueMessages = (state: StateDatabase, now_ms: number): WaitingMessage[] =>
  state.all<WaitingMessage>(
    'SELECT message_id, channel_id, body, tries FROM alert_message WHERE done_ms IS NULL AND next_ms <= ? ORDER BY message_id LIMIT 50',
    now_ms,
  );
/** @param body the message as it is for those that have not got it yet */
export const noteLeft = (state: StateDatabase, message_id: number, body: string): void =>
  void state.run('UPDATE alert_message SET body = ? WHERE message_id = ?', body, message_id);
/** @param next_ms null gives up */
export const noteTry = (
  state: StateDatabase,
  message_id: number,
  { error, next_ms, now_ms }: { error: string; next_ms: number | null; now_ms: number },
): void =>
  void state.run(
    'UPDATE alert_message SET tries = tries + 1, error = ?, next_ms = coalesce(?, next_ms), done_ms = ? WHERE message_id = ?',
    error,
    next_ms,
    next_ms === null ? now_ms : null,
    message_id,
  );
export const noteScheduled = (state: StateDatabase, schedule_id: number, next_ms: number): void =>
  void state.run('UPDATE report_schedule SET next_ms = ? WHERE schedule_id = ?', next_ms, schedule_id);
