/**
 * Attacker and objectives of an incident, after Howard, by rules over all of its attacks. Mostly nothing speaks for
 * anybody, and then both are unknown: a scan has no motive that can be seen.
 */
import type { FamilyKind } from '@apiary/model/family-words.ts';
import {
  type Attacker,
  combineWeights,
  type Evidence,
  type Objective,
  stageRank,
} from '@apiary/model/taxonomy.ts';
import type { SignalName } from './signals.ts';

/** What is kept of an attack to judge its incident. */
export interface AttackSummary {
  attack_id: string;
  source: string;
  first_us: number;
  last_us: number;
  events: number;
  sensor_id: number;
  sensors: number[];
  country: string;
  service: string;
  stage: string;
  tool: string;
  families: string[];
  family_kinds: FamilyKind[];
  signals: { name: SignalName; because: string; events: string[] }[];
}

export interface IncidentJudgement {
  attacker: Attacker;
  attacker_confidence: number;
  objectives: Objective[];
  evidence: Evidence[];
}

interface Rule {
  name: string;
  signals?: SignalName[];
  families?: FamilyKind[];
  attacker: Attacker | null;
  attacker_weight: number;
  objectives: Objective[];
  objective_weight: number;
  sentence: string;
}

export const incident_rules: readonly Rule[] = [
  {
    name: 'mining',
    signals: ['mining'],
    families: ['miner'],
    attacker: 'professional criminal',
    attacker_weight: 0.8,
    objectives: ['financial gain'],
    objective_weight: 0.9,
    sentence: 'who mines coins on the machines of others wants to earn',
  },
  {
    name: 'ransom',
    signals: ['ransom'],
    families: ['ransomware'],
    attacker: 'professional criminal',
    attacker_weight: 0.9,
    objectives: ['financial gain', 'damage'],
    objective_weight: 0.9,
    sentence: 'who asks for a ransom wants to earn, by harm',
  },
  {
    name: 'proxy',
    signals: ['proxy'],
    families: ['proxy'],
    attacker: 'professional criminal',
    attacker_weight: 0.5,
    objectives: ['financial gain'],
    objective_weight: 0.55,
    sentence: 'relays through the machines of others are sold or used for fraud',
  },
  {
    name: 'mail',
    signals: ['mail'],
    attacker: 'professional criminal',
    attacker_weight: 0.6,
    objectives: ['financial gain'],
    objective_weight: 0.65,
    sentence: 'mail in bulk earns by fraud or advertising',
  },
  {
    name: 'botnet',
    families: ['botnet'],
    attacker: 'professional criminal',
    attacker_weight: 0.55,
    objectives: ['financial gain'],
    objective_weight: 0.5,
    sentence: 'botnets are built to be let: floods, proxies, mining',
  },
  {
    name: 'wiping',
    signals: ['wiping'],
    attacker: 'vandal',
    attacker_weight: 0.6,
    objectives: ['damage'],
    objective_weight: 0.85,
    sentence: 'who destroys data without asking for anything wants harm',
  },
  {
    name: 'flooding',
    signals: ['flooding'],
    attacker: 'vandal',
    attacker_weight: 0.35,
    objectives: ['damage'],
    objective_weight: 0.6,
    sentence: 'floods take a service from others',
  },
  {
    name: 'defacement',
    signals: ['defacement'],
    attacker: 'vandal',
    attacker_weight: 0.5,
    objectives: ['status', 'damage'],
    objective_weight: 0.7,
    sentence: 'who writes a name on the page of another wants it seen',
  },
  {
    name: 'boasting',
    signals: ['boasting'],
    attacker: 'hacker',
    attacker_weight: 0.6,
    objectives: ['status', 'challenge'],
    objective_weight: 0.6,
    sentence: 'who leaves a name wants to be known',
  },
  {
    name: 'documents',
    signals: ['documents'],
    attacker: 'spy',
    attacker_weight: 0.4,
    objectives: ['political gain'],
    objective_weight: 0.3,
    sentence: 'documents are read by who wants to know, and seldom by machines',
  },
  {
    name: 'credentials',
    signals: ['credentials'],
    attacker: 'professional criminal',
    attacker_weight: 0.35,
    objectives: ['financial gain'],
    objective_weight: 0.4,
    sentence: 'credentials are sold or used to go on',
  },
  {
    name: 'industrial',
    signals: ['industrial'],
    attacker: 'terrorist',
    attacker_weight: 0.2,
    objectives: ['damage'],
    objective_weight: 0.4,
    sentence: 'commands that move machines can harm people',
  },
  {
    name: 'politics',
    signals: ['politics'],
    attacker: 'hacker',
    attacker_weight: 0.4,
    objectives: ['political gain', 'status'],
    objective_weight: 0.6,
    sentence: 'a cause was named',
  },
];

