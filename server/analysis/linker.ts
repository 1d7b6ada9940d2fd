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
import type { Fact } from './facts.ts';
import {
  attacks_max,
  evidence_of,
  history_days,
  kind_rules,
  type Link,
  prior_visits,
  reasons_max,
  weight_min,
} from './link-rules.ts';
import { countOf, dayOf, forgetHolders, newValue, packDay, type SharedValue, Steps } from './link-steps.ts';
import {
  alone,
  findRoot,
  isEarlier,
  type LinkedAttack,
  type LinkedNode,
  membersOf,
  newNode,
  setApart,
} from './linked-node.ts';

const day_us = 86_400_000_000;
/** Changes that can be taken back; for what lies before them all is gone through anew. */
const undo_max = 250_000;

export interface LinkedIncident {
  /** attack_id of its earliest attack. */
  incident_id: string;
  /** Reasons are read before the next update. */
  attacks: { attack_id: string; reasons: readonly Link[] }[];
}

export interface AttackChange {
  attack: LinkedAttack;
  /** In order of time; null takes the attack out. */
  facts: readonly Fact[] | null;
}

const no_reasons: readonly number[] = [];

/** An attack as it is told. Its reasons are made when asked for: those of all incidents at once take much room. */
class ToldAttack {
  readonly attack_id: string;
  readonly #places: readonly number[];
  readonly #describe: (place: number) => Link;

  constructor(attack_id: string, places: readonly number[], describe: (place: number) => Link) {
    this.attack_id = attack_id;
    this.#places = places;
    this.#describe = describe;
  }

  get reasons(): readonly Link[] {
    return this.#places.map(this.#describe);
  }
}

export class Linker {
  readonly #steps = new Steps();
  /** The newest changes, each as what takes it back, and how many were forgotten before them. */
  #undo: ((() => void) | HeldBefore)[] = [];
  #forgotten = 0;
  /** Whether what is done now can be taken back. */
  #is_recording = true;
  readonly #nodes = new Map<string, LinkedNode>();
  readonly #free_places: number[] = [];
  /** Who was there on which day, whatever they did. */
  readonly #visits = newValue(-1, 'source', '');
  /** Attacks whose incidents changed in this update; of two that were joined or parted their roots. */
  #touched = new Set<LinkedNode>();
  // What was put in since the last update.
  #added: number[] = [];
  #removed = new Set<number>();
  #out = new Set<LinkedNode>();

  get attacks(): number {
    return this.#nodes.size;
  }

