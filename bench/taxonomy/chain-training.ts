/** Training of the chain that names the tactic of a statement: gradient steps with their own rate per weight. */
import { type ChainWeights, findPosterior, scorePlaces } from '@apiary/server/analysis/tactics/chain.ts';

export interface Labelled {
  features: string[][];
  labels: string[];
}

export interface TrainingOptions {
  epochs: number;
  rate: number;
  /** Pull of every weight towards nought, per epoch. */
  decay: number;
  /** A feature seen in fewer sessions has no weight. */
  sessions_min: number;
  seed: number;
}

export const usual: TrainingOptions = { epochs: 30, rate: 0.15, decay: 0.1, sessions_min: 2, seed: 1 };

/** Sessions with their labels to weights. */
export function trainChain(sessions: readonly Labelled[], labels: string[], options = usual): ChainWeights {
  const seen = new Map<string, number>();
  for (const { features } of sessions)
    for (const name of new Set(features.flat())) seen.set(name, (seen.get(name) ?? 0) + 1);
  const kept = [...seen].filter(([, count]) => count >= options.sessions_min).map(([name]) => name);
  const k = labels.length;
  const features = new Map(kept.map((name) => [name, new Float64Array(k)]));
  const squares = new Map(kept.map((name) => [name, new Float64Array(k).fill(1e-2)]));
  const steps = labels.map(() => new Float64Array(k));
  const step_squares = labels.map(() => new Float64Array(k).fill(1e-2));
  const weights: ChainWeights = { labels, features, steps };
  const random = makeRandom(options.seed);
  const move = (row: Float64Array, past: Float64Array, i: number, slope: number): void => {
    const pulled = slope - options.decay * row[i]!;
    past[i]! += pulled * pulled;
    row[i]! += (options.rate * pulled) / Math.sqrt(past[i]!);
  };
  for (let epoch = 0; epoch < options.epochs; epoch++)
    for (const session of shuffle(sessions, random)) {
      const posterior = findPosterior(scorePlaces(session.features, weights), steps);
      session.features.forEach((names, i) => {
        const truth = labels.indexOf(session.labels[i]!);
        for (const name of names) {
          const row = features.get(name);
          if (row === undefined) continue;
          for (let b = 0; b < k; b++)
            move(row, squares.get(name)!, b, (b === truth ? 1 : 0) - posterior.places[i]![b]!);
        }
      });
      const counted = labels.map(() => new Float64Array(k));
      for (let i = 1; i < session.labels.length; i++)
        counted[labels.indexOf(session.labels[i - 1]!)]![labels.indexOf(session.labels[i]!)]! += 1;
      for (let a = 0; a < k; a++)
        for (let b = 0; b < k; b++)
          move(steps[a]!, step_squares[a]!, b, counted[a]![b]! - posterior.steps[a]![b]!);
    }
  return weights;
}

/** Mulberry32: the same order in every run. */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffle<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}
