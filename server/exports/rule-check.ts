/** Rules run through the program that they are for, where this server has it; where not, the file says so. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const check_ms_max = 20_000;
const output_bytes_max = 256 * 1024;

/** What checks a format, and how: `file` is the rules, `folder` one to write into. */
export interface Checker {
  program: string;
  version: string[];
  check: (file: string, folder: string) => [program: string, args: string[]];
}

/** nft asks the kernel even where it only checks: in a network of its own anybody may. */
export const checkers: Record<string, Checker> = {
  suricata: {
    program: 'suricata',
    version: ['-V'],
    check: (file, folder) => ['suricata', ['-T', '-S', file, '-l', folder]],
  },
  nftables: {
    program: 'nft',
    version: ['--version'],
    check: (file) => ['unshare', ['--map-root-user', '--net', 'nft', '--check', '--file', file]],
  },
  yara: {
    program: 'yara',
    version: ['--version'],
    check: (file) => ['yara', ['--fail-on-warnings', file, '/dev/null']],
  },
};

interface Ran {
  /** null where it could not be started, or took too long. */
  status: number | null;
  text: string;
}

const run = (program: string, args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { timeout: check_ms_max, maxBuffer: output_bytes_max, env: { PATH: path, LC_ALL: 'C' } };
    execFile(program, args, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ status, text: `${stderr}\n${stdout}` });
    });
  });
/** nft lies where only administrators look for programs. */
const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;

/** One line of a comment, whatever a program quoted of the rules. */
const oneLine = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 300);

/** Checks run one after another: rules are asked for by people, and each may take a program seconds. */
let queue: Promise<unknown> = Promise.resolve();

/** @returns a sentence: that the rules were validated, by what, or why not */
export function tellValidity(format: string, rules: string): Promise<string> {
  const turn = queue.then(() => validate(checkers[format], rules));
  queue = turn.catch(() => undefined);
  return turn;
}

export async function validate(checker: Checker | undefined, rules: string): Promise<string> {
  if (checker === undefined) return 'Unvalidated: this server knows no program that checks them.';
  const { program, version, check } = checker;
  const known = await run(program, version);
  if (known.status === null) return `Unvalidated: ${program} is not installed on the server.`;
  const folder = await mkdtemp(join(tmpdir(), 'apiary-rules-'));
  try {
    const file = join(folder, 'rules');
    await writeFile(file, rules, { mode: 0o600 });
    const { status, text } = await run(...check(file, folder));
    if (status === 0) return `Validated by ${program} ${oneLine(known.text)}.`;
    const could_not = status === null || text.trimStart().startsWith('unshare:');
    return could_not
      ? `Unvalidated: ${program} could not be run (${oneLine(text)}).`
      : `INVALID, as ${program} says: ${oneLine(text.replaceAll(file, 'the file'))}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
