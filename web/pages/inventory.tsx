/** What stands where, and from when to when. */
import { Group, Switch, Tabs, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { inventory_query, me_query } from '../api.ts';
import { useFilter } from '../parts/filter-bar.tsx';
import { Honeynets, Honeypots } from '../parts/inventory-honeypots.tsx';
import { CollectorsList, KnownSources, SensorsList } from '../parts/inventory-sensors.tsx';
import type { ListProps } from '../parts/inventory-sheet.tsx';
import { Problem, Waiting } from '../parts/state-boxes.tsx';

const lists = [
  { value: 'honeypots', title: 'Honeypots', List: Honeypots },
  { value: 'honeynets', title: 'Honeynets', List: Honeynets },
  { value: 'sensors', title: 'Sensors', List: SensorsList },
  { value: 'collectors', title: 'Collectors', List: CollectorsList },
  { value: 'known', title: 'Known sources', List: KnownSources },
] as const;

export function InventoryPage() {
  const { data, error } = useQuery(inventory_query);
  const me = useQuery(me_query);
  const [form, setForm] = useState<ReactNode>(null);
  const { search, change } = useFilter();
  const past = search.past !== undefined;
  const chosen = lists.find(({ value }) => value === search.list)?.value ?? 'honeypots';
  if (data === undefined) return error === null ? <Waiting rows={12} /> : <Problem error={error} />;
  const props: ListProps = {
    inventory: data,
    may_change: me.data?.user.role === 'administrator',
    open: (make) => setForm(make(() => setForm(null))),
    past,
  };
  return (
    <>
      {error !== null && <Problem error={error} />}
      <Group justify="space-between" mb="xs">
        <Title order={1}>Inventory</Title>
        <Switch
          size="xs"
          label="Show what held before"
          checked={past}
          onChange={(event) => change({ past: event.currentTarget.checked ? 'shown' : undefined })}
        />
      </Group>
      <Tabs
        value={chosen}
        // Words of one list find nothing in another.
        onChange={(list) =>
          change({ list: list === 'honeypots' ? undefined : (list ?? undefined), find: undefined })
        }
        keepMounted={false}
      >
        <Tabs.List mb="sm">
          {lists.map(({ value, title }) => (
            <Tabs.Tab key={value} value={value}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {lists.map(({ value, List }) => (
          <Tabs.Panel key={value} value={value}>
            <List {...props} />
          </Tabs.Panel>
        ))}
      </Tabs>
      {form}
    </>
  );
}
