/** A choice among the words of the taxonomy, which narrows a list and lives in the page's address. */
import { Select } from '@mantine/core';
import { listOf } from '../search.ts';
import { useFilter } from './filter-bar.tsx';

/** @param name of the parameter of the address; what stands in it goes back to the list's first page */
export function WordChooser(props: { name: string; title: string; words: readonly { name: string }[] }) {
  const { search, change } = useFilter();
  const { name, title, words } = props;
  return (
    <Select
      size="xs"
      w={170}
      aria-label={title}
      placeholder={title}
      data={words.map((word) => word.name)}
      value={listOf(search[name])[0] ?? null}
      onChange={(value) => change({ [name]: value ?? undefined, offset: undefined })}
      clearable
    />
  );
}
