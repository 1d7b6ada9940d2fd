/** Shell lines as attackers type them: their statements, and what stays the same from one victim to the next. */
import { remember } from './remembered.ts';

const line_bytes_max = 20_000;
const statements_max = 400;

/**
 * Statements of a line: separated by `;`, `|`, `||`, `&&`, `&` and line ends that stand outside quotes.
 * @returns trimmed, none empty
 */
export function splitStatements(line: string): string[] {
  const statements: string[] = [];
  let begin = 0;
  let quote = '';
  const text = line.slice(0, line_bytes_max);
  const end = (at: number): void => {
    const statement = text.slice(begin, at).trim();
    if (statement !== '' && statements.length < statements_max) statements.push(statement);
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '\\' && quote !== "'") at += 1;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '\n' || character === ';' || character === '|' || isBackground(text, at)) {
      end(at);
      begin = at + 1;
    }
  }
  end(text.length);
  return statements;
}

/** `&` between statements, and not that of `2>&1`, `&>` or `>&`. */
const isBackground = (text: string, at: number): boolean =>
  text[at] === '&' && text[at - 1] !== '>' && text[at + 1] !== '>';

/** What repeats has a limit or but one way to match, so that none takes the square of a statement's length. */
const patterns: readonly [pattern: RegExp, word: string][] = [
  [/\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s'"<>|;]+/gi, 'URL'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g, 'ADDRESS'],
  [/\bAAAA[A-Za-z0-9+/]{40,}={0,2}/g, 'KEY'],
  [/(?<!\\)(?:\\+x[0-9a-fA-F]{2}){2,}/g, 'BYTES'],
  [/\b[0-9a-fA-F]{16,}\b/g, 'HEX'],
  [/\b[A-Za-z0-9+/]{48,}={0,2}/g, 'BASE64'],
  [/\d+/g, '0'],
];

/** Words that a program chose by chance: letters and digits, or letters of both cases, mixed. */
const isRandom = (word: string): boolean =>
  word.length >= 6 &&
  /^[A-Za-z0-9]+$/.test(word) &&
  ((/\d/.test(word) && /[a-z]/i.test(word) && (word.match(/\d[a-z]|[a-z]\d/gi)?.length ?? 0) >= 2) ||
    (word.match(/[a-z][A-Z]/g)?.length ?? 0) >= 2);

/** A statement without what differs from victim to victim: addresses, numbers, keys, passwords, random names. */
export function normalizeStatement(statement: string): string {
  let text = statement.replace(/[\x00-\x1f]+/g, ' ');
  // What is given to chpasswd and passwd is chosen anew for every victim.
  text = text.replace(
    /^(echo\s+(?:-\S+\s+)?(?!\s))(["']?)[^"'|]{0,256}?:[^"'|\s]{4,256}\2(\s*)$/,
    '$1CREDENTIALS$3',
  );
  // A word by which a bot sees whether busybox answers; many choose it anew each time.
  text = text.replace(/(\bbusybox\s{1,4})[A-Z]{4,8}\b/g, '$1APPLET');
  text = text.replace(/\b[A-Za-z0-9]{6,}\b/g, (word) => (isRandom(word) ? 'RANDOM' : word));
  for (const [pattern, word] of patterns) text = text.replace(pattern, word);
  return text.replace(/\s+/g, ' ').trim();
}

const normalizeLine = remember(
  (line) =>
    splitStatements(line)
      .map(normalizeStatement)
      .filter((statement) => statement !== ''),
  { entries_max: 10_000, length_max: 1000 },
);

/** The normalised statements of some lines, in order. */
export const normalizeLines = (lines: readonly string[]): string[] => lines.flatMap(normalizeLine);

/**
 * A pattern of where a statement's program stands: at its beginning, behind a path, or behind what starts others; so that
 * what a text merely names is not taken for what it runs.
 * @param names of programs, as alternatives of a pattern
 */
export const program = (names: string): string =>
  `(?:^|[;&|({\`"'!]|\\b(?:sudo|nohup|exec|then|do|else|busybox)\\s)\\s*(?:[\\w./~-]{0,64}/)?(?:${names})(?=$|[\\s;&|)\`"'])`;