  /** All incidents as they are now. */
  list(): LinkedIncident[] {
    return [...this.#nodes.values()]
      .filter(({ parent }) => parent === null)
      .map((root) => this.#describeRoot(root));
  }

  /** The incident that holds an attack; undefined for one that is not known. */
  incidentOf(attack_id: string): LinkedIncident | undefined {
    const node = this.#nodes.get(attack_id);
    return node === undefined ? undefined : this.#describeRoot(findRoot(node));
  }

  #describeRoot(root: LinkedNode): LinkedIncident {
    const attacks = membersOf(root)
      .toSorted((a, b) => (isEarlier(a, b) ? -1 : 1))
      .map(({ attack_id, reasons }) => new ToldAttack(attack_id, reasons ?? no_reasons, this.#describeLink));
    return { incident_id: root.earliest.attack_id, attacks };
  }

  #describeLink = (place: number): Link => {
    const { kind, text } = this.#steps.valueOf(this.#steps.slotAt(place));
    return {
      to: this.#steps.nodes[this.#steps.to[place]!]!.attack_id,
      kind,
      value: text,
      weight: this.#steps.weight[place]!,
      share: this.#steps.share[place]!,
    };
  };

  /**
   * Puts attacks in, gives them other facts, or takes them out.
   * @returns incidents that changed, and ids of those that are no more
   */
  update(changes: readonly AttackChange[]): { changed: LinkedIncident[]; gone: string[] } {
    for (const change of changes) this.put(change);
    return this.settle();
  }

  /** One change of the next `settle`, before which nothing is read. */
  put({ attack, facts }: AttackChange): void {
    const node = this.#nodes.get(attack.attack_id) ?? this.#newNode(attack);
    this.#touched.add(node);
    const old = new Map<string, number>();
    const keyOf = (ts_us: number, value: SharedValue): string => `${ts_us} ${value.place}`;
    for (let slot = node.first_slot; slot !== -1; slot = this.#steps.next[slot]!)
      old.set(keyOf(this.#steps.ts_us[slot]!, this.#steps.valueOf(slot)), slot);
    let following = -1;
    for (const { ts_us, kind, value: text } of (facts ?? []).toReversed()) {
      const value = this.#steps.valueFor(kind, text);
      const key = keyOf(ts_us, value);
      let slot = old.get(key);
      if (slot === undefined) {
        slot = this.#steps.add(node, ts_us, value);
        this.#added.push(slot);
      }
      old.delete(key);
      this.#steps.next[slot] = following;
      following = slot;
    }
    node.first_slot = following;
    for (const slot of old.values()) this.#removed.add(slot);
    if (facts === null) this.#out.add(node);
  }

  #newNode(attack: LinkedAttack): LinkedNode {
    const place = this.#free_places.pop() ?? this.#steps.nodes.length;
    const node = newNode(attack, place);
    this.#steps.nodes[place] = node;
    this.#nodes.set(attack.attack_id, node);
    return node;
  }

  /** Links what was put in. @returns as `update` */
  settle(): { changed: LinkedIncident[]; gone: string[] } {
    this.#goThrough();
    const out = this.#out;
    for (const { attack_id } of out) this.#nodes.delete(attack_id);
    const told = this.#tell(out);
    for (const slot of this.#removed) this.#steps.free(slot);
    for (const { place } of out) this.#free_places.push(place);
    this.#added = [];
    this.#removed = new Set();
    this.#out = new Set();
    this.#touched = new Set();
    return told;
  }

  /** Takes back all from the first change on, and goes through it again. */
  #goThrough(): void {
    const steps = this.#steps;
    let from_us = Number.POSITIVE_INFINITY;
    for (const slot of this.#added) from_us = Math.min(from_us, steps.ts_us[slot]!);
    for (const slot of this.#removed) from_us = Math.min(from_us, steps.ts_us[slot]!);
    let begin = steps.lowerBound(from_us);
    if (begin < steps.length && steps.mark[begin]! < this.#forgotten) begin = 0;
    this.#takeBack(begin);
    steps.reorder(begin, this.#added, this.#removed);
    // What lies far back would be forgotten anyway.
    const recorded_from = steps.length - undo_max;
    for (let place = begin; place < steps.length; place += 1) {
      this.#is_recording = place >= recorded_from;
      if (place === recorded_from) this.#forget();
      steps.mark[place] = this.#is_recording ? this.#forgotten + this.#undo.length : -1;
      this.#take(place);
      if (this.#undo.length > 2 * undo_max) {
        this.#undo = this.#undo.slice(undo_max);
        this.#forgotten += undo_max;
      }
    }
    this.#is_recording = true;
  }

  /** Nothing that was done can be taken back any more. */
  #forget(): void {
    this.#forgotten += this.#undo.length + 1;
    this.#undo = [];
  }

  #note(undo: () => void): void {
    if (this.#is_recording) this.#undo.push(undo);
  }

  #takeBack(begin: number): void {
    if (begin === this.#steps.length) return;
    if (begin > 0 || this.#forgotten === 0) {
      const mark = this.#steps.mark[begin]!;
      while (this.#forgotten + this.#undo.length > mark) {
        const undo = this.#undo.pop()!;
        if (typeof undo === 'function') undo();
        else holdAsBefore(undo);
      }
      return;
    }
    // All anew: cheaper than keeping how to take back every step that was ever taken.
    this.#undo = [];
    this.#forgotten = 0;
    for (const value of this.#steps.values) forgetHolders(value);
    forgetHolders(this.#visits);
    for (const node of this.#nodes.values()) {
      this.#touched.add(node);
      setApart(node);
    }
  }

  #take(place: number): void {
    const slot = this.#steps.slotAt(place);
    const node = this.#steps.nodeOf(slot);
    const value = this.#steps.valueOf(slot);
    const ts_us = this.#steps.ts_us[slot]!;
    const day = Math.floor(ts_us / day_us);
    if (value.last !== null && value.last !== node) this.#share(place, node, value, ts_us, day);
    this.#hold(value, node, ts_us, day);
    if (value.kind === 'source') this.#hold(this.#visits, node, ts_us, day);
  }

  #share(place: number, node: LinkedNode, value: SharedValue, ts_us: number, day: number): void {
    const { weight, share } = weigh(value, this.#visits, ts_us, day);
    if (weight < weight_min) return;
    const steps = this.#steps;
    const to = value.last!;
    const { last_link } = node;
    steps.to[place] = to.place;
    steps.weight[place] = weight;
    steps.share[place] = share;
    steps.before[place] = last_link;
    node.last_link = place;
    this.#note(() => {
      node.last_link = last_link;
    });
    const [mine, theirs] = [findRoot(node), findRoot(to)];
    if (mine === theirs) {
      this.#reason(node, [place]);
      return;
    }
    const links = this.#bestLinks(node, theirs);
    const sum = links.reduce((total, link) => total + steps.weight[link]!, 0);
    if (sum < 1 || membersOf(mine).length + membersOf(theirs).length > attacks_max) return;
    this.#reason(node, links);
    this.#join(mine, theirs);
  }

  /** The best of each sort of evidence that an attack shares with those of an incident. @returns places of steps */
  #bestLinks(node: LinkedNode, theirs: LinkedNode): number[] {
    const steps = this.#steps;
    const all: number[] = [];
    for (let place = node.last_link; place !== -1; place = steps.before[place]!) all.push(place);
    const best = new Map<string, number>();
    for (const place of all.reverse()) {
      if (findRoot(steps.nodes[steps.to[place]!]!) !== theirs) continue;
      const { kind } = steps.valueOf(steps.slotAt(place));
      const evidence = evidence_of[kind] ?? kind;
      const known = best.get(evidence);
      if (known === undefined || steps.weight[known]! < steps.weight[place]!) best.set(evidence, place);
    }
    return [...best.values()];
  }

  #reason(node: LinkedNode, links: readonly number[]): void {
    const { reasons } = node;
    if ((reasons?.length ?? 0) >= reasons_max) return;
    node.reasons = [...(reasons ?? []), ...links];
    this.#touched.add(node);
    this.#note(() => {
      node.reasons = reasons;
      this.#touched.add(node);
    });
  }

  #join(one: LinkedNode, other: LinkedNode): void {
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
    this.#note(() => {
      this.#touched.add(large).add(small);
      members.length = length;
      if (was_alone) large.members = alone;
      large.earliest = earliest;
      small.parent = null;
    });
  }

  #hold(value: SharedValue, node: LinkedNode, ts_us: number, day: number): void {
    const { last, last_us, day: newest, sources, today, earlier } = value;
    const { source } = node;
    let is_added = false;
    if (newest !== day) {
      if (newest !== -1) value.earlier = [...earlier, packDay(newest, sources)].slice(-history_days);
      value.day = day;
      value.sources = 1;
      value.today = source;
    } else if (typeof today === 'string' ? today !== source : !today.has(source)) {
      if (typeof today === 'string') value.today = new Set([today, source]);
      else today.add(source);
      is_added = true;
      value.sources += 1;
    }
    value.last = node;
    value.last_us = ts_us;
    if (this.#is_recording)
      this.#undo.push({
        value,
        last,
        last_us,
        day: newest,
        sources,
        today,
        earlier,
        added: is_added ? source : '',
      });
  }

  #tell(out: ReadonlySet<LinkedNode>): { changed: LinkedIncident[]; gone: string[] } {
    const before = new Set<string>();
    const roots = new Set<LinkedNode>();
    for (const node of this.#touched) if (!out.has(node)) roots.add(findRoot(node));
    const told = (node: LinkedNode): void => {
      if (node.told !== undefined) before.add(node.told);
    };
    for (const root of roots) for (const member of membersOf(root)) told(member);
    for (const node of out) told(node);
    for (const root of roots) for (const member of membersOf(root)) member.told = root.earliest.attack_id;
    const changed = [...roots].map((root) => this.#describeRoot(root));
    for (const { incident_id } of changed) before.delete(incident_id);
    return { changed, gone: [...before] };
  }
}

