/** Walks a YAML document part by part and collects mistakes with their places and remedies. */
import { isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, type YAMLMap } from 'yaml';
import { parseSize } from './config-values.ts';

const kib = 1024;

export interface ConfigMistake {
  line: number;
  column: number;
  message: string;
  remedy: string;
}

export interface NumberRule {
  kind: 'size' | 'number';
  min: number;
  max: number;
  value: number;
}

/** Collects mistakes with their places, and walks the parts of the document. */
export class ConfigReader {
  readonly mistakes: ConfigMistake[] = [];
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  mistake(node: Node | null | undefined, message: string, remedy: string): void {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    this.mistakes.push({ line: Math.max(1, line), column: Math.max(1, col), message, remedy });
  }

  /** The members of a mapping; unknown keys are told with the nearest known one. */
  members(node: unknown, what: string, known: readonly string[]): Map<string, Node> {
    const members = new Map<string, Node>();
    if (!isMap(node)) {
      this.mistake(
        node as Node,
        `${what} is ${describe(node)}`,
        `Write keys and values: ${known.join(', ')}.`,
      );
      return members;
    }
    for (const pair of (node as YAMLMap).items as Pair<Node, Node | null>[]) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if (!known.includes(key)) {
        const near = nearest(key, known);
        const hint = near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean ${near}?`;
        this.mistake(pair.key, `unknown key ${JSON.stringify(key)} in ${what}`, hint);
      } else if (pair.value === null || (isScalar(pair.value) && pair.value.value === null)) {
        this.mistake(pair.key, `${key} has no value`, 'Write a value behind it or remove the line.');
      } else members.set(key, pair.value);
    }
    return members;
  }

  text(node: Node | undefined, what: string): string | undefined {
    if (isScalar(node) && typeof node.value === 'string') return node.value;
    if (node !== undefined)
      this.mistake(node, `${what} is ${describe(node)}, not a text`, 'Put it in quotes.');
    return undefined;
  }

  /** `true` or `false`; false where it is left out. */
  flag(node: Node | undefined, what: string): boolean {
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    if (node !== undefined) this.mistake(node, `${what} is ${describe(node)}`, 'Write true or false.');
    return false;
  }

  number(node: Node | undefined, what: string, rule: NumberRule): number {
    if (node === undefined) return rule.value;
    const raw = isScalar(node) ? node.value : undefined;
    const value = rule.kind === 'size' ? parseSize(raw) : typeof raw === 'number' ? raw : undefined;
    const form = rule.kind === 'size' ? 'a size like 512MiB or 256KiB' : 'a whole number';
    if (value === undefined || !Number.isInteger(value)) {
      this.mistake(node, `${what} is ${describe(node)}`, `Write ${form}.`);
      return rule.value;
    }
    if (value < rule.min || value > rule.max) {
      const shown = (bytes: number): string => (rule.kind === 'size' ? `${bytes / kib}KiB` : String(bytes));
      const remedy = `Write ${form} between ${shown(rule.min)} and ${shown(rule.max)}.`;
      this.mistake(node, `${what} is ${describe(node)}, out of bounds`, remedy);
    }
    return value;
  }
}

export function describe(node: unknown): string {
  if (isScalar(node)) return JSON.stringify(node.value);
  if (isSeq(node)) return 'a list';
  if (isMap(node)) return 'a mapping';
  return 'empty';
}

/** The known word that differs least, if it is near at all. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const scored = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best !== undefined && best.distance <= Math.max(2, word.length / 3) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
