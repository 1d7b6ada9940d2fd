/** What an attack is: all rules over one attack, with the evidence of each decision. */
import type { FamilyKind } from '@apiary/model/family-words.ts';
import type { Evidence, Result, Stage, Tool, Weakness } from '@apiary/model/taxonomy.ts';
import type { GatheredAttack } from './attack-row.ts';
import { matchFamilies } from './families.ts';
import { known_rules, type RuleSet } from './rule-set.ts';
import { listSignals, type Signal } from './signals.ts';
import { judgeResults, judgeStage, judgeWeakness } from './stage.ts';
import { judgeTechniques } from './techniques.ts';
import { judgeTool } from './tool.ts';

export interface AttackJudgement {
  tool: Tool;
  tool_confidence: number;
  weakness: Weakness;
  stage: Stage;
  results: Result[];
  families: string[];
  family_kinds: FamilyKind[];
  signals: Signal[];
  techniques: string[];
  evidence: Evidence[];
}

export function judgeAttack(attack: GatheredAttack, { seekers }: RuleSet = known_rules): AttackJudgement {
  const families = matchFamilies(attack, seekers);
  const tool = judgeTool(attack, families);
  const weakness = judgeWeakness(attack);
  const stage = judgeStage(attack);
  const results = judgeResults(attack);
  const techniques = judgeTechniques(attack);
  return {
    tool: tool.tool,
    tool_confidence: tool.confidence,
    weakness: weakness.weakness,
    stage: stage.stage,
    results: results.results,
    families: families.map(({ family }) => family.name),
    family_kinds: [...new Set(families.map(({ family }) => family.kind))],
    signals: listSignals(attack),
    techniques: techniques.techniques,
    evidence: [
      ...tool.evidence,
      weakness.evidence,
      stage.evidence,
      ...results.evidence,
      ...families.map(
        ({ family, because, events }): Evidence => ({
          about: 'family',
          says: family.name,
          rule: `family.${family.name}`,
          weight: family.weight,
          because: `${family.title}: ${because}`,
          events,
        }),
      ),
      ...techniques.evidence,
    ],
  };
}
