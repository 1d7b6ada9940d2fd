/** New events as they arrive, on the map and as a stream. */
import { Alert, Button, Card, Group, SimpleGrid, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EventTable } from '../parts/event-table.tsx';
import { FilterBar, useFilter } from '../parts/filter-bar.tsx';
import { countriesOf, type LiveState, rateOf, useLive } from '../parts/live-stream.ts';
import { countryName } from '../parts/names.ts';
import { Empty } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';
import { WorldMap } from '../parts/world-map.tsx';
import { searchText } from '../search.ts';

const number = new Intl.NumberFormat('en');
const countries_shown = 8;

function Trouble({ connection, engine_up }: LiveState) {
  if (connection === 'lost')
    return (
      <Alert color="orange" title="The stream is cut" role="alert">
        The server does not answer, or your log-in has ended. The page tries again by itself; what came
        meanwhile stands under Events.
      </Alert>
    );
  if (!engine_up)
    return (
      <Alert color="orange" title="The database engine is down" role="alert">
        It is started again by itself; what arrives meanwhile is kept, and told when it is back.
      </Alert>
    );
  return null;
}

export function LivePage() {
  const { search } = useFilter();
  const { last: _, from: __, to: ___, before: ____, ...filter } = search;
  const { state, pause } = useLive(searchText(filter));
  const countries = countriesOf(state);
  return (
    <>
      <FilterBar without_period />
      <Group justify="space-between" mb="xs">
        <Title order={1}>
          Live{' '}
          <span className="dim figure" data-testid="live-total">
            {number.format(state.total)}
          </span>
        </Title>
        <Group gap="sm">
          <span className="dim" aria-live="off">
            <span className="figure" data-testid="live-rate">
              {number.format(Math.round(rateOf(state) * 10) / 10)}
            </span>{' '}
            a second, since <Time time={new Date(state.since_ms).toISOString()} />
          </span>
          <Button size="xs" variant="default" onClick={pause} aria-pressed={state.paused}>
            {state.paused ? `Go on (${number.format(state.held.count)} came)` : 'Hold'}
          </Button>
        </Group>
      </Group>
      <Trouble {...state} />
      <Card withBorder padding="sm" mb="sm">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
          <WorldMap countries={countries.filter(({ value }) => value !== '')} search={filter} />
          <table className="plain-list">
            <caption className="dim">Since the page was opened</caption>
            <tbody>
              {countries.slice(0, countries_shown).map(({ value, events }) => (
                <tr key={value}>
                  <td>
                    <Link to="/events" search={{ ...filter, last: '1h', attacker_country: value }}>
                      {value === '' ? 'not known' : countryName(value)}
                    </Link>
                  </td>
                  <td className="figure">{number.format(events)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </SimpleGrid>
      </Card>
      {state.events.length === 0 ? (
        <Empty title="Nothing has come yet">
          New events appear here within about a second of their arrival. If nothing does, look under Sensors
          whether anything arrives at all.
        </Empty>
      ) : (
        <EventTable events={state.events} />
      )}
    </>
  );
}
