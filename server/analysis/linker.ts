/**
 * Attacks to incidents: attacks that share something rare belong together.
 *
 * All facts of all attacks are gone through in one order (time, attack, kind, value). At each fact, its attack B looks
 * at the last attack A before it that had the same value. What they share weighs
 *
 *     base of the kind × rarity × nearness
 *     rarity   = −log10(p) / 3, at most 1; p: of the visits by a source and day on the 30 days before, the part
 *                that had the value, with a prior of the kind for 50 of them, so that young data are not all rare
 *     nearness = exp(−days since A had it / τ of the kind); nothing beyond the horizon of the kind
 *
 * Where what B shares with the attacks of one incident sums to 1 or more, the two incidents become one. What says the
 * same in two ways (a sequence of commands, and one near to it; a URL, and its host) counts once, with its best. Only earlier days count for rarity, so that the order in which events arrive does not
 * matter; only the last holder counts, so that one step costs the same however common a value is. An incident takes no
 * more attacks than `attacks_max`: then a new one begins.
 *
 * Steps can be taken back one by one, so that a late fact costs a replay from its time on and gives what one pass
 * over all would have given.
 */
import type { Fact, FactKind } from './facts.ts';

const day_us = 86_400_000_000;
const history_days = 30;
const prior_visits = 50;
export const attacks_max = 5000;
/** Changes that can be taken back; for what lies before them all is gone through anew. */
const undo_max = 250_000;

interface KindRule {
  base: number;
  /** Part of the visits of a day that have such a value, before anything is known of it. */
  prior: number;
  tau_days: number;
  horizon_days: number;
}

/** What weighs less is not kept. */
const weight_min = 0.05;
/** Reasons that are kept of each attack. */
const reasons_max = 12;

/** Version of these numbers; shown with every link. */
export const linking_version = '3';

export const kind_rules: Record<FactKind, KindRule> = {
  // An address alone links within 24 hours, whoever else has it.
  source: { base: 1, prior: 0.001, tau_days: Number.POSITIVE_INFINITY, horizon_days: 1 },
  file: { base: 2, prior: 0.002, tau_days: 20, horizon_days: 90 },
  url: { base: 2, prior: 0.002, tau_days: 20, horizon_days: 90 },
  host: { base: 1.5, prior: 0.005, tau_days: 10, horizon_days: 60 },
  key: { base: 2.5, prior: 0.02, tau_days: 20, horizon_days: 90 },
  wallet: { base: 3, prior: 0.001, tau_days: 90, horizon_days: 365 },
  control: { base: 2.5, prior: 0.002, tau_days: 30, horizon_days: 90 },
  mailbox: { base: 2, prior: 0.005, tau_days: 20, horizon_days: 60 },
  relay: { base: 1.2, prior: 0.02, tau_days: 7, horizon_days: 30 },
  // A long sequence that fetches from nobody else: not alike by chance, and no loader that others copied.
  script: { base: 2.4, prior: 0.02, tau_days: 20, horizon_days: 60 },
  sequence: { base: 1.2, prior: 0.05, tau_days: 7, horizon_days: 30 },
  near: { base: 0.8, prior: 0.1, tau_days: 5, horizon_days: 20 },
  credentials: { base: 1.3, prior: 0.03, tau_days: 5, horizon_days: 20 },
  print: { base: 0.7, prior: 0.1, tau_days: 5, horizon_days: 20 },
};

/** Kinds that say the same: who sends the same commands sends nearly the same ones, too. */
const evidence_of: Partial<Record<Link['kind'], string>> = {
  script: 'commands',
  sequence: 'commands',
  near: 'commands',
  url: 'download',
  host: 'download',
};

export interface Link {
  /** The earlier attack. */
  to: string;
  /** `person`: an analyst joined them; the value is their name. */
  kind: FactKind | 'person';
  value: string;
  weight: number;
  /** Part of the visits on the days before that had the value. */
  share: number;
}

export interface LinkedAttack {
  attack_id: string;
  source: string;
  first_us: number;
}

