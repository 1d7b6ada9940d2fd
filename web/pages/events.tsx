/** All events that a filter finds, newest first. */
import { Group, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { eventsCountQuery, eventsQuery } from '../api.ts';
import { EventTable } from '../parts/event-table.tsx';
import { FilterBar, useFilter } from '../parts/filter-bar.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { keepFilter } from '../search.ts';

const number = new Intl.NumberFormat('en');

export function EventsPage() {
  const { search } = useFilter();
  const page = useQuery(eventsQuery(search));
  const count = useQuery(eventsCountQuery(search));
  const events = page.data?.events ?? [];
  return (
    <>
      <FilterBar />
      <Group justify="space-between" mb="xs">
        <Title order={1}>
          Events{' '}
          {count.data !== undefined && count.error === null && (
            <span className="dim figure" data-testid="events-count">
              {number.format(count.data.events)}
            </span>
          )}
        </Title>
        {search.before !== undefined && (
          <Link className="link-button" to="/events" search={keepFilter(search)}>
            Newest
          </Link>
        )}
      </Group>
      {page.error !== null && <Problem error={page.error} />}
      {page.isPending && <Waiting rows={14} />}
      {page.data !== undefined && events.length === 0 && (
        <Empty title="No events">
          Nothing in this period fits the filter. Choose a longer period, remove a filter, or look under
          Sensors whether anything arrives.
        </Empty>
      )}
      {events.length > 0 && <EventTable events={events} />}
      {page.data?.next != null && (
        <Group justify="center" my="sm">
          <Link className="link-button" to="/events" search={{ ...search, before: page.data.next }}>
            Older events
          </Link>
        </Group>
      )}
    </>
  );
}
