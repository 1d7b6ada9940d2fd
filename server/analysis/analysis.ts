/**
 * The analysis: events become attacks, attacks incidents. It is a function of the set of events; a pass goes through
 * the visits that new events touched, and what they change is gone through anew from their time on.
 */
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from '../state/database.ts';
import { groupingsRevision, noteWritten, writtenRevision } from '../state/groupings.ts';
import type { Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';
import { type GatheredAttack, readMicroseconds } from './attack-row.ts';
import { type AttackScope, placeChecker } from './attack-sql.ts';
import { type AttackRecord, describeAttack, readAttacks } from './attack-table.ts';
import { Attributions } from './attribution/attributions.ts';
import { Decisions, layOver } from './decisions.ts';
import { listFacts } from './facts.ts';
import { Gathering } from './gathering.ts';
import { Groupings, type LinkChange } from './groupings.ts';
import { Incidents } from './incidents.ts';
import { judgeAttack } from './judge-attack.ts';
import { type LinkedIncident, Linker } from './linker.ts';
import { RowWriter } from './row-writer.ts';
import { known_rules, type RuleSet, readRules } from './rule-set.ts';
import { noteBegun, noteFinished, readUnfinished } from './unfinished.ts';
import { isOtherScope, noteScope } from './used-scope.ts';
import { Visits, type Window } from './visits.ts';

export interface AnalysisOptions {
  store: Store;
  state: StateDatabase;
  /** Read anew at each pass: honeynets and known gateways change. */
  scope: () => AttackScope;
  /** Whether passes should wait. */
  isBusy?: () => boolean;
  log: (message: string) => void;
  now_ms?: () => number;
}

/** A pass over so many new events is one over all. */
const new_events_max = 1_000_000;
/** A pass names the segments that are new; for more than these all is gone through. */
const segments_max = 20_000;
const idle_ms = 2000;

export interface PassResult {
  events: number;
  attacks: number;
  incidents: number;
  milliseconds: number;
}

export class Analysis {
  readonly #options: AnalysisOptions;
  readonly #now: () => number;
  readonly #gathering: Gathering;
  #visits = new Visits();
  #linker = new Linker();
  #incidents: Incidents;
  #groupings: Groupings;
  #attacks = new Map<string, AttackRecord>();
  #new_segments = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #is_stopped = false;
  #is_passing = false;
  /** A pass failed, so that what is in memory is not what is written. */
  #is_torn = false;
  #pass = 0;
  /** Visits that had begun before it are frozen. */
  #kept_from_us = 0;
  #attributions: Attributions;
  readonly #decisions: Decisions;
  #rules: RuleSet = known_rules;
  /** Honeynets and honeypots as they were looked at last. */
  #places = '';
  /** Answers of this pass and later have not been followed yet: those of a pass that was cut off stand already. */
  #followed_from: number | undefined;
  /** Why the last pass failed; '' where it did not. */
  trouble = '';

  constructor(options: AnalysisOptions) {
    this.#options = options;
    this.#now = options.now_ms ?? Date.now;
    this.#gathering = new Gathering(options.store);
    this.#incidents = this.#newIncidents();
    this.#groupings = new Groupings(options.store, options.state);
    this.#attributions = new Attributions(options.store);
    this.#decisions = new Decisions(options.store, options.state);
  }

  #newIncidents(): Incidents {
    return new Incidents(this.#options.store, this.#options.state, this.#now);
  }

  /** Reads what earlier passes found, and begins. */
  async start(): Promise<void> {
    await this.load();
    this.#timer = setInterval(() => this.#tick(), idle_ms).unref();
  }

  /** A segment's events are in the engine. */
  note(segment_id: bigint): void {
    this.#new_segments.add(String(segment_id));
  }

  #tick(): void {
    if (this.#new_segments.size === 0 || this.#is_passing || (this.#options.isBusy?.() ?? false)) return;
    this.#is_passing = true;
    void this.pass()
      .catch((error: unknown) => {
        this.trouble = (error as Error).message;
        if (!(error instanceof OperationalError)) this.#options.log(`the analysis failed: ${this.trouble}`);
      })
      .finally(() => {
        this.#is_passing = false;
      });
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    clearInterval(this.#timer);
    await this.#running.catch(() => undefined);
  }

  /** Reads attacks of earlier passes, and notes events that none has seen. */
  load(): Promise<void> {
    return this.hold(() => this.#load());
  }

  async #load(): Promise<void> {
    const { store, state, scope } = this.#options;
    this.#visits = new Visits();
    this.#linker = new Linker();
    this.#groupings = new Groupings(store, state);
    this.#incidents = this.#newIncidents();
    this.#attacks = new Map();
    this.#kept_from_us = scope().kept_from_us;
    this.#rules = readRules(state);
    this.#attributions = new Attributions(store);
    await this.#attributions.load();
    await this.#gathering.begin();
    const [last] = await store.query<{ pass: string }>('SELECT max(pass) AS pass FROM attack');
    const unfinished = readUnfinished(state);
    this.#followed_from = unfinished?.pass;
    this.#pass = Math.max(Number(last?.pass ?? 0), unfinished?.pass ?? 0);
    const is_old = await this.#readAttacks();
    await this.#incidents.load(await this.#group(this.#linker.settle()), this.#attacks);
    await this.#fillFrozen();
    for (const segment_id of await this.#gathering.findUnseen(scope())) this.#new_segments.add(segment_id);
    const is_elsewhere = this.#lookAtScope(scope());
    if (is_old || is_elsewhere) {
      this.#options.log(
        is_old
          ? 'the rules of the analysis are others than those of its results: all is gone through again'
          : 'pause, known gateways or honeynets are others than those of the results: all is gone through again',
      );
      await this.#goThroughAll();
    } else if (unfinished !== null) await this.#goOn(unfinished.segments);
    else if (writtenRevision(state) !== groupingsRevision(state)) await this.#writeAll();
    if (!this.#decisions.is_written) {
      this.#pass += 1;
      await this.#rejudge();
    }
    noteScope(state, scope());
    noteFinished(state);
    this.#is_torn = false;
  }

  /** @returns whether what stands in the tables was found with another pause, other gateways or other honeynets */
  #lookAtScope(now: AttackScope): boolean {
    this.#places = JSON.stringify([now.nets, now.honeypots]);
    const isElsewhere = placeChecker(now);
    const moved = this.#attacks.values().some((attack) => !this.#isFrozen(attack) && isElsewhere(attack));
    return moved || (this.#attacks.size > 0 && isOtherScope(this.#options.state, now));
  }

  /** Whether the inventory has changed so that results may be others. */
  #isMoved(now: AttackScope): boolean {
    if (isOtherScope(this.#options.state, now)) return true;
    return this.#places !== JSON.stringify([now.nets, now.honeypots]) && this.#lookAtScope(now);
  }

  /** @returns whether attacks that are not frozen were judged by other rules */
  async #readAttacks(): Promise<boolean> {
    const { store } = this.#options;
    let is_old = false;
    for await (const some of readAttacks(store))
      for (const { record, facts, version } of some) {
        this.#remember(record);
        this.#linker.put({ attack: record, facts });
        if (version !== this.#rules.version && !this.#isFrozen(record)) is_old = true;
      }
    return is_old;
  }

  /** Goes through the segments of a pass that was cut off; what it wrote of incidents may be of another time. */
  async #goOn(segments: string[] | null): Promise<void> {
    this.#options.log('a pass of the analysis was cut off: its events are gone through again');
    for (const segment_id of segments ?? []) this.#new_segments.add(segment_id);
    await (segments === null ? this.#goThroughAll() : this.#goThroughNew());
    await this.#writeAll();
  }

  /** Writes all incidents as they are now, and ends those that are no more. */
  async #writeAll(): Promise<void> {
    const { store, state } = this.#options;
    const revision = groupingsRevision(state);
    this.#groupings = new Groupings(store, state);
    const { changed: incidents } = await this.#group({ changed: this.#linker.list(), gone: [] });
    const there = new Set(incidents.map(({ incident_id }) => incident_id));
    const stored = await this.#incidents.listStored();
    const gone = stored.filter((id) => !there.has(id));
    this.#pass += 1;
    await this.#incidents.write(
      this.#leaveExpired({ changed: incidents, gone }),
      this.#attacks,
      [],
      this.#pass,
    );
    noteWritten(state, revision);
  }

  /** Lays over what linking found what people said. */
  #group(told: LinkChange): Promise<LinkChange> {
    return this.#groupings.apply(told, this.#linker, this.#attacks);
  }

  /** Judges again the attacks about which something was decided. */
  async #rejudge(): Promise<void> {
    const { revision } = this.#decisions;
    const ids = await this.#decisions.findChanged();
    const windows = ids.flatMap((attack_id): Window[] => {
      const attack = this.#attacks.get(attack_id);
      if (attack === undefined || this.#isFrozen(attack)) return [];
      const { source, net, visit_us: from_us, visit_end_us: to_us } = attack;
      return [{ source, net, from_us, to_us }];
    });
    // Attacks of one visit are gone through once.
    const distinct = new Map(windows.map((window) => [JSON.stringify(window), window]));
    if (distinct.size > 0)
      await this.#goThroughWindows([...distinct.values()], this.#options.scope(), ['0'], false);
    this.#decisions.noteWritten(revision);
  }

  /** Analysts decided about attacks, joined incidents or set attacks apart, or took that back. */
  regroup(): Promise<PassResult> {
    return this.hold(() =>
      this.#wholly(async () => {
        const started = performance.now();
        const { state } = this.#options;
        this.#pass += 1;
        noteBegun(state, { pass: this.#pass, segments: [] });
        await this.#rejudge();
        const incidents = await this.#writeChanged({ changed: [], gone: [] }, []);
        return { events: 0, attacks: 0, incidents, milliseconds: Math.round(performance.now() - started) };
      }),
    );
  }

  /** Whether some of its visit's events may have expired. */
  #isFrozen({ visit_us }: AttackRecord): boolean {
    return visit_us < this.#kept_from_us;
  }

  async #fillFrozen(): Promise<void> {
    if (this.#kept_from_us > 0) await this.#gathering.fillFrozen(this.#attacks.values(), this.#kept_from_us);
  }

  #remember(record: AttackRecord): void {
    this.#attacks.set(record.attack_id, record);
    if (this.#isFrozen(record)) return;
    this.#visits.remember(record);
  }

  /** Goes through what is new; passes run one after another. */
  pass(): Promise<PassResult> {
    return this.hold(() => this.#wholly(() => this.#goThroughNew()));
  }

  /** Does `work` between two passes. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#running.catch(() => undefined).then(work);
    this.#running = run;
    return run;
  }

  /** Goes through all events, as if there had been no pass before. */
  rebuild(): Promise<PassResult> {
    return this.hold(() => this.#wholly(() => this.#goThroughAll()));
  }

  /** Reads the tables anew, from which somebody took rows, and goes through all events. */
  renew(): Promise<void> {
    return this.hold(async () => {
      this.#is_torn = true;
      noteBegun(this.#options.state, { pass: this.#pass, segments: null });
      await this.#load();
    });
  }

  /** A pass that fails half-way leaves memory and tables apart: the next begins with reading the tables. */
  async #wholly(go: () => Promise<PassResult>): Promise<PassResult> {
    const now = this.#options.scope();
    if (this.#is_torn || now.kept_from_us !== this.#kept_from_us || this.#isMoved(now)) await this.#load();
    else {
      await this.#gathering.begin();
      await this.#fillFrozen();
    }
    this.#is_torn = true;
    const result = await go();
    noteFinished(this.#options.state);
    this.#is_torn = false;
    return result;
  }

  async #goThroughNew(): Promise<PassResult> {
    const started = performance.now();
    const segments = [...this.#new_segments];
    if (segments.length === 0 || this.#is_stopped)
      return { events: 0, attacks: 0, incidents: 0, milliseconds: 0 };
    if (segments.length > segments_max) return this.#goThroughAll();
    const { scope } = this.#options;
    const now = scope();
    this.#pass += 1;
    noteBegun(this.#options.state, { pass: this.#pass, segments });
    const moved = await this.#attributions.update(now, this.#pass, segments);
    const moved_since = this.#followed_from ?? (moved > 0 ? this.#pass : undefined);
    const attributed = this.#attributions.is_any;
    const touched = await this.#gathering.findTouched(now, segments, attributed, moved_since);
    const events = touched.reduce((sum, row) => sum + Number(row.events), 0);
    if (events > new_events_max) return this.#goThroughAll();
    const windows = touched.map(({ source, net, from_ts, to_ts }) =>
      this.#visits.widen(
        { source, net, from_us: readMicroseconds(from_ts), to_us: readMicroseconds(to_ts) },
        now.pause_seconds * 1_000_000,
      ),
    );
    const result =
      windows.length === 0
        ? noChange()
        : await this.#goThroughWindows(windows, now, segments, moved_since !== undefined);
    await this.#unassign();
    for (const segment of segments) this.#new_segments.delete(segment);
    this.trouble = '';
    return { ...result, events, milliseconds: Math.round(performance.now() - started) };
  }

  /** Events that are nobody's any more belong to no attack. */
  async #unassign(): Promise<void> {
    await this.#gathering.unassign(this.#pass, this.#followed_from ?? this.#pass);
    this.#followed_from = undefined;
  }

  async #goThroughWindows(
    windows: Window[],
    scope: AttackScope,
    fresh: string[],
    has_moved: boolean,
  ): Promise<Omit<PassResult, 'events' | 'milliseconds'>> {
    await this.#gathering.fillWindows(windows);
    const choice = this.#gathering.chooseWindows(windows, this.#attributions.is_any, fresh);
    const gathered = await this.#gathering.gather(scope, choice);
    const old = new Map(
      windows
        .flatMap((window) => this.#visits.take(window))
        .map(({ attack_id, events }): [string, number] => [attack_id, events]),
    );
    // Where an attack has lost events, or has more than new ones, its old events have moved.
    const moved = gathered.filter(
      (attack) => attack.events - attack.fresh !== (old.get(attack.attack_id) ?? 0),
    );
    const ids = moved.map(({ attack_id }) => attack_id);
    // What one attack lost to another by attribution may be as much as it gained.
    await this.#gathering.assign(
      this.#pass,
      this.#now() * 1000,
      has_moved ? 'true' : `is_fresh${ids.length === 0 ? '' : ` OR attack_id IN (${ids.join(', ')})`}`,
    );
    for (const { attack_id } of gathered) old.delete(attack_id);
    await this.#writeAttacks((writer) => this.#judge(gathered, writer));
    return { attacks: gathered.length, incidents: await this.#link([...old.keys()]) };
  }

  async #goThroughAll(): Promise<PassResult> {
    const started = performance.now();
    const now = this.#options.scope();
    const segments = [...this.#new_segments];
    this.#pass += 1;
    noteBegun(this.#options.state, { pass: this.#pass, segments: null });
    await this.#attributions.update(now, this.#pass);
    const attributed = this.#attributions.is_any;
    const events = await this.#gathering.countEvents(now, attributed);
    const { revision } = this.#decisions;
    this.#visits = new Visits();
    const left = new Set(
      [...this.#attacks.values()]
        .filter((attack) => !this.#isFrozen(attack))
        .map(({ attack_id }) => attack_id),
    );
    let attacks = 0;
    const told = { events, pass: this.#pass, now_us: () => this.#now() * 1000 };
    await this.#writeAttacks(async (writer) => {
      for await (const gathered of this.#gathering.gatherAll(now, attributed, told)) {
        for (const { attack_id } of gathered) left.delete(attack_id);
        await this.#judge(gathered, writer);
        attacks += gathered.length;
      }
    });
    const incidents = await this.#link([...left]);
    await this.#unassign();
    this.#decisions.noteWritten(revision);
    for (const segment of segments) this.#new_segments.delete(segment);
    this.trouble = '';
    return {
      events,
      attacks,
      incidents,
      milliseconds: Math.round(performance.now() - started),
    };
  }

  #attackWriter(): RowWriter {
    const { store } = this.#options;
    return new RowWriter(store, storedName('attack', store.rendering));
  }

  async #writeAttacks(write: (writer: RowWriter) => Promise<void>): Promise<void> {
    const writer = this.#attackWriter();
    try {
      await write(writer);
      await writer.end();
    } finally {
      await writer.settle();
    }
  }

  /** Judges attacks, writes them down, and puts what they share before the linker. */
  async #judge(gathered: readonly GatheredAttack[], writer: RowWriter): Promise<void> {
    const decided = await this.#decisions.read();
    for (const attack of gathered) {
      const facts = listFacts(attack);
      const { judgement, rules } = layOver(judgeAttack(attack, this.#rules), decided.get(attack.attack_id));
      const { row, record } = describeAttack(attack, judgement, facts, {
        pass: this.#pass,
        rules_version: this.#rules.version,
        rules,
      });
      this.#remember(record);
      this.#linker.put({ attack: record, facts });
      if (writer.add(row)) await writer.flush();
    }
  }

  /** Incidents of frozen attacks alone stay as they were written. */
  #leaveExpired({ changed, gone }: LinkChange): LinkChange {
    const lives = ({ attacks }: LinkedIncident): boolean =>
      attacks.some(({ attack_id }) => !this.#isFrozen(this.#attacks.get(attack_id)!));
    return { changed: this.#kept_from_us === 0 ? changed : changed.filter(lives), gone };
  }

  async #link(gone: readonly string[]): Promise<number> {
    const out = gone.map((attack_id): AttackRecord => this.#attacks.get(attack_id)!);
    await this.#attackWriter().addAll(
      out.map(({ attack_id, sensor_id }) => ({ attack_id, sensor_id, pass: this.#pass, is_gone: 1 })),
    );
    for (const attack of out) this.#linker.put({ attack, facts: null });
    const told = this.#linker.settle();
    for (const attack_id of gone) this.#attacks.delete(attack_id);
    return this.#writeChanged(told, gone);
  }

  async #writeChanged(told: LinkChange, attacks_gone: readonly string[]): Promise<number> {
    const { state } = this.#options;
    const revision = groupingsRevision(state);
    const grouped = await this.#group(told);
    await this.#incidents.write(this.#leaveExpired(grouped), this.#attacks, attacks_gone, this.#pass);
    noteWritten(state, revision);
    return grouped.changed.length;
  }
}

const noChange = () => ({ attacks: 0, incidents: 0 });
