/** Answers of a pure function by what was asked: attackers repeat themselves, and so would the work. */

/**
 * @param entries_max how many answers are kept; then all are forgotten
 * @param length_max longer texts are not kept
 */
export function remember<T>(
  answer: (text: string) => T,
  { entries_max, length_max }: { entries_max: number; length_max: number },
): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > length_max) return answer(text);
    let found = known.get(text);
    if (found === undefined) {
      found = answer(text);
      if (known.size >= entries_max) known.clear();
      known.set(text, found);
    }
    return found;
  };
}
