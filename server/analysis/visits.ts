/** The visits that are known: which stretches of time have to be gone through anew when events come. */

export interface Visit {
  from_us: number;
  to_us: number;
  /** Its attacks with their numbers of events. */
  attacks: [attack_id: string, events: number][];
}

export interface Window {
  source: string;
  net: number;
  from_us: number;
  to_us: number;
}

const keyOf = (source: string, net: number): string => `${source} ${net}`;

export class Visits {
  readonly #by_source = new Map<string, Visit[]>();

  add(source: string, net: number, visit: Visit): void {
    const key = keyOf(source, net);
    const list = this.#by_source.get(key);
    if (list === undefined) this.#by_source.set(key, [visit]);
    else list.push(visit);
  }

  /** Notes an attack with its visit. */
  remember(attack: {
    attack_id: string;
    source: string;
    net: number;
    visit_us: number;
    visit_end_us: number;
    events: number;
  }): void {
    const { source, net, visit_us: from_us, visit_end_us: to_us, attack_id, events } = attack;
    const [visit] = this.take({ source, net, from_us, to_us });
    const others = visit?.attacks.filter(([other]) => other !== attack_id) ?? [];
    this.add(source, net, { from_us, to_us, attacks: [...others, [attack_id, events]] });
  }

  /** The visits that a stretch of new events touches or comes near to. */
  #near({ source, net, from_us, to_us }: Window, pause_us: number): Visit[] {
    const list = this.#by_source.get(keyOf(source, net)) ?? [];
    return list.filter((visit) => visit.to_us + pause_us >= from_us && visit.from_us - pause_us <= to_us);
  }

  /** The stretch that has to be gone through, so that it holds whole visits only. */
  widen(window: Window, pause_us: number): Window {
    const near = this.#near(window, pause_us);
    return {
      ...window,
      from_us: Math.min(window.from_us, ...near.map(({ from_us }) => from_us)),
      to_us: Math.max(window.to_us, ...near.map(({ to_us }) => to_us)),
    };
  }

  /** Takes the visits within a widened stretch out. */
  take(window: Window): Visit[] {
    const key = keyOf(window.source, window.net);
    const list = this.#by_source.get(key) ?? [];
    const within = (visit: Visit): boolean => visit.from_us >= window.from_us && visit.to_us <= window.to_us;
    const taken = list.filter(within);
    const left = list.filter((visit) => !within(visit));
    if (left.length === 0) this.#by_source.delete(key);
    else this.#by_source.set(key, left);
    return taken;
  }
}
