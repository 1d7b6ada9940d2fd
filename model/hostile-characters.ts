/** Which characters of an attacker's text cannot be seen, and how they are written instead. */

/** Controls, format characters (bidi, zero width, tags), line separators, private use and lone surrogates. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\u00a0\u115f\u1160\u2000-\u200a\u3164\uffa0\ufffc]/u;

/** The ASCII controls by their names, which every font can show. */
const control_names =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

/** @returns how an invisible character is written, e.g. LF or U+202E */
export function nameCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  if (code === 0x7f) return 'DEL';
  return control_names[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Splits text into stretches of visible text and single invisible characters. */
export function splitHostile(text: string): { text: string; hidden: boolean }[] {
  const parts: { text: string; hidden: boolean }[] = [];
  let run = '';
  for (const character of text) {
    if (!invisible.test(character)) {
      run += character;
      continue;
    }
    if (run !== '') parts.push({ text: run, hidden: false });
    run = '';
    parts.push({ text: character, hidden: true });
  }
  if (run !== '') parts.push({ text: run, hidden: false });
  return parts;
}

/** The text for where its parts cannot be marked: a chart, a printed report. */
export const makeVisible = (text: string): string =>
  splitHostile(text)
    .map((part) => (part.hidden ? `[${nameCharacter(part.text)}]` : part.text))
    .join('');
