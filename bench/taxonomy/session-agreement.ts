/** How far the program agrees with the labels of sessions: F1, adjusted Rand index, intervals, reliability. */
import { makeRandom } from './chain-training.ts';
import type { JudgedSession } from './judged-sessions.ts';

const resamples = 1000;
const bins = 10;

export interface Score {
  sessions: number;
  precision: number;
  recall: number;
  f1: number;
  interval: [number, number];
}

export interface Partition {
  sessions: number;
  campaigns: number;
  incidents: number;
  index: number;
  interval: [number, number];
}

export interface Bin {
  from: number;
  to: number;
  cases: number;
  mean_confidence: number;
  right: number;
}

export interface SessionAgreement {
  ways: Record<string, Score>;
  tools: Record<string, Score>;
  tool_macro_f1: number;
  tool_macro_interval: [number, number];
  tool_accuracy: number;
  tool_accuracy_interval: [number, number];
  /** Rows: what people said; in each what the program said, with how often. */
  confusion: Record<string, Record<string, number>>;
  partitions: Record<string, Partition>;
  tool_reliability: Bin[];
  tool_calibration_error: number;
}

/** Classes that count for the mean: labelled so often. */
export const sessions_of_tool_min = 10;

interface Case {
  truth: string;
  said: string;
}

/** Who types is a person; of what the program does not know it says neither. */
const wayOf = (tool: string): string =>
  tool === 'unknown' ? 'unknown' : tool === 'user command' ? 'human' : 'automated';

export function measureSessions(judged: readonly JudgedSession[]): SessionAgreement {
  const draws = drawAttacks(judged);
  const of_way = judged.filter(({ label }) => label.way !== 'unclear');
  const ways = (list: readonly JudgedSession[]): Case[] =>
    list
      .filter(({ label }) => label.way !== 'unclear')
      .map(({ label, attack }) => ({ truth: label.way, said: wayOf(attack.tool) }));
  const tools = (list: readonly JudgedSession[]): Case[] =>
    list.map(({ label, attack }) => ({ truth: label.tool, said: attack.tool }));
  const counted = [...Map.groupBy(judged, ({ label }) => label.tool)]
    .filter(([, list]) => list.length >= sessions_of_tool_min)
    .map(([tool]) => tool);
  const macro = (list: readonly JudgedSession[]): number =>
    mean(counted.map((tool) => score(tools(list), tool).f1));
  const accuracy = (list: readonly JudgedSession[]): number =>
    mean(tools(list).map(({ truth, said }) => (truth === said ? 1 : 0)));
  const scores = (
    list: readonly JudgedSession[],
    cases: (list: readonly JudgedSession[]) => Case[],
  ): Record<string, Score> =>
    Object.fromEntries(
      [...Map.groupBy(cases(list), ({ truth }) => truth)]
        .sort(([, a], [, b]) => b.length - a.length)
        .map(([name, of_it]) => [
          name,
          {
            sessions: of_it.length,
            ...score(cases(list), name),
            interval: middle(draws.map((draw) => score(cases(draw), name).f1)),
          },
        ]),
    );
  return {
    ways: scores(of_way, ways),
    tools: scores(judged, tools),
    tool_macro_f1: macro(judged),
    tool_macro_interval: middle(draws.map(macro)),
    tool_accuracy: accuracy(judged),
    tool_accuracy_interval: middle(draws.map(accuracy)),
    confusion: confuse(tools(judged)),
    partitions: comparePartitions(judged),
    ...measureReliability(judged),
  };
}

/** Sessions of one attack have one answer, so whole attacks are drawn. */
function drawAttacks(judged: readonly JudgedSession[]): JudgedSession[][] {
  const attacks = [...Map.groupBy(judged, ({ attack }) => attack.attack_id).values()];
  const random = makeRandom(11);
  return Array.from({ length: resamples }, () =>
    attacks.flatMap(() => attacks[Math.floor(random() * attacks.length)]!),
  );
}

