/** Finds rows of a list by their words, as they are typed; what is wanted stands in the address. */
import { Group, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { listOf } from '../search.ts';
import { useFilter } from './filter-bar.tsx';

/** Shorter lists are read through. */
const rows_min = 20;

interface Find<T> {
  found: readonly T[];
  /** Nothing above a short list. */
  field: ReactNode;
}

/**
 * @param items undefined while they are not there yet
 * @param what as the field is named: `a sensor`
 * @param textOf what a row is found by: all words must stand in it
 */
export function useFind<T>(
  items: readonly T[] | undefined,
  what: string,
  textOf: (item: T) => string,
): Find<T> {
  const { search, change } = useFilter();
  // The field is ahead of the address, which follows each letter.
  const [wanted, want] = useState(listOf(search.find)[0] ?? '');
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (items ?? []).filter((item) => {
    const text = words.length === 0 ? '' : textOf(item).toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return {
    found,
    field: ((items?.length ?? 0) >= rows_min || wanted !== '') && (
      <Group gap="xs" mb="xs">
        <TextInput
          size="xs"
          w={300}
          aria-label={`Find ${what}`}
          placeholder={`Find ${what}`}
          value={wanted}
          onChange={(event) => {
            want(event.currentTarget.value);
            change({ find: event.currentTarget.value || undefined }, true);
          }}
        />
        {words.length > 0 && (
          <span className="dim" role="status">
            {found.length} of {items?.length}
          </span>
        )}
      </Group>
    ),
  };
}
