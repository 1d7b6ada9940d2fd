/** The profile of a source: what it did, where and when, with what, and who does the like. */

import type { SourceList } from '@apiary/model/api/sessions.ts';
import { countOf } from '@apiary/model/count-of.ts';
import { groups_max } from '@apiary/model/explore.ts';
import type { EqualColumn } from '@apiary/model/filter-columns.ts';
import { counted_by } from '@apiary/model/report-links.ts';
import { Card, SimpleGrid, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { sourceQuery } from '../api.ts';
import { AttacksOf } from '../parts/attacks-of.tsx';
import { FilterBar, useFilter } from '../parts/filter-bar.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { countryName, useNames } from '../parts/names.ts';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';
import { TopList } from '../parts/top-list.tsx';
import { keepFilter } from '../search.ts';

const SourceDays = lazy(() =>
  import('../parts/source-days.tsx').then((module) => ({ default: module.SourceDays })),
);
const number = new Intl.NumberFormat('en');
const lists: [SourceList, string, EqualColumn][] = [
  ['services', 'Services', 'service'],
  ['actions', 'Actions', 'action'],
  ['usernames', 'Usernames', 'username'],
  ['passwords', 'Passwords', 'password'],
  ['commands', 'Commands', 'command'],
  ['urls', 'URLs', 'url'],
  ['files', 'Files', 'file_sha256'],
  ['fingerprints', 'Fingerprints', 'fingerprint'],
  ['user_agents', 'Clients', 'user_agent'],
  ['signatures', 'Signatures', 'signature'],
];

export function SourcePage() {
  const { address = '' } = useParams({ strict: false });
  const { search: all } = useFilter();
  const { attacker_ip: _, ...search } = keepFilter(all);
  const names = useNames();
  const { data, error } = useQuery(sourceQuery(address, search));
  const events_search = { ...search, attacker_ip: address };
  const { last, from, to } = search;
  return (
    <>
      <FilterBar />
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={16} />}
      {data !== undefined && (
        <>
          <Title order={1} mb={4}>
            {data.address}{' '}
            <span className="dim">
              {data.country !== '' && countryName(data.country)}
              {data.asn > 0 && ` · AS${data.asn} ${data.as_name}`}
            </span>
          </Title>
          <Text size="sm" mb="sm">
            <Link to="/events" search={events_search}>
              {countOf(data.events, 'event', undefined, number.format)}
            </Link>{' '}
            in{' '}
            <Link
              to="/explore"
              search={{ ...events_search, by: [...counted_by.sessions!], top: String(groups_max) }}
            >
              {countOf(data.sessions, 'session', undefined, number.format)}
            </Link>
            {data.first !== null && (
              <>
                , <Time time={data.first} /> to <Time time={data.last!} />
              </>
            )}
            {data.known !== null && (
              <strong>
                {' '}
                · {data.known.kind === 'gateway' ? 'a known gateway' : 'an own scanner'}: {data.known.name}
              </strong>
            )}
          </Text>
          {data.events === 0 && (
            <Card withBorder>
              <Empty title="Nothing of this source in this period">Choose a longer period.</Empty>
            </Card>
          )}
          {data.days.length > 1 && (
            <Card withBorder padding="sm" mb="sm">
              <Title order={2} mb={4}>
                When <span className="dim">events by day, UTC</span>
              </Title>
              <Suspense fallback={<div style={{ height: 150 }} />}>
                <SourceDays data={data} search={events_search} />
              </Suspense>
            </Card>
          )}
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="sm">
            {data.sensors.length > 0 && (
              <Card withBorder padding="sm">
                <Title order={2} mb={6}>
                  Sensors
                </Title>
                <Sheet heads={2}>
                  {data.sensors.map(({ sensor_id, events }) => (
                    <tr key={sensor_id}>
                      <td>
                        <Link to="/events" search={{ ...events_search, sensor: String(sensor_id) }}>
                          {names.sensor(sensor_id)}
                        </Link>
                      </td>
                      <td className="number">
                        <Link to="/events" search={{ ...events_search, sensor: String(sensor_id) }}>
                          {number.format(events)}
                        </Link>
                      </td>
                    </tr>
                  ))}
                </Sheet>
              </Card>
            )}
            {lists
              .filter(([list]) => data.top[list].length > 0)
              .map(([list, title, column]) => (
                <TopList
                  key={list}
                  title={title}
                  column={column}
                  counted={data.top[list]}
                  search={events_search}
                  any_vantage
                  empty=""
                />
              ))}
          </SimpleGrid>
          {data.events > 0 && <AttacksOf search={{ last, from, to, source: address }} />}
          {data.alike.length > 0 && (
            <section className="section">
              <Title order={2} mb={4}>
                Who behaves alike
              </Title>
              <Card withBorder padding="sm">
                <Sheet
                  heads={[
                    'Source',
                    {
                      title: 'Score',
                      hint: 'sum over what both used, each by how few used it',
                      is_number: true,
                    },
                    'Both used, and few others',
                  ]}
                >
                  {data.alike.map((one) => (
                    <tr key={one.address}>
                      <td className="nowrap">
                        <Link to="/sources/$address" params={{ address: one.address }} search={search}>
                          {one.address}
                        </Link>{' '}
                        <span className="dim">{one.country}</span>
                      </td>
                      <td className="number">{one.score.toFixed(2)}</td>
                      <td>
                        {one.shared.slice(0, 4).map(({ kind, value, sources }) => (
                          <div key={`${kind} ${value}`}>
                            <span className="dim">{kind.replace('_sha256', '')}</span>{' '}
                            <HostileText text={value} limit={80} />{' '}
                            <span className="dim">{sources} sources</span>
                          </div>
                        ))}
                      </td>
                    </tr>
                  ))}
                </Sheet>
              </Card>
            </section>
          )}
        </>
      )}
    </>
  );
}
