/**
 * Text that an attacker wrote: shown as text only, never as a link. Control characters, direction marks and
 * other invisible ones are made visible, so that nothing can hide, reorder or imitate what stands beside it.
 */
import { nameCharacter, splitHostile } from '@apiary/model/hostile-characters.ts';
import { UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';

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
