/** A linear chain (conditional random field) over labels: posterior probabilities of each place. */

/** Weights: of a feature for each label, and of a label after another (from row to column). */
export interface ChainWeights {
  labels: string[];
  features: ReadonlyMap<string, ArrayLike<number>>;
  steps: readonly ArrayLike<number>[];
}

/** Score of every label at every place, without its neighbours'. */
export function scorePlaces(features: readonly string[][], weights: ChainWeights): Float64Array[] {
  return features.map((names) => {
    const sums = new Float64Array(weights.labels.length);
    for (const name of names) {
      const row = weights.features.get(name);
      if (row !== undefined) for (let k = 0; k < sums.length; k++) sums[k]! += row[k]!;
    }
    return sums;
  });
}

export interface Posterior {
  /** Probability of each label at each place. */
  places: Float64Array[];
  /** Expected number of steps from label to label. */
  steps: Float64Array[];
}

/** Forward and backward through the chain, in logarithms scaled at each place. */
export function findPosterior(scores: readonly Float64Array[], steps: ChainWeights['steps']): Posterior {
  const n = scores.length;
  const k = scores[0]?.length ?? 0;
  const factor = Array.from({ length: k }, (_, a) =>
    Float64Array.from({ length: k }, (_, b) => Math.exp(steps[a]![b]!)),
  );
  const local = scores.map((row) => {
    const top = Math.max(...row);
    return row.map((score) => Math.exp(score - top));
  });
  const ahead: Float64Array[] = [];
  for (let i = 0; i < n; i++) {
    const row = new Float64Array(k);
    for (let b = 0; b < k; b++) {
      let sum = i === 0 ? 1 : 0;
      if (i > 0) for (let a = 0; a < k; a++) sum += ahead[i - 1]![a]! * factor[a]![b]!;
      row[b] = sum * local[i]![b]!;
    }
    ahead.push(scale(row));
  }
  const back: Float64Array[] = Array.from({ length: n }, () => new Float64Array(k).fill(1));
  for (let i = n - 2; i >= 0; i--) {
    for (let a = 0; a < k; a++) {
      let sum = 0;
      for (let b = 0; b < k; b++) sum += factor[a]![b]! * local[i + 1]![b]! * back[i + 1]![b]!;
      back[i]![a] = sum;
    }
    scale(back[i]!);
  }
  const places = ahead.map((row, i) => scale(row.map((value, b) => value * back[i]![b]!)));
  const expected = Array.from({ length: k }, () => new Float64Array(k));
  for (let i = 1; i < n; i++) {
    const pair = Array.from({ length: k }, (_, a) =>
      Float64Array.from(
        { length: k },
        (_, b) => ahead[i - 1]![a]! * factor[a]![b]! * local[i]![b]! * back[i]![b]!,
      ),
    );
    const sum = pair.reduce((all, row) => all + row.reduce((x, y) => x + y, 0), 0);
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) expected[a]![b]! += pair[a]![b]! / sum;
  }
  return { places, steps: expected };
}

function scale(row: Float64Array): Float64Array {
  const sum = row.reduce((a, b) => a + b, 0);
  for (let i = 0; i < row.length; i++) row[i]! /= sum;
  return row;
}
