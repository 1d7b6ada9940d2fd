/**
 * The facts of all attacks as columns of numbers: there are a dozen of each attack, and as objects they would take most
 * of the memory. A step has a slot that stays; its place in the order changes when earlier ones come. What a step found
 * (a link to the last attack that had its value) stands at its place.
 */
import type { FactKind } from './facts.ts';
import type { LinkedNode } from './linked-node.ts';

type Column = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Small, as the columns are a third of what is held. */
const growth = 1.2;

function grown<T extends Column>(column: T, length: number): T {
  if (length <= column.length) return column;
  const larger = new (column.constructor as new (length: number) => T)(Math.ceil(length * growth) + 1024);
  larger.set(column);
  return larger;
}

/** A value that attacks may share, and who had it. */
export interface SharedValue {
  place: number;
  kind: FactKind;
  text: string;
  last: LinkedNode | null;
  last_us: number;
  /** The newest day on which it was seen, -1 before any; and by how many sources. */
  day: number;
  sources: number;
  /** The sources of that day; most values have one. */
  today: Set<string> | string;
  /** The days before, each with its sources as one number: there are more of them than of anything else. */
  earlier: readonly DayCount[];
}

/** A day and a count in one number. */
export type DayCount = number;

const count_max = 2 ** 32;

export const packDay = (day: number, count: number): DayCount => day * count_max + count;
export const dayOf = (packed: DayCount): number => Math.floor(packed / count_max);
export const countOf = (packed: DayCount): number => packed % count_max;

const no_days: SharedValue['earlier'] = [];

// Written out, as what is put together of other objects takes twice the room.
export const newValue = (place: number, kind: FactKind, text: string): SharedValue => ({
  place,
  kind,
  text,
  last: null,
  last_us: 0,
  day: -1,
  sources: 0,
  today: '',
  earlier: no_days,
});

export function forgetHolders(value: SharedValue): void {
  Object.assign(value, newValue(value.place, value.kind, value.text));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export class Steps {
  // By slot.
  ts_us: Float64Array<ArrayBuffer> = new Float64Array(0);
  #value: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  #node: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  /** The next slot of the same attack; -1 at the end. */
  next: Int32Array<ArrayBuffer> = new Int32Array(0);
  #slots = 0;
  readonly #free: number[] = [];
  // By place.
  #order: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  /** How many changes had been made before the step; -1 where it cannot be taken back alone. */
  mark: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** Place of the node that it links to. */
  to: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  weight: Float64Array<ArrayBuffer> = new Float64Array(0);
  share: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** Place of the step that gave its attack the link before; -1 where none did. */
  before: Int32Array<ArrayBuffer> = new Int32Array(0);
  /** Steps that are in order. */
  length = 0;
  readonly #values: SharedValue[] = [];
  readonly #by_kind = new Map<FactKind, Map<string, SharedValue>>();
  readonly nodes: LinkedNode[] = [];

  get values(): readonly SharedValue[] {
    return this.#values;
  }

  valueFor(kind: FactKind, text: string): SharedValue {
    let of_kind = this.#by_kind.get(kind);
    if (of_kind === undefined) {
      of_kind = new Map();
      this.#by_kind.set(kind, of_kind);
    }
    let value = of_kind.get(text);
    if (value === undefined) {
      value = newValue(this.#values.length, kind, text);
      of_kind.set(text, value);
      this.#values.push(value);
    }
    return value;
  }

  /** @returns its slot */
  add(node: LinkedNode, ts_us: number, value: SharedValue): number {
    const slot = this.#free.pop() ?? this.#slots++;
    this.ts_us = grown(this.ts_us, this.#slots);
    this.#value = grown(this.#value, this.#slots);
    this.#node = grown(this.#node, this.#slots);
    this.next = grown(this.next, this.#slots);
    this.ts_us[slot] = ts_us;
    this.#value[slot] = value.place;
    this.#node[slot] = node.place;
    this.next[slot] = -1;
    return slot;
  }

  free(slot: number): void {
    this.#free.push(slot);
  }

  valueOf(slot: number): SharedValue {
    return this.#values[this.#value[slot]!]!;
  }

  nodeOf(slot: number): LinkedNode {
    return this.nodes[this.#node[slot]!]!;
  }

  slotAt(place: number): number {
    return this.#order[place]!;
  }

  /** The first place whose step is not before a time. */
  lowerBound(ts_us: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ts_us[this.slotAt(middle)]! < ts_us) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts steps in and takes others out, all of them at or behind a place. */
  reorder(begin: number, added: readonly number[], removed: ReadonlySet<number>): void {
    const kept = this.#order.subarray(begin, this.length).filter((slot) => !removed.has(slot));
    const tail = new Uint32Array(kept.length + added.length);
    tail.set(kept);
    tail.set(added, kept.length);
    tail.sort((a, b) => this.#compare(a, b));
    this.length = begin + tail.length;
    this.#order = grown(this.#order, this.length);
    this.mark = grown(this.mark, this.length);
    this.to = grown(this.to, this.length);
    this.weight = grown(this.weight, this.length);
    this.share = grown(this.share, this.length);
    this.before = grown(this.before, this.length);
    this.#order.set(tail, begin);
  }

  #compare(a: number, b: number): number {
    const by_time = this.ts_us[a]! - this.ts_us[b]!;
    if (by_time !== 0) return by_time;
    const [mine, theirs] = [this.valueOf(a), this.valueOf(b)];
    return (
      compareText(this.nodeOf(a).attack_id, this.nodeOf(b).attack_id) ||
      compareText(mine.kind, theirs.kind) ||
      compareText(mine.text, theirs.text)
    );
  }
}
