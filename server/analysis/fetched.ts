/** What was fetched and then started, by the commands of a session: what stays when whoever brought it is gone. */
import type { GatheredAttack, TypedCommand } from './attack-row.ts';
import { isInner } from './inner-addresses.ts';
import { splitStatements } from './shell.ts';

const fetching = /^(?:\S{0,64}\/)?(?:busybox\s+)?(?:wget|curl|tftp|ftpget|fetch|lwp-download)\s/;
const copied_in = /^scp\s(?:-\w+\s){0,4}-t\s+(\S+)/;
const running =
  /^(?:(?:nohup|sudo|exec|setsid|su\s+-c)\s+)*(?:(?:ba|da|z|k)?sh|perl|python[23]?|php|source|\.)\s+(?:-c\s+)?["']?(\S+?)["']?(?:\s|$)/;
const started = /^(?:(?:nohup|sudo|exec|setsid|su\s+-c)\s+)*["']?((?:\.|~)?\/\S+?)["']?(?:\s|$)/;
const piped = /\b(?:wget|curl)\s[^;|&]{1,400}\|\s*(?:sudo\s+)?(?:ba|da|z)?sh\b/;

const baseOf = (path: string): string =>
  path
    .replace(/[?#].*$/, '')
    .split('/')
    .at(-1) ?? '';

/** Names under which a statement puts what it fetches. */
function namesOf(statement: string): string[] {
  const words = statement.split(/\s+/);
  const out = words.flatMap((word, index) =>
    /^(?:-O|-o|--output|--output-document|-l|>|>>)$/.test(word) ? [words[index + 1] ?? ''] : [],
  );
  return [...out, ...words.slice(1).filter((word) => word.includes('/') || /^[\w.-]+$/.test(word))]
    .map(baseOf)
    .filter((name) => name.length > 0 && !name.startsWith('-'));
}

/**
 * What one session fetches another may start.
 * @returns the command that started what an earlier one, or itself, had fetched; undefined where none did
 */
export function findStarted({ commands, files }: GatheredAttack): TypedCommand | undefined {
  const fetched = new Set<string>();
  for (const command of commands) {
    if (piped.test(command.text)) return command;
    for (const statement of splitStatements(command.text)) {
      const copied = copied_in.exec(statement);
      if (copied !== null) fetched.add(baseOf(copied[1]!));
      if (fetching.test(statement)) for (const name of namesOf(statement)) fetched.add(name);
      const run = running.exec(statement)?.[1] ?? started.exec(statement)?.[1];
      if (run === undefined) continue;
      // ADB pushes files without a command.
      const is_pushed = files.length > 0 && run.startsWith('/data/local/tmp/');
      if (is_pushed || fetched.has(baseOf(run))) return command;
    }
  }
  return undefined;
}

const url_host = /\b(?:https?|ftp|tftp):\/\/(?:[^@/\s'"]{0,64}@)?((?:\d{1,3}\.){3}\d{1,3})\b/g;

/**
 * An inner address is nobody's, and what people do in a laboratory.
 * @returns the text that names the attacker's own address as the place to fetch from
 */
export function findOwnHost({
  attacker_ip,
  commands,
  downloads,
}: GatheredAttack): { event_id: string } | undefined {
  const own = attacker_ip.replace('::ffff:', '');
  if (isInner(own)) return undefined;
  return [...downloads, ...commands].find(({ text }) =>
    [...text.matchAll(url_host)].some(([, host]) => host === own),
  );
}
