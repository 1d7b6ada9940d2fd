/**
 * Keeps watch: looks every few seconds at what was received since it last looked, for every rule; gathers what comes in a
 * flood into one message; delivers, and tries again what could not be delivered. What it looked at, what it told and what
 * waits stands in the state, so that a restart neither forgets nor repeats.
 */
import type { AlertMessage, ReportSchedule } from '@apiary/model/api/alerts.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Reader } from '../reports/count-by.ts';
import { readRuleUntil, writeRuleUntil } from '../state/alert-windows.ts';
import {
  dueMessages,
  type KeptChannel,
  listChannels,
  listRules,
  listSchedules,
  noteGroup,
  noteLeft,
  noteScheduled,
  noteTrouble,
  noteTry,
  queueMessage,
  type RuleState,
  readAlertsUntil,
  type WaitingMessage,
  writeAlertsUntil,
} from '../state/alerts.ts';
import type { StateDatabase } from '../state/database.ts';
import { describeInventory } from '../state/inventory-list.ts';
import { deliver, type MailSettings } from './deliver.ts';
import { nextDue } from './due.ts';
import { evaluate, type Finding } from './evaluate.ts';

export interface AlertKeeperOptions {
  store: Reader;
  state: StateDatabase;
  /** The mail server in force. */
  mail: () => MailSettings | undefined;
  /** Whether records that were received before a moment still wait for the engine; microseconds since 1970. */
  isWaiting: (before_us: bigint) => boolean;
  /** The file of a report; its address as a page's. */
  makeReport: (schedule: ReportSchedule) => Promise<{ name: string; type: string; bytes: Buffer }>;
  log: (message: string) => void;
  now_ms?: (() => number) | undefined;
  /** One try to deliver takes no longer, whatever the other side does. */
  whole_ms?: number | undefined;
}

const look_every_ms = 10_000;
/** How far a rule that kept failing looks back. */
const window_us_max = 24n * 3_600_000_000n;
const lines_max = 20;
const tries_max = 10;
const retry_ms = 30_000;
const retry_ms_max = 3_600_000;
/** How far behind it looks while the engine is busy, the nearest first. */
const behind_ms = [3000, 15_000, 60_000, 300_000, 3_600_000] as const;

export class AlertKeeper {
  readonly #options: AlertKeeperOptions;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: AlertKeeperOptions) {
    this.#options = options;
    this.#now = options.now_ms ?? Date.now;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), look_every_ms).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** One look at everything; looks run one after another. */
  look(): Promise<void> {
    this.#running = this.#running
      .then(() => this.#look())
      .catch((error: unknown) => this.#options.log(`alerts: ${(error as Error).message}`));
    return this.#running;
  }

  async #look(): Promise<void> {
    const { state } = this.#options;
    const now_ms = this.#now();
    const rules = listRules(state);
    const until_us = this.#settledUntil(now_ms);
    if (until_us !== null) {
      const from_us = readAlertsUntil(state) ?? until_us;
      const inventory = describeInventory(state);
      const { store } = this.#options;
      for (const rule of rules) {
        if (!rule.enabled) {
          writeRuleUntil(state, rule.rule_id, until_us);
          continue;
        }
        // One that failed has its own beginning; with the engine away those before it are not looked at twice.
        const own_us = readRuleUntil(state, rule.rule_id) ?? from_us;
        const oldest_us = until_us - window_us_max;
        const window = { from_us: own_us > oldest_us ? own_us : oldest_us, until_us };
        await this.#lookAt(rule, { store, state, inventory, window, now_ms });
      }
      if (until_us > from_us || readAlertsUntil(state) === null) writeAlertsUntil(state, until_us);
    }
    await this.#sendReports(now_ms);
    await this.#deliver();
  }

  /** What was received before it is in the engine, or will never be; null while nothing of the last hour is. */
  #settledUntil(now_ms: number): bigint | null {
    const last = readAlertsUntil(this.#options.state) ?? 0n;
    for (const behind of behind_ms) {
      const until_us = BigInt(now_ms - behind) * 1000n;
      if (until_us >= last && !this.#options.isWaiting(until_us)) return until_us;
    }
    return null;
  }

  async #lookAt(rule: RuleState, options: Parameters<typeof evaluate>[2]): Promise<void> {
    const { state } = this.#options;
    let finding: Finding;
    try {
      finding = await evaluate(rule.rule_id, rule.condition, options);
      noteTrouble(state, rule.rule_id, '');
    } catch (error) {
      if (error instanceof OperationalError && error.code === 'engine_down') throw error;
      // A rule that cannot be looked at must not keep the others from it. What it missed it looks at next time.
      noteTrouble(state, rule.rule_id, (error as Error).message.slice(0, 500));
      writeRuleUntil(state, rule.rule_id, options.window.from_us);
      return;
    }
    state.transact(() => {
      this.#gather(rule, finding, options.now_ms);
      writeRuleUntil(state, rule.rule_id, options.window.until_us);
    });
  }

  /** The first is told at once; what follows within the group's time, in one message at its end. */
  #gather(rule: RuleState, finding: Finding, now_ms: number): void {
    const { state } = this.#options;
    const { rule_id, group_minutes, group_began_ms, held_count, held_lines } = rule;
    const is_open = group_began_ms !== null && now_ms < group_began_ms + group_minutes * 60_000;
    const count = held_count + finding.count;
    const lines = [...held_lines, ...finding.lines].slice(0, lines_max);
    const last_ms = finding.count > 0 ? now_ms : null;
    if (is_open) {
      if (finding.count > 0) noteGroup(state, rule_id, { began_ms: group_began_ms, count, lines, last_ms });
      return;
    }
    if (count === 0) {
      if (group_began_ms !== null)
        noteGroup(state, rule_id, { began_ms: null, count: 0, lines: [], last_ms });
      return;
    }
    this.#tell(rule, count, lines, now_ms);
    noteGroup(state, rule_id, { began_ms: now_ms, count: 0, lines: [], last_ms });
  }