function score(list: readonly Case[], name: string): Pick<Score, 'precision' | 'recall' | 'f1'> {
  const said = list.filter((one) => one.said === name).length;
  const truth = list.filter((one) => one.truth === name).length;
  const right = list.filter((one) => one.said === name && one.truth === name).length;
  return {
    precision: said === 0 ? 0 : right / said,
    recall: truth === 0 ? 0 : right / truth,
    f1: said + truth === 0 ? 0 : (2 * right) / (said + truth),
  };
}

function confuse(cases: readonly Case[]): Record<string, Record<string, number>> {
  return Object.fromEntries(
    [...Map.groupBy(cases, ({ truth }) => truth)].map(([truth, list]) => [
      truth,
      Object.fromEntries(
        [...Map.groupBy(list, ({ said }) => said)].map(([said, { length }]) => [said, length]),
      ),
    ]),
  );
}

/** Two labels of each thing: how far the two partitions agree beyond chance (Hubert and Arabie 1985). */
export function adjustedRandIndex(pairs: readonly (readonly [string, string])[]): number {
  const two = (n: number): number => (n * (n - 1)) / 2;
  const sum = (groups: Iterable<readonly unknown[]>): number =>
    [...groups].reduce((total, { length }) => total + two(length), 0);
  const both = sum(Map.groupBy(pairs, ([a, b]) => JSON.stringify([a, b])).values());
  const first = sum(Map.groupBy(pairs, ([a]) => a).values());
  const second = sum(Map.groupBy(pairs, ([, b]) => b).values());
  const expected = (first * second) / Math.max(1, two(pairs.length));
  const most = (first + second) / 2;
  return most === expected ? 1 : (both - expected) / (most - expected);
}

function comparePartitions(judged: readonly JudgedSession[]): Record<string, Partition> {
  const known = judged.filter(({ label }) => label.campaign !== '-');
  const nameOf = ({ recording, label }: JudgedSession): string => `${recording} ${label.campaign}`;
  const [[largest] = ['']] = [...Map.groupBy(known, nameOf)].sort(([, a], [, b]) => b.length - a.length);
  const of_recording = [...Map.groupBy(known, ({ recording }) => recording)];
  const sets: Record<string, JudgedSession[]> = {
    all: known,
    'without the largest campaign': known.filter((one) => nameOf(one) !== largest),
    ...(of_recording.length > 1 && Object.fromEntries(of_recording)),
  };
  return Object.fromEntries(
    Object.entries(sets).map(([name, list]) => {
      const index = (some: readonly JudgedSession[]): number =>
        adjustedRandIndex(some.map((one) => [nameOf(one), one.attack.incident_id]));
      return [
        name,
        {
          sessions: list.length,
          campaigns: new Set(list.map(nameOf)).size,
          incidents: new Set(list.map(({ attack }) => attack.incident_id)).size,
          index: index(list),
          // A thing drawn twice would agree with itself: each counts once.
          interval: middle(drawAttacks(list).map((draw) => index([...new Set(draw)]))),
        },
      ];
    }),
  );
}

function measureReliability(
  judged: readonly JudgedSession[],
): Pick<SessionAgreement, 'tool_reliability' | 'tool_calibration_error'> {
  const said = judged.filter(({ attack }) => attack.tool !== 'unknown');
  const reliability = binCases(
    said.map(({ label, attack }) => ({
      confidence: attack.tool_confidence,
      right: label.tool === attack.tool,
    })),
  );
  return {
    tool_reliability: reliability,
    tool_calibration_error: reliability.reduce(
      (sum, { cases, mean_confidence, right }) =>
        sum + (Math.abs(mean_confidence - right) * cases) / Math.max(1, said.length),
      0,
    ),
  };
}

function binCases(cases: readonly { confidence: number; right: boolean }[]): Bin[] {
  const by_bin = Map.groupBy(cases, ({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)));
  return [...by_bin]
    .sort(([a], [b]) => a - b)
    .map(([bin, list]) => ({
      from: bin / bins,
      to: (bin + 1) / bins,
      cases: list.length,
      mean_confidence: mean(list.map(({ confidence }) => confidence)),
      right: mean(list.map(({ right }) => (right ? 1 : 0))),
    }));
}

/** The middle 95 %. */
function middle(values: number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[Math.floor(sorted.length * 0.025)]!, sorted[Math.ceil(sorted.length * 0.975) - 1]!];
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
