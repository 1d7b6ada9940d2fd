/** The labels of labels/, a line for a session, by the hash of its lines. How they were made: docs/reference/labelling.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tool } from '@apiary/model/taxonomy.ts';

export interface SessionLabel {
  hash: string;
  sensor: string;
  way: 'automated' | 'human' | 'unclear';
  tool: Tool;
  /** `-` where none shows. */
  family: string;
  /** `-` where nothing can be said. */
  campaign: string;
}

const folder = join(import.meta.dirname, 'labels');

export const labelled_drawings: readonly string[] = readdirSync(folder)
  .map((file) => file.replace(/\.tsv$/, ''))
  .sort();

export function readLabels(drawing: string): SessionLabel[] {
  const [head, ...lines] = readFileSync(join(folder, `${drawing}.tsv`), 'utf8')
    .trimEnd()
    .split('\n');
  const names = head!.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(names.map((name, i) => [name, cells[i]!])) as unknown as SessionLabel;
  });
}