interface Step extends Fact {
  attack: Node;
}

interface Node extends LinkedAttack {
  parent: Node | null;
  /** Of a root: its attacks, none named where it is alone; and the earliest of them. */
  members: Node[];
  earliest: Node;
  /** What it shares with earlier attacks; null where nothing. */
  shared: { to: Node; link: Link }[] | null;
  /** What brought it into its incident; null where nothing. */
  reasons: Link[] | null;
}

/** Who had a value. */
interface Holder {
  last: Node | null;
  last_us: number;
  /** Days on which it was seen, and by how many sources; the newest last. */
  days: { day: number; sources: number }[];
  /** The sources of the newest day; most values have one. */
  today: Set<string> | string;
}

export interface LinkedIncident {
  /** attack_id of its earliest attack. */
  incident_id: string;
  attacks: { attack_id: string; reasons: Link[] }[];
}

export interface AttackChange {
  attack: LinkedAttack;
  /** In order of time; null takes the attack out. */
  facts: readonly Fact[] | null;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compareSteps = (a: Step, b: Step): number =>
  a.ts_us - b.ts_us ||
  compareText(a.attack.attack_id, b.attack.attack_id) ||
  compareText(a.kind, b.kind) ||
  compareText(a.value, b.value);
const stepKey = ({ ts_us, kind, value }: Fact): string => `${ts_us} ${kind} ${value}`;

const isEarlier = (a: LinkedAttack, b: LinkedAttack): boolean =>
  a.first_us < b.first_us || (a.first_us === b.first_us && a.attack_id < b.attack_id);

/** Most attacks stay alone: they share this list, which nobody changes. */
const alone: Node[] = [];
const membersOf = (root: Node): readonly Node[] => (root.members === alone ? [root] : root.members);

const newHolder = (): Holder => ({ last: null, last_us: 0, days: [], today: '' });

function newNode(attack: LinkedAttack): Node {
  const { attack_id, source, first_us } = attack;
  const own = { parent: null, members: alone, shared: null, reasons: null };
  const node = { attack_id, source, first_us, ...own } as unknown as Node;
  node.earliest = node;
  return node;
}

function lowerBound(steps: readonly Step[], ts_us: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle]!.ts_us < ts_us) low = middle + 1;
    else high = middle;
  }
  return low;
}

function findRoot(node: Node): Node {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root;
}

function describeRoot(root: Node): LinkedIncident {
  const attacks = membersOf(root)
    .toSorted((a, b) => (isEarlier(a, b) ? -1 : 1))
    .map(({ attack_id, reasons }) => ({ attack_id, reasons: reasons ?? [] }));
  return { incident_id: root.earliest.attack_id, attacks };
}

export class Linker {
  #steps: Step[] = [];
  /** For each step, how many changes had been made before it. */
  #marks: number[] = [];
  /** The newest changes, each as what takes it back, and how many were forgotten before them. */
  #undo: (() => void)[] = [];
  #forgotten = 0;
  readonly #nodes = new Map<string, Node>();
  readonly #facts = new Map<string, Step[]>();
  readonly #holders = new Map<string, Holder>();
  #visits = newHolder();
  /** Incident of each attack, as it was told last. */
  readonly #told = new Map<string, string>();
  /** Attacks whose incidents changed in this update; of two that were joined or parted their roots. */
  #touched = new Set<Node>();

  get attacks(): number {
    return this.#nodes.size;
  }

