/** The sessions of own-sessions.txt, which teach beside a labelled corpus and are never measured against. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tactic } from '@apiary/model/api/sessions.ts';
import type { LabelledSession } from './tactic-corpus.ts';

const letters: Record<string, Tactic> = {
  D: 'Discovery',
  E: 'Execution',
  P: 'Persistence',
  I: 'Impact',
  V: 'Defense Evasion',
  H: 'Harmless',
  O: 'Other',
};

export function readOwnSessions(): LabelledSession[] {
  const lines = readFileSync(join(import.meta.dirname, 'own-sessions.txt'), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const cells = line.split('\t');
      return {
        statements: cells.filter((_, i) => i % 2 === 0),
        labels: cells.filter((_, i) => i % 2 === 1).map((letter) => letters[letter]!),
      };
    });
}
