/** Explore: any field by any field, over time or over the whole period. The question lives in the address. */
import { explore_columns, explore_measures, groupings_max, measures_max } from '@apiary/model/explore.ts';
import { Group, MultiSelect, NumberInput, SegmentedControl, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { exploreQuery } from '../api.ts';
import { column_titles } from '../parts/columns.ts';
import { FilterBar, useFilter } from '../parts/filter-bar.tsx';
import { Completeness, Keep, ReportBody } from '../parts/report-body.tsx';
import { SaveQuestion } from '../parts/save-question.tsx';
import { Problem, Waiting } from '../parts/state-boxes.tsx';
import { explore_words, keepFilter, listOf, type Search } from '../search.ts';

const measure_titles: Record<string, string> = {
  events: 'Events',
  sources: 'Sources',
  sessions: 'Sessions',
  sensors: 'Sensors',
  networks: 'Networks (AS)',
};
const titleOf = (column: string): string =>
  column === 'sensor' ? 'Sensor' : column_titles[column as keyof typeof column_titles];
const columns = explore_columns.map((value) => ({ value, label: titleOf(value) }));
const measures = [
  ...explore_measures.map((value) => ({ value, label: measure_titles[value]! })),
  ...columns
    .filter(({ value }) => value !== 'sensor')
    .map(({ value, label }) => ({ value: `distinct:${value}`, label: `Different: ${label}` })),
];

function Question({ search, change }: ReturnType<typeof useFilter>) {
  const asked = listOf(search.measure);
  const chooseTop = (text: string): void => {
    const wanted = Number(text);
    change({ top: wanted >= 1 && wanted <= 1000 && wanted !== 20 ? String(wanted) : undefined });
  };
  return (
    <Group gap={6} mb="sm" align="flex-end">
      <MultiSelect
        size="xs"
        className="chooser"
        label="Count"
        data={measures}
        value={asked.length === 0 ? ['events'] : asked}
        onChange={(next) => change({ measure: next.length === 1 && next[0] === 'events' ? [] : next })}
        maxValues={measures_max}
        searchable
        hidePickedOptions
      />
      <MultiSelect
        size="xs"
        className="chooser"
        label="By"
        placeholder={listOf(search.by).length === 0 ? 'all together' : ''}
        data={columns}
        value={listOf(search.by)}
        onChange={(next) => change({ by: next })}
        maxValues={groupings_max}
        searchable
        clearable
        hidePickedOptions
      />
      <SegmentedControl
        size="xs"
        aria-label="Over"
        value={search.over === 'time' ? 'time' : 'all'}
        onChange={(next) => change({ over: next === 'time' ? 'time' : undefined })}
        data={[
          { value: 'all', label: 'Whole period' },
          { value: 'time', label: 'Over time' },
        ]}
      />
      <NumberInput
        size="xs"
        w={90}
        label="Largest"
        min={1}
        max={1000}
        value={Number(listOf(search.top)[0] ?? 20)}
        onBlur={(event) => chooseTop(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') chooseTop(event.currentTarget.value);
        }}
      />
    </Group>
  );
}

const filterOnly = (search: Search): Search => keepFilter(search);

export function ExplorePage() {
  const filter = useFilter();
  const { search } = filter;
  const question: Search = {
    ...filterOnly(search),
    ...Object.fromEntries(explore_words.map((word) => [word, search[word]])),
  };
  const { data, error } = useQuery(exploreQuery(question));
  return (
    <>
      <FilterBar />
      <Group justify="space-between" align="baseline" gap="xs">
        <Title order={1}>Explore</Title>
        <Group gap={6}>
          <Link className="link-button" to="/sql">
            Ask in SQL
          </Link>
          {data !== undefined && <SaveQuestion name={data.report.title} />}
          <Keep path="/explore" search={question} />
        </Group>
      </Group>
      <Question {...filter} />
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={14} />}
      {data !== undefined && error === null && (
        <>
          <Text size="sm" mb={4}>
            <strong>{data.report.title}.</strong> {data.report.question}
          </Text>
          <Completeness answer={data} />
          <ReportBody answer={data} search={filterOnly(search)} />
        </>
      )}
    </>
  );
}