  /** All incidents as they are now. */
  list(): LinkedIncident[] {
    return [...this.#nodes.values()].filter(({ parent }) => parent === null).map(describeRoot);
  }

  /** The incident that holds an attack; undefined for one that is not known. */
  incidentOf(attack_id: string): LinkedIncident | undefined {
    const node = this.#nodes.get(attack_id);
    return node === undefined ? undefined : describeRoot(findRoot(node));
  }

  /**
   * Puts attacks in, gives them other facts, or takes them out.
   * @returns incidents that changed, and ids of those that are no more
   */
  update(changes: readonly AttackChange[]): { changed: LinkedIncident[]; gone: string[] } {
    this.#touched = new Set();
    const added: Step[] = [];
    const removed = new Set<Step>();
    const out: Node[] = [];
    for (const { attack, facts } of changes) {
      const known = this.#nodes.get(attack.attack_id);
      const node = known ?? newNode(attack);
      this.#nodes.set(attack.attack_id, node);
      this.#touched.add(node);
      const old = new Map((this.#facts.get(attack.attack_id) ?? []).map((step) => [stepKey(step), step]));
      const next = (facts ?? []).map((fact) => old.get(stepKey(fact)) ?? { ...fact, attack: node });
      for (const step of next) if (!old.delete(stepKey(step))) added.push(step);
      for (const step of old.values()) removed.add(step);
      this.#facts.set(attack.attack_id, next);
      if (facts === null) out.push(node);
    }
    this.#goThrough(added, removed);
    for (const { attack_id } of out) {
      this.#nodes.delete(attack_id);
      this.#facts.delete(attack_id);
    }
    return this.#tell(new Set(out));
  }

  /** Takes back all from the first change on, and goes through it again. */
  #goThrough(added: Step[], removed: ReadonlySet<Step>): void {
    let from_us = Number.POSITIVE_INFINITY;
    for (const { ts_us } of added) from_us = Math.min(from_us, ts_us);
    for (const { ts_us } of removed) from_us = Math.min(from_us, ts_us);
    let begin = lowerBound(this.#steps, from_us);
    if ((this.#marks[begin] ?? this.#forgotten) < this.#forgotten) begin = 0;
    const tail = this.#steps.slice(begin).filter((step) => !removed.has(step));
    this.#takeBack(begin);
    this.#steps.length = begin;
    this.#marks.length = begin;
    for (const step of added) tail.push(step);
    tail.sort(compareSteps);
    for (const step of tail) {
      this.#marks.push(this.#forgotten + this.#undo.length);
      this.#steps.push(step);
      this.#take(step);
      if (this.#undo.length > 2 * undo_max) {
        this.#undo = this.#undo.slice(undo_max);
        this.#forgotten += undo_max;
      }
    }
  }

  #takeBack(begin: number): void {
    if (begin === this.#steps.length) return;
    const mark = this.#marks[begin]!;
    if (begin > 0 || this.#forgotten === 0) {
      while (this.#forgotten + this.#undo.length > mark) this.#undo.pop()!();
      return;
    }
    // All anew: cheaper than keeping how to take back every step that was ever taken.
    this.#undo = [];
    this.#forgotten = 0;
    this.#holders.clear();
    this.#visits = newHolder();
    for (const node of this.#nodes.values()) {
      this.#touched.add(node);
      node.parent = null;
      node.members = alone;
      node.earliest = node;
      node.shared = null;
      node.reasons = null;
    }
  }

  #take(step: Step): void {
    const key = `${step.kind} ${step.value}`;
    let holder = this.#holders.get(key);
    if (holder === undefined) {
      holder = newHolder();
      this.#holders.set(key, holder);
      this.#undo.push(() => this.#holders.delete(key));
    }
    const day = Math.floor(step.ts_us / day_us);
    const { last } = holder;
    if (last !== null && last !== step.attack) this.#share(step, last, this.#weigh(step, holder, day));
    this.#hold(holder, step, day);
    if (step.kind === 'source') this.#hold(this.#visits, step, day);
  }

  #weigh(step: Step, holder: Holder, day: number): Link {
    const { base, prior, tau_days, horizon_days } = kind_rules[step.kind];
    const before = (one: Holder): number =>
      one.days.reduce(
        (sum, { day: then, sources }) => (then < day && then >= day - history_days ? sum + sources : sum),
        0,
      );
    const share = (before(holder) + prior * prior_visits) / (before(this.#visits) + prior_visits);
    const days = (step.ts_us - holder.last_us) / day_us;
    const rarity = step.kind === 'source' ? 1 : Math.min(1, Math.max(0, -Math.log10(share) / 3));
    const weight = days > horizon_days ? 0 : base * rarity * Math.exp(-days / tau_days);
    return { to: holder.last!.attack_id, kind: step.kind, value: step.value, weight, share };
  }

  #share({ attack }: Step, to: Node, link: Link): void {
    if (link.weight < weight_min) return;
    const { shared } = attack;
    const all = [...(shared ?? []), { to, link }];
    attack.shared = all;
    this.#undo.push(() => {
      attack.shared = shared;
    });
    const [mine, theirs] = [findRoot(attack), findRoot(to)];
    if (mine === theirs) {
      this.#reason(attack, [link]);
      return;
    }
    const best = new Map<string, Link>();
    for (const other of all) {
      if (findRoot(other.to) !== theirs) continue;
      const evidence = evidence_of[other.link.kind] ?? other.link.kind;
      const known = best.get(evidence);
      if (known === undefined || known.weight < other.link.weight) best.set(evidence, other.link);
    }
    const links = [...best.values()];
    const sum = links.reduce((total, { weight }) => total + weight, 0);
    if (sum < 1 || membersOf(mine).length + membersOf(theirs).length > attacks_max) return;
    this.#reason(attack, links);
    this.#join(mine, theirs);
  }

  #reason(attack: Node, links: readonly Link[]): void {
    const { reasons } = attack;
    if ((reasons?.length ?? 0) >= reasons_max) return;
    attack.reasons = [...(reasons ?? []), ...links];
    this.#touched.add(attack);
    this.#undo.push(() => {
      attack.reasons = reasons;
      this.#touched.add(attack);
    });
  }

