/** The period of pages whose filter is not that of the events. */
import { Select } from '@mantine/core';
import { listOf } from '../search.ts';
import { useFilter } from './filter-bar.tsx';

const periods = [
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: '365d', label: 'Last year' },
];

export function PeriodChooser() {
  const { search, change } = useFilter();
  return (
    <Select
      size="xs"
      w={140}
      aria-label="Period"
      data={periods}
      value={listOf(search.last)[0] ?? '24h'}
      onChange={(value) =>
        change({ last: value ?? undefined, from: undefined, to: undefined, offset: undefined })
      }
      allowDeselect={false}
    />
  );
}
