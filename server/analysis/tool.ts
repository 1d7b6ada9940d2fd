/**
 * Which kind of tool an attack used, after Howard, from what can be shown. The words lie inside each other: agents,
 * toolkits and messages of programs are automatic as scripts are. So the first question is whether a person typed, and
 * whatever shows a machine speaks against it; the second is which kind of machine it was, and there speed and length
 * say nothing: it is a script unless something speaks for more.
 */
import { combineWeights, type Evidence, type Tool } from '@apiary/model/taxonomy.ts';
import type { GatheredAttack } from './attack-row.ts';
import type { FamilyMatch } from './families.ts';
import { listToolEvidence } from './tool-rules.ts';

/** What is more than a script needs so much. */
const kind_min = 0.5;
const kinds = ['autonomous agent', 'toolkit', 'information exchange'] as const satisfies readonly Tool[];

/** Known programs type by themselves; what was fetched and started tells nothing of who typed that. */
const isTyped = ({ rule }: Evidence): boolean =>
  rule.startsWith('family.') || rule === 'tool.applet' || rule === 'tool.written_head';

const combine = (list: readonly Evidence[]): number => combineWeights(list.map(({ weight }) => weight));
/**
 * Weights say how much a rule speaks for a word; how often the answer is right was measured over sessions that people
 * labelled (docs/reference/agreement.md). Of what is automatic little is needed to be right, of people more.
 */
const doubt_left = { person: 0.65, machine: 0.3 } as const;
const trust = (weight: number, of: keyof typeof doubt_left): number =>
  Math.round((1 - (1 - weight) * doubt_left[of]) * 1000) / 1000;

export function judgeTool(
  attack: GatheredAttack,
  families: readonly FamilyMatch[],
): { tool: Tool; confidence: number; evidence: Evidence[] } {
  const { typing, brought, counts } = listToolEvidence(attack, families);
  const all = [...typing, ...brought, ...counts];
  const by_person = combine(all.filter(({ says }) => says === 'user command'));
  // Who guesses with a program, or fetches a bot, may type by hand: both count where the commands do not tell.
  const against = by_person > 0 && attack.commands.length > 0 ? [...typing, ...brought.filter(isTyped)] : all;
  const by_machine = combine(against.filter(({ says }) => says !== 'user command'));
  if (by_person > by_machine)
    return {
      tool: 'user command',
      confidence: trust(by_person * (1 - by_machine / 2), 'person'),
      evidence: all,
    };
  if (by_machine === 0) return { tool: 'unknown', confidence: 0, evidence: all };
  const [best] = kinds
    .map((tool) => ({ tool, weight: combine(all.filter(({ says }) => says === tool)) }))
    .sort((a, b) => b.weight - a.weight);
  const automatic = 1 - by_person / 2;
  if (best !== undefined && best.weight >= kind_min)
    return { tool: best.tool, confidence: trust(best.weight * automatic, 'machine'), evidence: all };
  const script = Math.max(0.5, by_machine) * (1 - (best?.weight ?? 0) / 2);
  return { tool: 'script or program', confidence: trust(script * automatic, 'machine'), evidence: all };
}
