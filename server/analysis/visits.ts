/** The visits that are known: which stretches of time have to be gone through anew when events come. */

/** What is kept of an attack, as far as visits go. */
export interface VisitingAttack {
  attack_id: string;
  source: string;
  net: number;
  visit_us: number;
  visit_end_us: number;
  events: number;
}

export interface Window {
  source: string;
  net: number;
  from_us: number;
  to_us: number;
}

const keyOf = (source: string, net: number): string => `${source} ${net}`;

export class Visits {
  /** The attacks of each source: attacks of one visit say the same of its beginning and end. */
  readonly #by_source = new Map<string, VisitingAttack[]>();

  /** Notes an attack with its visit, once: attacks of visits that are gone through anew are taken out before. */
  remember(attack: VisitingAttack): void {
    const key = keyOf(attack.source, attack.net);
    const list = this.#by_source.get(key);
    // A list that grows in place has room for sixteen more, which most sources never need.
    if (list === undefined || list.length < 16) this.#by_source.set(key, [...(list ?? []), attack]);
    else list.push(attack);
  }

  /** The stretch that has to be gone through, so that it holds whole visits only. */
  widen(window: Window, pause_us: number): Window {
    let { from_us, to_us } = window;
    for (const { visit_us, visit_end_us } of this.#by_source.get(keyOf(window.source, window.net)) ?? []) {
      if (visit_end_us + pause_us < window.from_us || visit_us - pause_us > window.to_us) continue;
      from_us = Math.min(from_us, visit_us);
      to_us = Math.max(to_us, visit_end_us);
    }
    return { ...window, from_us, to_us };
  }

  /** Takes the attacks of the visits within a widened stretch out. */
  take({ source, net, from_us, to_us }: Window): VisitingAttack[] {
    const key = keyOf(source, net);
    const list = this.#by_source.get(key) ?? [];
    const isWithin = ({ visit_us, visit_end_us }: VisitingAttack): boolean =>
      visit_us >= from_us && visit_end_us <= to_us;
    const left = list.filter((attack) => !isWithin(attack));
    if (left.length === 0) this.#by_source.delete(key);
    else if (left.length < list.length) this.#by_source.set(key, left);
    return list.filter(isWithin);
  }
}
