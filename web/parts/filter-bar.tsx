/** The filter of a page: period, sensors, honeypots, honeynets and columns. It lives in the address. */
import { Button, Group, MultiSelect, Pill, Popover, Select, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { keepFilter, listOf, readMoment, type Search } from '../search.ts';
import { column_titles, containsColumns, filterTitle } from './columns.ts';
import { FilterWords } from './filter-words.tsx';
import { HostileText } from './hostile-text.tsx';
import { useNames } from './names.ts';
import { showLocal } from './time.tsx';
import { leavesOutUnnamed } from './unnamed-service.ts';

const periods = [
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: '365d', label: 'Last year' },
  { value: 'fixed', label: 'From … to …' },
];
const not_columns = new Set(['q', 'last', 'from', 'to', 'sensor', 'honeypot', 'honeynet']);

/** @returns `change` makes a step that the browser's way back undoes, but for `replace` */
export function useFilter(): { search: Search; change: (part: Search, replace?: boolean) => void } {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = (part: Search, replace = false): void => {
    const next: Search = { ...search, ...part, before: undefined };
    for (const [name, value] of Object.entries(next))
      if (value === undefined || (Array.isArray(value) && value.length === 0)) delete next[name];
    void navigate({ to: '.', search: next, replace });
  };
  return { search, change };
}

/** A moment as an input of the browser wants it, in the reader's zone. */
const toInput = (ms: number): string => showLocal(ms).replace(' ', 'T');

function FixedPeriod({ search, change }: ReturnType<typeof useFilter>) {
  const input = (name: 'from' | 'to', label: string) => {
    const value = listOf(search[name])[0];
    const value_ms = value === undefined ? null : readMoment(value);
    return (
      <TextInput
        key={`${name}${value ?? ''}`}
        size="xs"
        type="datetime-local"
        step={1}
        aria-label={label}
        defaultValue={value_ms === null ? '' : toInput(value_ms)}
        error={
          value !== undefined && value_ms === null ? (
            <>
              <HostileText text={value} limit={40} /> is no time
            </>
          ) : undefined
        }
        onBlur={(event) => {
          const text = event.currentTarget.value;
          const ms = readMoment(text);
          const moment = ms === null ? undefined : new Date(ms).toISOString();
          if (moment?.slice(0, 19) !== value?.slice(0, 19)) change({ [name]: moment, last: undefined });
        }}
      />
    );
  };
  return (
    <Group gap={4} wrap="nowrap">
      {input('from', 'From')}–{input('to', 'To')}
    </Group>
  );
}

function AddFilter({ search, change }: ReturnType<typeof useFilter>) {
  const [open, setOpen] = useState(false);
  const [column, setColumn] = useState<string | null>('username');
  const [value, setValue] = useState('');
  const options = Object.entries(column_titles).flatMap(([name, label]) => [
    { value: name, label },
    ...((containsColumns as string[]).includes(name)
      ? [{ value: `${name}_contains`, label: `${label} contains` }]
      : []),
  ]);
  const add = (): void => {
    if (column === null || value === '') return;
    const next = column.endsWith('_contains')
      ? value
      : [...listOf(search[column]).filter((one) => one !== value), value];
    change({ [column]: next });
    setValue('');
    setOpen(false);
  };
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      trapFocus
      returnFocus
      withinPortal
      shadow="md"
    >
      <Popover.Target>
        <Button size="xs" variant="default" onClick={() => setOpen(!open)}>
          Add filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <Stack gap="xs" w={260}>
            <Select
              size="xs"
              label="Column"
              data={options}
              value={column}
              onChange={setColumn}
              searchable
              comboboxProps={{ withinPortal: false }}
            />
            <TextInput
              size="xs"
              label="Value"
              data-autofocus
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
            />
            <Button size="xs" type="submit" disabled={value === ''}>
              Add
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function ColumnPills({ search, change }: ReturnType<typeof useFilter>) {
  const pills = Object.entries(keepFilter(search))
    .filter(([name]) => !not_columns.has(name))
    .flatMap(([name, value]) => listOf(value).map((one) => ({ name, one })));
  if (pills.length === 0) return null;
  return (
    <Group gap={6} mt={6}>
      {pills.map(({ name, one }) => (
        <Pill
          key={`${name} ${one}`}
          withRemoveButton
          removeButtonProps={{
            'aria-label': `Remove the filter ${filterTitle(name)}`,
            // The library hides it from who does not see, as it can be left out where a field has the pills.
            'aria-hidden': false,
            tabIndex: 0,
          }}
          onRemove={() => change({ [name]: listOf(search[name]).filter((other) => other !== one) })}
        >
          {filterTitle(name)}: {one === '' ? 'not known' : <HostileText text={one} limit={40} inside_link />}
        </Pill>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => change(Object.fromEntries(pills.map(({ name }) => [name, undefined])))}
      >
        Clear
      </Button>
    </Group>
  );
}

/** @param without_period for what has none: events as they come */
export function FilterBar({ without_period = false }: { without_period?: boolean }) {
  const filter = useFilter();
  const { search, change } = filter;
  const { inventory } = useNames();
  const fixed = search.from !== undefined || search.to !== undefined;
  const choosePeriod = (value: string | null): void => {
    if (value === 'fixed') {
      const to = Date.now();
      change({
        last: undefined,
        from: new Date(to - 86_400_000).toISOString(),
        to: new Date(to).toISOString(),
      });
    } else change({ from: undefined, to: undefined, last: value ?? undefined });
  };
  const chooser = (
    name: 'sensor' | 'honeypot' | 'honeynet',
    title: string,
    data: { value: string; label: string }[],
  ) => {
    const value = listOf(search[name]).flatMap((one) => one.split(','));
    return (
      <MultiSelect
        size="xs"
        className="chooser"
        aria-label={title}
        placeholder={value.length === 0 ? title : ''}
        data={data}
        value={value}
        onChange={(next) => change({ [name]: next })}
        searchable
        clearable
        limit={200}
        nothingFoundMessage="None of that name"
      />
    );
  };
  return (
    <section className="filter-bar" aria-label="Filter">
      <Group gap={6} align="flex-start">
        {!without_period && (
          <Select
            size="xs"
            w={140}
            aria-label="Period"
            data={periods}
            value={fixed ? 'fixed' : (listOf(search.last)[0] ?? '24h')}
            onChange={choosePeriod}
            allowDeselect={false}
          />
        )}
        {!without_period && fixed && <FixedPeriod {...filter} />}
        {chooser(
          'sensor',
          'All sensors',
          inventory.sensors.map((one) => ({ value: String(one.sensor_id), label: one.name })),
        )}
        {chooser(
          'honeypot',
          'All honeypots',
          inventory.honeypots.map((one) => ({ value: String(one.honeypot_id), label: one.name })),
        )}
        {inventory.honeynets.length > 0 &&
          chooser(
            'honeynet',
            'All honeynets',
            inventory.honeynets.map((one) => ({ value: String(one.honeynet_id), label: one.name })),
          )}
        {inventory.known_sources.length > 0 && search.known === undefined && (
          <Button size="xs" variant="default" onClick={() => change({ known: 'without' })}>
            Hide known sources
          </Button>
        )}
        <AddFilter {...filter} />
        <FilterWords {...filter} />
      </Group>
      <ColumnPills {...filter} />
      {leavesOutUnnamed(search) && (
        <Text size="xs" c="dimmed" mt={4}>
          Without events whose sensor does not name the service, such as log-ins and commands of Cowrie before
          3.0: <code>service:""</code> asks for those.
        </Text>
      )}
    </section>
  );
}
