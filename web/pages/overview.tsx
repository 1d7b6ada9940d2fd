/** The dashboard. */
import { Card, Group, SimpleGrid, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { overviewQuery } from '../api.ts';
import { FilterBar, useFilter } from '../parts/filter-bar.tsx';
import { useNames } from '../parts/names.ts';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { showLocal, zone } from '../parts/time.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { TopList, TopRows } from '../parts/top-list.tsx';
import { keepFilter } from '../search.ts';

const WorldMap = lazy(() =>
  import('../parts/world-map.tsx').then((module) => ({ default: module.WorldMap })),
);
const number = new Intl.NumberFormat('en');

export function OverviewPage() {
  const filter = useFilter();
  const search = keepFilter(filter.search);
  const names = useNames();
  const { data, error } = useQuery(overviewQuery(search));
  return (
    <>
      <FilterBar />
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={16} />}
      {data !== undefined && (
        <>
          <Group justify="space-between" align="baseline" mb="xs" gap="xs">
            <Title order={1}>
              <Link to="/events" search={{ ...search, vantage: 'honeypot' }} data-testid="overview-events">
                <span className="figure">{number.format(data.events)}</span> events
              </Link>
            </Title>
            <Text size="xs" c="dimmed">
              {showLocal(data.period.from)} – {showLocal(data.period.to)} {zone}. Only what honeypots
              themselves saw is counted, so that one connection counts once.
            </Text>
          </Group>
          {data.events === 0 && (
            <Card withBorder mb="sm">
              <Empty title="No events in this period">
                Choose a longer period or fewer filters. Whether anything arrives, the{' '}
                <Link to="/sensors">Sensors</Link> tell.
              </Empty>
            </Card>
          )}
          <Card withBorder padding="sm" mb="sm">
            <Title order={2} mb={4}>
              Events over time by sensor
            </Title>
            <Timeline overview={data} search={search} names={names} />
          </Card>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="sm" mb="sm">
            <TopList
              title="Services"
              column="service"
              counted={data.top.services}
              search={search}
              empty="No services."
            />
            <TopList
              title="Actions"
              column="action"
              counted={data.top.actions}
              search={search}
              empty="No actions."
            />
            <Card withBorder padding="sm" className="wide">
              <Title order={2} mb={6}>
                Countries
              </Title>
              <div className="map-and-list">
                <Suspense fallback={<div className="chart-space" style={{ height: 240 }} />}>
                  <WorldMap countries={data.top.countries} search={search} />
                </Suspense>
                <TopRows
                  title="Countries"
                  column="attacker_country"
                  counted={data.top.countries}
                  search={search}
                  empty="No country is known."
                />
              </div>
            </Card>
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="sm">
            <TopList
              title="Top sources"
              column="attacker_ip"
              counted={data.top.sources}
              search={search}
              empty="No sources."
            />
            <TopList
              title="Top usernames"
              column="username"
              counted={data.top.usernames}
              search={search}
              empty="Nobody tried a username."
            />
            <TopList
              title="Top passwords"
              column="password"
              counted={data.top.passwords}
              search={search}
              empty="Nobody tried a password."
            />
            <TopList
              title="Top commands"
              column="command"
              counted={data.top.commands}
              search={search}
              empty="Nobody typed a command."
            />
          </SimpleGrid>
        </>
      )}
    </>
  );
}