  #tell({ name, channels }: RuleState, count: number, lines: string[], now_ms: number): void {
    const message: AlertMessage = {
      subject: `Apiary: ${name}${count > 1 ? ` (${count})` : ''}`,
      time: new Date(now_ms).toISOString(),
      rule: name,
      count: Math.max(count, lines.length),
      lines,
    };
    for (const channel_id of channels) queueMessage(this.#options.state, channel_id, message, now_ms);
  }

  async #sendReports(now_ms: number): Promise<void> {
    const { state, makeReport } = this.#options;
    for (const schedule of listSchedules(state).filter(({ next_ms }) => next_ms <= now_ms)) {
      const message: AlertMessage = {
        subject: `Apiary report: ${schedule.name}`,
        time: new Date(now_ms).toISOString(),
        rule: schedule.name,
        count: 1,
        lines: [`the report ${schedule.address}`],
      };
      try {
        const { name, type, bytes } = await makeReport(schedule);
        message.attachment = { name, type, base64: bytes.toString('base64') };
        message.lines = [`the report is attached: ${name}`];
      } catch (error) {
        if (error instanceof OperationalError && error.code === 'engine_down') throw error;
        message.lines = [`the report could not be made: ${(error as Error).message}`];
      }
      state.transact(() => {
        queueMessage(state, schedule.channel_id, message, now_ms);
        noteScheduled(state, schedule.schedule_id, nextDue(schedule, now_ms));
      });
    }
  }

  /** Channels side by side: one that does not answer keeps no other waiting. */
  async #deliver(): Promise<void> {
    const { state } = this.#options;
    const due = Map.groupBy(dueMessages(state, this.#now()), ({ channel_id }) => channel_id);
    await Promise.all(
      listChannels(state).map((channel) => this.#deliverTo(channel, due.get(channel.channel_id) ?? [])),
    );
  }

  /** One after another until one fails: the others are due still at the next look. */
  async #deliverTo({ name, target }: KeptChannel, messages: readonly WaitingMessage[]): Promise<void> {
    const { state, mail, whole_ms } = this.#options;
    for (const { message_id, body, tries } of messages) {
      const { only, ...message } = JSON.parse(body) as AlertMessage & { only?: string[] };
      let left = only;
      try {
        left = await deliver(target, message, mail(), this.#now(), { to: only, whole: whole_ms });
        if (left.length > 0)
          throw new OperationalError('unreachable', `the mail server did not take it for ${left.join(', ')}`);
        noteTry(state, message_id, { error: '', next_ms: null, now_ms: this.#now() });
      } catch (error) {
        const now_ms = this.#now();
        const gives_up = tries + 1 >= tries_max;
        const wait_ms = Math.min(retry_ms * 2 ** tries, retry_ms_max);
        const why = `${(error as Error).message}${gives_up ? '; given up' : ''}`.slice(0, 500);
        // Who has it does not get it again.
        if (left !== only) noteLeft(state, message_id, JSON.stringify({ ...message, only: left }));
        noteTry(state, message_id, { error: why, next_ms: gives_up ? null : now_ms + wait_ms, now_ms });
        if (tries === 0 || gives_up) this.#options.log(`the channel "${name}" was not reached: ${why}`);
        return;
      }
    }
  }
}
