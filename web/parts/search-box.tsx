/** One box for an address, a hash, a user name, a URL, a session or the number of an incident. */

import type { Search as Found } from '@apiary/model/api/sessions.ts';
import { countOf } from '@apiary/model/count-of.ts';
import { Popover, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useRef, useState } from 'react';
import { get } from '../api.ts';
import { parseSearch } from '../search.ts';
import { HostileText } from './hostile-text.tsx';

const number = new Intl.NumberFormat('en');

export function SearchBox() {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [found, setFound] = useState<Found | 'failed' | null>(null);
  const open = (href: string): void => {
    const [path = '/', query = ''] = href.split('?');
    setFound(null);
    setText('');
    void navigate({ to: path, search: parseSearch(query) });
  };
  const look = async (): Promise<void> => {
    if (text.trim() === '') return;
    try {
      const answer = await get<Found>(`/search?q=${encodeURIComponent(text)}`);
      const [only, ...others] = answer.hits;
      if (only !== undefined && others.length === 0) open(only.href);
      else setFound(answer);
    } catch {
      setFound('failed');
    }
  };
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  /** Down and up go from the field to the hits and back; Escape closes them. */
  const move = (event: KeyboardEvent): void => {
    if (found === null) return;
    const stops: (HTMLElement | null)[] = [
      field.current,
      ...(list.current?.querySelectorAll('button') ?? []),
    ];
    const at = stops.indexOf(document.activeElement as HTMLElement | null);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') {
      setFound(null);
      field.current?.focus();
    } else if (step !== undefined && at !== -1) stops[Math.max(0, at + step)]?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <Popover
      opened={found !== null}
      onChange={(is_open) => !is_open && setFound(null)}
      position="bottom-end"
      shadow="md"
      // Beside the field, so that Tab goes from it to the hits.
      withinPortal={false}
      // A form has no state of being open.
      withRoles={false}
    >
      <Popover.Target>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void look();
          }}
          onKeyDown={move}
        >
          <TextInput
            ref={field}
            size="xs"
            w={{ base: '100%', sm: 220 }}
            aria-label="Search"
            placeholder="Address, hash, name, #incident"
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setFound(null);
            }}
          />
        </form>
      </Popover.Target>
      <Popover.Dropdown onKeyDown={move}>
        <p className="unseen" role="status">
          {found !== null && found !== 'failed' && countOf(found.hits.length, 'hit')}
        </p>
        {found === 'failed' && <p className="small">The search did not work; try again.</p>}
        {found !== null && found !== 'failed' && found.hits.length === 0 && (
          <p className="small">Nothing of the last year is exactly that.</p>
        )}
        {found !== null && found !== 'failed' && (
          <ul className="report-list" ref={list} aria-label="Found">
            {found.hits.map((hit) => (
              <li key={hit.href}>
                <button type="button" className="hit" onClick={() => open(hit.href)}>
                  <span className="dim">{hit.kind}</span>{' '}
                  <HostileText text={hit.label} limit={60} inside_link />{' '}
                  {hit.events !== null && (
                    <span className="dim figure">
                      {countOf(hit.events, 'event', undefined, number.format)}
                    </span>
                  )}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
