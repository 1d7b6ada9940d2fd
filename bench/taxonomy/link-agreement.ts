/**
 * How reliable links are: of two labelled attacks that share a value, and of two that a link joined, how often people
 * called them one campaign.
 */
import { type FactKind, fact_kinds } from '@apiary/server/analysis/facts.ts';
import type { JudgedAttack, JudgedSession } from './judged-sessions.ts';

export interface LinkBin {
  pairs: number;
  /** Part of the pairs that are of one campaign. */
  right: number;
}

export interface LinkAgreement {
  /** Pairs of labelled attacks of different sources that share a value of the kind. */
  shared: Partial<Record<FactKind, LinkBin>>;
  /** Pairs that one link joined, by its weight. */
  joined: { from: number; to: number; pairs: number; mean_weight: number; right: number }[];
}

const weight_bins = [0, 0.5, 1, 1.5, 2, 4];

interface Known {
  campaign: string;
  attack: JudgedAttack;
}

const valuesOf = (attack: JudgedAttack, kind: FactKind): string[] => [
  ...new Set(attack.facts.filter((fact) => fact.kind === kind).map(({ value }) => value)),
];

export function measureLinks(judged: readonly JudgedSession[]): LinkAgreement {
  const known = listKnown(judged);
  const shared = fact_kinds.map((kind) => [kind, pairUp(known, kind)] as const);
  return {
    shared: Object.fromEntries(shared.filter(([, { pairs }]) => pairs > 0)),
    joined: binJoined(known),
  };
}

/** Attacks with one campaign; where sessions of several are in one attack, no pair with it tells anything. */
function listKnown(judged: readonly JudgedSession[]): Known[] {
  const with_campaign = judged.filter(({ label }) => label.campaign !== '-');
  return [...Map.groupBy(with_campaign, ({ attack }) => attack.attack_id).values()].flatMap((list) => {
    const names = new Set(list.map(({ recording, label }) => `${recording} ${label.campaign}`));
    return names.size === 1 ? [{ campaign: [...names][0]!, attack: list[0]!.attack }] : [];
  });
}

function pairUp(known: readonly Known[], kind: FactKind): LinkBin {
  const pairs = new Map<string, boolean>();
  const holders = new Map<string, Known[]>();
  for (const one of known)
    for (const value of valuesOf(one.attack, kind)) {
      const others = holders.get(value) ?? [];
      for (const other of others) {
        if (kind !== 'source' && sourceOf(one.attack) === sourceOf(other.attack)) continue;
        pairs.set(`${one.attack.attack_id} ${other.attack.attack_id}`, one.campaign === other.campaign);
      }
      holders.set(value, [...others, one]);
    }
  const right = [...pairs.values()].filter(Boolean).length;
  return { pairs: pairs.size, right: pairs.size === 0 ? 0 : right / pairs.size };
}

const sourceOf = (attack: JudgedAttack): string => valuesOf(attack, 'source')[0] ?? '';

function binJoined(known: readonly Known[]): LinkAgreement['joined'] {
  const by_id = new Map(known.map((one) => [one.attack.attack_id, one]));
  const links = known.flatMap(({ campaign, attack }) =>
    attack.links.flatMap(({ to, weight }) => {
      const other = by_id.get(to);
      return other === undefined ? [] : [{ weight, right: other.campaign === campaign }];
    }),
  );
  return weight_bins.slice(1).flatMap((to, index) => {
    const from = weight_bins[index]!;
    const list = links.filter(({ weight }) => weight >= from && weight < to);
    if (list.length === 0) return [];
    return [
      {
        ...{ from, to, pairs: list.length },
        mean_weight: list.reduce((sum, { weight }) => sum + weight, 0) / list.length,
        right: list.filter(({ right }) => right).length / list.length,
      },
    ];
  });
}
