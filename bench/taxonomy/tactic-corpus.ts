/** Shell sessions labelled by experts with a tactic per statement, in the form of LogPrécis's supervised corpus. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LabelledSession {
  statements: string[];
  labels: string[];
}

/** Every `*.json` of a folder; sessions whose statements and labels are not equally many are counted and left out. */
export function readTacticCorpus(folder: string): { sessions: LabelledSession[]; unaligned: number } {
  const sessions: LabelledSession[] = [];
  let unaligned = 0;
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const corpus = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<
      string,
      { session: string; labels: string }
    >;
    for (const { session, labels } of Object.values(corpus)) {
      const spread = spreadLabels(labels);
      const statements = [splitSpaced, splitEverywhere]
        .map((split) => split(session))
        .find(({ length }) => length === spread.length);
      if (statements === undefined) unaligned += 1;
      else sessions.push({ statements, labels: spread });
    }
  }
  return { sessions, unaligned };
}

/** `Discovery - 2 -- Persistence - 8`: up to statement 2 (from nought), then up to 8. */
function spreadLabels(text: string): string[] {
  const labels: string[] = [];
  for (const part of text.split(' -- ')) {
    const at = part.lastIndexOf(' - ');
    const last = Number(part.slice(at + 3));
    while (labels.length <= last) labels.push(part.slice(0, at).trim());
  }
  return labels;
}

/** As the corpus was labelled: joints stand between spaces; some sessions were labelled with joints anywhere. */
function splitSpaced(session: string): string[] {
  const parts = ` ${session}`.split(/\s(?:;|\|\||&&|\|)(?=\s|$)/).map((part) => part.trim());
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts;
}

const splitEverywhere = (session: string): string[] =>
  session
    .split(/;|\|\||&&|\|/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