const objective_min = 0.3;
const attacker_min = 0.3;
/** A person who looks around by hand and takes nothing is after the challenge. */
const by_hand = {
  attacker: 'hacker',
  attacker_weight: 0.3,
  objectives: ['challenge'],
  objective_weight: 0.35,
} as const;

export function judgeIncident(attacks: readonly AttackSummary[]): IncidentJudgement {
  const evidence: Evidence[] = [];
  const add = (
    rule: string,
    attacker: string | null,
    weight: number,
    objectives: readonly string[],
    objective_weight: number,
    because: string,
    events: string[],
  ): void => {
    if (attacker !== null)
      evidence.push({ about: 'attacker', says: attacker, rule, weight, because, events });
    for (const says of objectives)
      evidence.push({ about: 'objective', says, rule, weight: objective_weight, because, events });
  };
  for (const rule of incident_rules) {
    const signal = attacks
      .flatMap(({ signals }) => signals)
      .find(({ name }) => rule.signals?.includes(name) ?? false);
    const family = attacks.find(({ family_kinds }) =>
      family_kinds.some((kind) => rule.families?.includes(kind) ?? false),
    );
    if (signal === undefined && family === undefined) continue;
    const seen = signal?.because ?? `a known family: ${family!.families.join(', ')}`;
    add(
      `incident.${rule.name}`,
      rule.attacker,
      rule.attacker_weight,
      rule.objectives,
      rule.objective_weight,
      `${seen}; ${rule.sentence}`,
      signal?.events ?? [family!.attack_id],
    );
  }
  const hand = attacks.find(
    ({ tool, stage }) => tool === 'user command' && stageRank(stage) >= stageRank('acted'),
  );
  if (hand !== undefined && evidence.length === 0)
    add(
      'incident.by_hand',
      by_hand.attacker,
      by_hand.attacker_weight,
      by_hand.objectives,
      by_hand.objective_weight,
      'a person looked around and took nothing',
      [hand.attack_id],
    );
  return { ...chooseAttacker(evidence), objectives: chooseObjectives(evidence), evidence };
}

function sumBy(evidence: readonly Evidence[], about: string): [says: string, confidence: number][] {
  return [
    ...Map.groupBy(
      evidence.filter((one) => one.about === about),
      ({ says }) => says,
    ),
  ]
    .map(([says, list]): [string, number] => [says, combineWeights(list.map(({ weight }) => weight))])
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function chooseAttacker(evidence: readonly Evidence[]): { attacker: Attacker; attacker_confidence: number } {
  const [best, second] = sumBy(evidence, 'attacker');
  if (best === undefined || best[1] < attacker_min) return { attacker: 'unknown', attacker_confidence: 0 };
  const confidence = best[1] * (1 - (second?.[1] ?? 0) / 2);
  return { attacker: best[0] as Attacker, attacker_confidence: Math.round(confidence * 1000) / 1000 };
}

const chooseObjectives = (evidence: readonly Evidence[]): Objective[] =>
  sumBy(evidence, 'objective')
    .filter(([, confidence]) => confidence >= objective_min)
    .map(([says]) => says as Objective);
