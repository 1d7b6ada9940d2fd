/** What is wrong with an input, in words for who gave it: which field, which value, what to do. */

/** Of zod's issues what is told. */
export interface InputIssue {
  code: string;
  path: readonly PropertyKey[];
  message: string;
  /** Of `unrecognized_keys`. */
  keys?: readonly string[] | undefined;
  /** Of `invalid_value`: what it can be. */
  values?: readonly unknown[] | undefined;
}

export interface InputMistake {
  field: string;
  /** As JSON, cut; undefined where it is not to be told. */
  value: string | undefined;
  message: string;
}

const value_shown_max = 200;

/** The field that a person gave: parts of a list that was split are not there by themselves. */
function lookUp(root: unknown, path: readonly string[]): { path: string[]; value: unknown } {
  const found: string[] = [];
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) break;
    value = (value as Record<string, unknown>)[key];
    found.push(key);
  }
  return { path: found, value };
}

/** @param whole what the input is called where no single field is meant */
export function findMistake(issue: InputIssue, root: unknown, whole: string): InputMistake {
  const given = issue.path.map(String).filter((part) => part !== '');
  if (issue.code === 'unrecognized_keys' && issue.keys !== undefined) {
    const field = [...given, issue.keys.join(', ')].join('.');
    return { field, value: undefined, message: 'is not known here' };
  }
  const { path, value } = lookUp(root, given);
  // A password or key must not come back in an answer.
  const is_secret = /password|secret/.test(given.at(-1) ?? '');
  const shown = path.length === 0 || is_secret ? undefined : JSON.stringify(value)?.slice(0, value_shown_max);
  // Words of ours say more than the list.
  const is_bare = issue.message.startsWith('Invalid ');
  const message =
    is_bare && issue.code === 'invalid_value' && issue.values !== undefined && issue.values.length > 1
      ? `must be one of ${issue.values.map(String).join(', ')}`
      : issue.message;
  return { field: path.length === 0 ? whole : path.join('.'), value: shown, message };
}

export const tellMistakes = (mistakes: readonly InputMistake[]): string =>
  mistakes
    .map(({ field, value, message }) => {
      // "last: "7" must be one of …"; zod's own words stand for themselves.
      const is_rest = /^(?:must|is) /.test(message);
      const named = value === undefined ? field : `${field}: ${value}`;
      return is_rest ? `${named} ${message}` : `${named}: ${message}`;
    })
    .join('; ');
