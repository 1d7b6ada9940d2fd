/** How far the model of tactics agrees with labels: cross-validation, F1 per class, intervals, calibration. */
import { type ChainWeights, findPosterior, scorePlaces } from '@apiary/server/analysis/tactics/chain.ts';
import { type Labelled, makeRandom, shuffle, trainChain } from './chain-training.ts';

const folds = 10;
const resamples = 1000;
const bins = 10;

interface Answer {
  truth: string;
  said: string;
  confidence: number;
}

export interface Agreement {
  sessions: number;
  statements: number;
  accuracy: number;
  classes: Record<
    string,
    {
      sessions: number;
      statements: number;
      precision: number;
      recall: number;
      f1: number;
      interval: [number, number];
    }
  >;
  /** Mean F1 of the classes that 20 sessions or more show, with its interval of 95 % by sessions drawn anew. */
  macro_f1: number;
  macro_interval: [number, number];
  /** Mean distance of confidence and share of right answers, over ten bins. */
  calibration_error: number;
}

export const sessions_of_class_min = 20;

/** Every session judged by a model that did not see it; those of `taught` are seen by all and judged by none. */
export function crossValidate(
  sessions: readonly Labelled[],
  taught: readonly Labelled[],
  labels: string[],
  seed: number,
): Agreement {
  const order = shuffle(sessions, makeRandom(seed));
  const answers: Answer[][] = [];
  for (let fold = 0; fold < folds; fold++) {
    const weights = trainChain([...taught, ...order.filter((_, i) => i % folds !== fold)], labels);
    for (const session of order.filter((_, i) => i % folds === fold)) answers.push(ask(session, weights));
  }
  return measure(answers, labels);
}

export function ask(session: Labelled, weights: ChainWeights): Answer[] {
  const { places } = findPosterior(scorePlaces(session.features, weights), weights.steps);
  return session.labels.map((truth, i) => {
    const confidence = Math.max(...places[i]!);
    return { truth, said: weights.labels[places[i]!.indexOf(confidence)]!, confidence };
  });
}

export function measure(answers: readonly Answer[][], labels: readonly string[]): Agreement {
  const all = answers.flat();
  const shown = labels.filter(
    (label) =>
      answers.filter((list) => list.some(({ truth }) => truth === label)).length >= sessions_of_class_min,
  );
  const macro = (list: readonly Answer[]): number => mean(shown.map((label) => score(list, label).f1));
  const random = makeRandom(7);
  const drawn = Array.from({ length: resamples }, () =>
    answers.flatMap(() => answers[Math.floor(random() * answers.length)]!),
  );
  const classes = labels.map((label) => [
    label,
    {
      sessions: answers.filter((list) => list.some(({ truth }) => truth === label)).length,
      statements: all.filter(({ truth }) => truth === label).length,
      ...score(all, label),
      interval: middle(drawn.map((list) => score(list, label).f1)),
    },
  ]);
  return {
    sessions: answers.length,
    statements: all.length,
    accuracy: mean(all.map(({ truth, said }) => (truth === said ? 1 : 0))),
    classes: Object.fromEntries(classes),
    macro_f1: macro(all),
    macro_interval: middle(drawn.map(macro)),
    calibration_error: calibrate(all),
  };
}

function score(list: readonly Answer[], label: string): { precision: number; recall: number; f1: number } {
  let right = 0;
  let said = 0;
  let true_ones = 0;
  for (const answer of list) {
    if (answer.said === label) said += 1;
    if (answer.truth === label) true_ones += 1;
    if (answer.said === label && answer.truth === label) right += 1;
  }
  return {
    precision: said === 0 ? 0 : right / said,
    recall: true_ones === 0 ? 0 : right / true_ones,
    f1: said + true_ones === 0 ? 0 : (2 * right) / (said + true_ones),
  };
}

function calibrate(list: readonly Answer[]): number {
  const by_bin = Map.groupBy(list, ({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)));
  return [...by_bin.values()]
    .map((bin) => {
      const right = mean(bin.map(({ truth, said }) => (truth === said ? 1 : 0)));
      return (Math.abs(right - mean(bin.map(({ confidence }) => confidence))) * bin.length) / list.length;
    })
    .reduce((a, b) => a + b, 0);
}

/** The middle 95 %. */
function middle(values: number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[Math.floor(sorted.length * 0.025)]!, sorted[Math.ceil(sorted.length * 0.975) - 1]!];
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
