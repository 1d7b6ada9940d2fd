/** The words and options of a command line, and what is wrong with them. */
import { parseArgs } from 'node:util';
import { usage } from './commands.ts';

export const options = {
  data: { type: 'string' },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  'lives-in': { type: 'string' },
  interaction: { type: 'string' },
  sensor: { type: 'string', multiple: true },
  reason: { type: 'string' },
  format: { type: 'string' },
  last: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  where: { type: 'string', multiple: true },
  kind: { type: 'string', multiple: true },
  service: { type: 'string', multiple: true },
  family: { type: 'string', multiple: true },
  allow: { type: 'string', multiple: true },
  tlp: { type: 'string' },
  stage: { type: 'string' },
  pseudonyms: { type: 'boolean' },
  'keep-raw': { type: 'boolean' },
  off: { type: 'boolean' },
  collector: { type: 'string' },
  address: { type: 'string' },
  listen: { type: 'string' },
  server: { type: 'string' },
  token: { type: 'string' },
  role: { type: 'string' },
  honeynets: { type: 'string' },
  secrets: { type: 'string' },
  days: { type: 'string' },
  budget: { type: 'string' },
  source: { type: 'string' },
  before: { type: 'string' },
  reference: { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  cluster: { type: 'boolean' },
  authority: { type: 'string' },
  since: { type: 'string' },
  tpot: { type: 'string' },
  type: { type: 'string' },
  prefix: { type: 'string' },
  database: { type: 'string' },
  'time-zone': { type: 'string' },
} as const;

export type OptionName = keyof typeof options;
export type OptionValues = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

export class UsageError extends Error {}

/** Where data and settings lie: said with any command. */
const always: readonly string[] = ['data', 'config', 'help'];

/** @throws UsageError also for an option that counts once and is given twice: the first would be forgotten */
export function readArguments(args: string[]): { values: OptionValues; positionals: string[] } {
  const { values, positionals, tokens } = parse(args);
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name } = token;
    if (seen.has(name) && !('multiple' in options[name as OptionName]))
      throw new UsageError(`--${name} is given twice`);
    seen.add(name);
  }
  return { values, positionals };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, tokens: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** What a command does not know it would leave out in silence: `erase --from …` would erase more than was meant. */
export function refuseOthers(command: string, values: OptionValues, known: readonly OptionName[]): void {
  const other = Object.keys(values).find(
    (name) => !always.includes(name) && !known.includes(name as OptionName),
  );
  if (other === undefined) return;
  const has =
    known.length === 0
      ? 'it has no options of its own'
      : `it has ${known.map((name) => `--${name}`).join(', ')}`;
  throw new UsageError(`apiary ${command} has no --${other}: ${has}`);
}

export function refuseMoreWords(positionals: readonly string[], words: number): void {
  if (positionals.length > words) throw new UsageError(`"${positionals[words]}" is one word too many`);
}

/** The usage of the command that somebody tried, as far as it can be told; else all of it. */
export function usageOf(args: string[]): string {
  const { positionals: words } = parseArgs({ args, options, allowPositionals: true, strict: false });
  const lines = usage.split('\n');
  for (const count of [2, 1]) {
    const begin = `  apiary ${words.slice(0, count).join(' ')}`;
    const own = lines.filter((line, at) => {
      let head = at;
      while (head > 0 && !lines[head]!.startsWith('  apiary ')) head -= 1;
      return line !== '' && !line.startsWith('  --') && `${lines[head]!} `.startsWith(`${begin} `);
    });
    if (words.length >= count && own.length > 0) return `${own.join('\n')}\n`;
  }
  return usage;
}
