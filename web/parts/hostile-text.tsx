/**
 * Text that an attacker wrote: shown as text only, never as a link. Control characters, direction marks and
 * other invisible ones are made visible, so that nothing can hide, reorder or imitate what stands beside it.
 */
import { UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';

/** Controls, format characters (bidi, zero width, tags), line separators, private use and lone surrogates. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\u00a0\u115f\u1160\u2000-\u200a\u3164\uffa0\ufffc]/u;

/** @returns how an invisible character is written, e.g. ␊ or U+202E */
export function nameCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
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

/** @param breaks whether a newline also breaks the line, after its mark */
export function renderHostile(text: string, breaks = false): ReactNode[] {
  return splitHostile(text).map((part, index) => {
    if (!part.hidden) return part.text;
    const name = nameCharacter(part.text);
    return (
      <span
        className="hidden-character"
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text keep their order
        key={index}
        title={`U+${part.text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`}
      >
        {name}
        {breaks && part.text === '\n' ? '\n' : ''}
      </span>
    );
  });
}

interface HostileTextProps {
  text: string;
  /** More characters than this are cut, with a way to see all. */
  limit?: number;
  /** In a link a button would be no valid content: there the rest is only counted. */
  inside_link?: boolean;
}

export function HostileText({ text, limit = 200, inside_link = false }: HostileTextProps) {
  const [all, setAll] = useState(false);
  const characters = [...text];
  const cut = !all && characters.length > limit;
  const rest = characters.length - limit;
  return (
    <bdi className="hostile" dir="ltr">
      {renderHostile(cut ? characters.slice(0, limit).join('') : text)}
      {cut && inside_link && <span className="dim">… {rest} more</span>}
      {!inside_link && characters.length > limit && (
        <UnstyledButton className="show-all" onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? 'show less' : `… show ${rest} more`}
        </UnstyledButton>
      )}
    </bdi>
  );
}
