/** Incidents: what matters first. */
import type { Incidents } from '@apiary/model/api/incidents.ts';
import { incident_orders } from '@apiary/model/incident-words.ts';
import { attackers, objectives, stages } from '@apiary/model/taxonomy.ts';
import { Badge, Button, Card, Group, Select, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { incidentsQuery, me_query } from '../api.ts';
import { useFilter } from '../parts/filter-bar.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { IncidentsShare } from '../parts/incident-share.tsx';
import { countryName, useNames } from '../parts/names.ts';
import { PeriodChooser } from '../parts/period-chooser.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { StageMark } from '../parts/stage-mark.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';
import { WordChooser } from '../parts/word-chooser.tsx';
import { listOf } from '../search.ts';

const number = new Intl.NumberFormat('en');
const page_rows = 50;
const order_titles: Record<(typeof incident_orders)[number], string> = {
  matters: 'What matters first',
  unlike: 'Unlike anything before',
  newest: 'Newest first',
  growing: 'Growing most first',
  largest: 'Largest first',
};

function IncidentFilters() {
  const { search, change } = useFilter();
  return (
    <section className="filter-bar" aria-label="Filter">
      <Group gap={6}>
        <PeriodChooser />
        <Select
          size="xs"
          w={195}
          aria-label="Order"
          data={incident_orders.map((value) => ({ value, label: order_titles[value] }))}
          value={listOf(search.order)[0] ?? 'matters'}
          onChange={(value) => change({ order: value ?? undefined, offset: undefined })}
          allowDeselect={false}
        />
        <WordChooser name="stage" title="This far at least" words={stages} />
        <WordChooser name="attacker" title="Any attacker" words={attackers} />
        <WordChooser name="objective" title="Any objective" words={objectives} />
      </Group>
    </section>
  );
}

function Row({ incident }: { incident: Incidents['incidents'][number] }) {
  const names = useNames();
  const first = incident.name === '' ? incident.families.join(', ') : incident.name;
  return (
    <tr>
      <td className="nowrap">
        <Link to="/incidents/$number" params={{ number: String(incident.number) }}>
          #{incident.number}
        </Link>
      </td>
      <td>
        <StageMark stage={incident.stage} />
      </td>
      <td className="words">
        {first !== '' && (
          <strong>
            <HostileText text={first} limit={60} />{' '}
          </strong>
        )}
        <span className="dim">{incident.services.slice(0, 4).join(', ') || 'service not known'}</span>{' '}
        {incident.firsts !== null && incident.firsts > 0 && (
          <Badge size="xs" variant="light" title="files, URLs and commands that no attack had before">
            {number.format(incident.firsts)} never seen before
          </Badge>
        )}
        {incident.status !== 'open' && (
          <Badge size="xs" variant="light">
            {incident.status}
          </Badge>
        )}
        {incident.pinned && (
          <Badge size="xs" variant="outline">
            pinned
          </Badge>
        )}
      </td>
      <td className="words">
        {incident.attacker === 'unknown' ? <span className="dim">not known</span> : incident.attacker}
        {incident.objectives.length > 0 && <span className="dim"> · {incident.objectives.join(', ')}</span>}
      </td>
      {([incident.attacks, incident.sources, incident.events] as const).map((count, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: three columns in their order
        <td key={index} className="number">
          <Link to="/incidents/$number" params={{ number: String(incident.number) }}>
            {number.format(count)}
          </Link>
          {index === 0 && incident.grown !== null && incident.grown > 0 && (
            <span className="dim" title="began in the last quarter of the period">
              {' '}
              +{number.format(incident.grown)}
            </span>
          )}
        </td>
      ))}
      <td title={incident.sensors.map(names.sensor).join(', ')}>
        {names.sensor(incident.sensors[0] ?? 0)}
        {incident.sensors.length > 1 && <span className="dim"> +{incident.sensors.length - 1}</span>}
      </td>
      <td title={incident.countries.map(countryName).join(', ')}>
        {incident.countries.slice(0, 3).join(' ')}
        {incident.countries.length > 3 && <span className="dim"> +{incident.countries.length - 3}</span>}
      </td>
      <td className="nowrap">
        <Time time={incident.first_ts} />
      </td>
      <td className="nowrap">
        <Time time={incident.last_ts} />
      </td>
    </tr>
  );
}

export function IncidentsPage() {
  const { search, change } = useFilter();
  const { data, error } = useQuery(incidentsQuery(search));
  const role = useQuery(me_query).data?.user.role;
  const may_share = role === 'analyst' || role === 'administrator';
  const offset = Number(listOf(search.offset)[0] ?? 0);
  return (
    <>
      <IncidentFilters />
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={14} />}
      {data !== undefined && (
        <>
          <Title order={1} mb="xs" data-testid="incidents-count">
            <span className="figure">{number.format(data.total)}</span>{' '}
            {data.total === 1 ? 'incident' : 'incidents'}
          </Title>
          {data.incidents.length === 0 ? (
            <Card withBorder>
              <Empty title="No incidents in this period">
                Attacks that belong together become incidents some seconds after their events came. Choose a
                longer period or fewer filters.
              </Empty>
            </Card>
          ) : (
            <Card withBorder padding="sm">
              <Sheet
                heads={[
                  'Number',
                  'How far',
                  'What',
                  'Attacker · objectives',
                  { title: 'Attacks', is_number: true },
                  { title: 'Sources', is_number: true },
                  { title: 'Events', is_number: true },
                  'Sensors',
                  'Countries',
                  'First',
                  'Last',
                ]}
              >
                {data.incidents.map((incident) => (
                  <Row key={incident.number} incident={incident} />
                ))}
              </Sheet>
            </Card>
          )}
          <Group gap="xs" mt="xs">
            {may_share && <IncidentsShare numbers={data.incidents.map((one) => one.number)} />}
            {offset > 0 && (
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  change({ offset: offset > page_rows ? String(offset - page_rows) : undefined })
                }
              >
                Before
              </Button>
            )}
            {offset + page_rows < data.total && (
              <Button
                size="xs"
                variant="default"
                onClick={() => change({ offset: String(offset + page_rows) })}
              >
                Next
              </Button>
            )}
            {data.total > page_rows && (
              <Text size="xs" c="dimmed">
                {offset + 1} – {Math.min(offset + page_rows, data.total)}
              </Text>
            )}
          </Group>
        </>
      )}
    </>
  );
}
