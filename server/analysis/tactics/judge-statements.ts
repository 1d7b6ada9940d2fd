/**
 * Names the ATT&CK tactic of every statement of a shell session, with a probability and what spoke for it. The model
 * is a linear chain over features that features.ts lists by name; `npm run bench -- taxonomy --write` trains it and
 * measures it (docs/reference/tactics.md).
 */
import type { JudgedStatement, Tactic } from '@apiary/model/api/sessions.ts';
import { type ChainWeights, findPosterior, scorePlaces } from './chain.ts';
import { listFeatures } from './features.ts';
import { splitStatements } from './statements.ts';
import model from './tactic-model.json' with { type: 'json' };

/** What is longer is judged this far: every statement asks for some hundred look-ups. */
export const statements_max = 2000;
const reasons_max = 3;

export const tactic_weights: ChainWeights = {
  labels: model.labels,
  features: new Map(Object.entries(model.features)),
  steps: model.steps,
};

/** Command lines of one session in order of time, each to its statements; beyond the limit a line has none. */
export function judgeStatements(lines: readonly string[]): JudgedStatement[][] {
  const split: { line: number; text: string }[] = [];
  lines.forEach((line, index) => {
    for (const { text } of split.length < statements_max ? splitStatements(line) : [])
      if (split.length < statements_max) split.push({ line: index, text });
  });
  const judged: JudgedStatement[][] = lines.map(() => []);
  if (split.length === 0) return judged;
  const features = listFeatures(split.map(({ text }) => text));
  const scores = scorePlaces(features, tactic_weights);
  const { places } = findPosterior(scores, tactic_weights.steps);
  split.forEach(({ line, text }, at) => {
    const best = places[at]!.indexOf(Math.max(...places[at]!));
    judged[line]!.push({
      text,
      tactic: tactic_weights.labels[best] as Tactic,
      confidence: places[at]![best]!,
      because: explain(features[at]!, best),
    });
  });
  return judged;
}

/** Events of one session in order of time; to the key of each command its statements. */
export function judgeCommands(
  events: readonly { key: string; command: string }[],
): Record<string, JudgedStatement[]> {
  const commands = events.filter(({ command }) => command !== '');
  const judged = judgeStatements(commands.map(({ command }) => command));
  return Object.fromEntries(
    commands.map(({ key }, index) => [key, judged[index]!] as const).filter(([, list]) => list.length > 0),
  );
}

/** Features that speak most for a label, against the mean of the others. */
function explain(features: readonly string[], label: number): string[] {
  const weighed = features.flatMap((name) => {
    const row = tactic_weights.features.get(name);
    if (row === undefined || name === 'any') return [];
    const sum = Array.from(row).reduce((a, b) => a + b, 0);
    return [{ name, weight: row[label]! - (sum - row[label]!) / (row.length - 1) }];
  });
  return weighed
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, reasons_max)
    .map(({ name }) => name);
}