/** Who had a value before. It is no function, as most changes are of this sort, and those take twice the room. */
interface HeldBefore extends Omit<SharedValue, 'place' | 'kind' | 'text'> {
  value: SharedValue;
  /** The source that was added to those of the day; '' where none was. */
  added: string;
}

function holdAsBefore({ value, added, last, last_us, day, sources, today, earlier }: HeldBefore): void {
  if (added !== '' && typeof today !== 'string') today.delete(added);
  Object.assign(value, { last, last_us, day, sources, today, earlier });
}

/** What it weighs that somebody has a value whose last holder is another. */
function weigh(
  value: SharedValue,
  visits: SharedValue,
  ts_us: number,
  day: number,
): { weight: number; share: number } {
  const { base, prior, tau_days, horizon_days } = kind_rules[value.kind];
  const share = (countBefore(value, day) + prior * prior_visits) / (countBefore(visits, day) + prior_visits);
  const days = (ts_us - value.last_us) / day_us;
  const rarity = value.kind === 'source' ? 1 : Math.min(1, Math.max(0, -Math.log10(share) / 3));
  const weight = days > horizon_days ? 0 : base * rarity * Math.exp(-days / tau_days);
  return { weight, share };
}

/** Sources that had a value on the days before, a source once a day. */
function countBefore({ day: newest, sources, earlier }: SharedValue, day: number): number {
  const counts = (then: number): boolean => then < day && then >= day - history_days;
  let sum = newest !== -1 && counts(newest) ? sources : 0;
  for (const one of earlier) if (counts(dayOf(one))) sum += countOf(one);
  return sum;
}