  #join(one: Node, other: Node): void {
    const [large, small] = membersOf(one).length >= membersOf(other).length ? [one, other] : [other, one];
    const { earliest } = large;
    const was_alone = large.members === alone;
    if (was_alone) large.members = [large];
    const { members } = large;
    const { length } = members;
    for (const member of membersOf(small)) members.push(member);
    this.#touched.add(large).add(small);
    small.parent = large;
    if (isEarlier(small.earliest, earliest)) large.earliest = small.earliest;
    this.#undo.push(() => {
      this.#touched.add(large).add(small);
      members.length = length;
      if (was_alone) large.members = alone;
      large.earliest = earliest;
      small.parent = null;
    });
  }

  #hold(holder: Holder, step: Step, day: number): void {
    const { last, last_us, days, today } = holder;
    const { source } = step.attack;
    if (days.at(-1)?.day !== day) {
      holder.days = [...days.slice(-history_days), { day, sources: 1 }];
      holder.today = source;
      this.#undo.push(() => {
        holder.days = days;
        holder.today = today;
      });
    } else if (typeof today === 'string' ? today !== source : !today.has(source)) {
      const newest = days.at(-1)!;
      if (typeof today === 'string') holder.today = new Set([today, source]);
      else today.add(source);
      newest.sources += 1;
      this.#undo.push(() => {
        if (typeof today === 'string') holder.today = today;
        else today.delete(source);
        newest.sources -= 1;
      });
    }
    holder.last = step.attack;
    holder.last_us = step.ts_us;
    this.#undo.push(() => {
      holder.last = last;
      holder.last_us = last_us;
    });
  }

  #tell(out: ReadonlySet<Node>): { changed: LinkedIncident[]; gone: string[] } {
    const before = new Set<string>();
    const roots = new Set<Node>();
    for (const node of this.#touched) if (!out.has(node)) roots.add(findRoot(node));
    const told = (node: Node): void => {
      const id = this.#told.get(node.attack_id);
      if (id !== undefined) before.add(id);
    };
    for (const root of roots) for (const member of membersOf(root)) told(member);
    for (const node of out) {
      told(node);
      this.#told.delete(node.attack_id);
    }
    const changed = [...roots].map(describeRoot);
    for (const { incident_id, attacks } of changed)
      for (const { attack_id } of attacks) this.#told.set(attack_id, incident_id);
    for (const { incident_id } of changed) before.delete(incident_id);
    return { changed, gone: [...before] };
  }
}
