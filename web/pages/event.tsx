/** One event: the common part, the sensor's own record, the bytes, and what stands around it. */
import type { ApiEvent, EventDetail } from '@apiary/model/api/events.ts';
import type { EqualColumn } from '@apiary/model/filter-columns.ts';
import { Card, SimpleGrid, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { attackOfQuery, eventQuery } from '../api.ts';
import { column_titles, filterFor } from '../parts/columns.ts';
import { EventTable, KnownMark } from '../parts/event-table.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { countryName, useNames } from '../parts/names.ts';
import { RawBytes } from '../parts/raw-bytes.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';

/** The columns in the order in which people ask: what, who, where, with what. */
const shown_columns: readonly EqualColumn[] = [
  'action',
  'outcome',
  'target_kind',
  'target',
  'service',
  'transport',
  'direction',
  'vantage',
  'attacker_ip',
  'attacker_country',
  'attacker_asn',
  'source_ip',
  'source_port',
  'destination_ip',
  'destination_port',
  'session',
  'username',
  'password',
  'command',
  'url',
  'file_sha256',
  'fingerprint',
  'user_agent',
  'signature',
];

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>{children}</td>
    </tr>
  );
}

/** A day around the event, so that "all with this value" finds it. */
function dayAround(event: ApiEvent): { from: string; to: string } {
  const ms = Date.parse(event.detect_ts);
  return { from: new Date(ms - 43_200_000).toISOString(), to: new Date(ms + 43_200_000).toISOString() };
}

/** Its session, its attack and its incident. */
function Belongs({ event }: { event: ApiEvent }) {
  const { data } = useQuery(attackOfQuery(event.key));
  return (
    <>
      {event.session !== '' && (
        <Fact title="Whole session">
          <Link
            to="/sessions/$sensor/$session"
            params={{ sensor: String(event.sensor_id), session: event.session }}
          >
            in order of time
          </Link>
        </Fact>
      )}
      <Fact title="Attack and incident">
        {data?.attack_id == null ? (
          <span className="dim">not analysed yet, or nobody's as far as can be told</span>
        ) : (
          <Link to="/attacks/$id" params={{ id: data.attack_id }}>
            the attack
          </Link>
        )}
        {data?.incident_number != null && (
          <>
            {' · '}
            <Link to="/incidents/$number" params={{ number: String(data.incident_number) }}>
              incident #{data.incident_number}
            </Link>
          </>
        )}
      </Fact>
      {data?.attribution != null && (
        <Fact title="Attributed to">
          <Link
            to="/sources/$address"
            params={{ address: data.attribution.address }}
            search={dayAround(event)}
          >
            {data.attribution.address}
          </Link>{' '}
          <span className="dim">
            confidence {Math.round(data.attribution.confidence * 100)} %, rule {data.attribution.rule}:
          </span>{' '}
          <HostileText text={data.attribution.because} limit={200} />
          {data.attribution.witness !== '' && (
            <>
              {' · '}
              <Link to="/events/$key" params={{ key: data.attribution.witness }}>
                the event that tells it
              </Link>
            </>
          )}
        </Fact>
      )}
    </>
  );
}

function Facts({ event }: { event: ApiEvent }) {
  const names = useNames();
  const known_values = shown_columns.filter(
    (column) => !['', '0', 'unknown'].includes(String(event[column])),
  );
  return (
    <table className="dense facts">
      <tbody>
        <Fact title="Seen by the sensor">
          <Time time={event.detect_ts} />
          {event.detect_basis !== 'sensor' && <span className="dim"> rests on: {event.detect_basis}</span>}
        </Fact>
        <Fact title="Collected">
          <Time time={event.collect_ts} />
        </Fact>
        <Fact title="Sensor">
          <Link to="/events" search={{ ...dayAround(event), sensor: String(event.sensor_id) }}>
            {names.sensor(event.sensor_id)}
          </Link>{' '}
          <span className="dim">{event.sensor_type}</span>
        </Fact>
        <Fact title="Honeypot">
          {event.honeypot_id === null ? (
            <span className="dim">none was assigned to the sensor at that time</span>
          ) : (
            <Link to="/events" search={{ ...dayAround(event), honeypot: String(event.honeypot_id) }}>
              {names.honeypot(event.honeypot_id)}
            </Link>
          )}
        </Fact>
        <Belongs event={event} />
        {known_values.map((column) => {
          const same = filterFor(column, String(event[column]));
          return (
            <Fact key={column} title={column_titles[column]}>
              <HostileText text={String(event[column])} />{' '}
              {column === 'attacker_country' && (
                <span className="dim">{countryName(event.attacker_country)} </span>
              )}
              {column === 'attacker_ip' && <KnownMark known={event.known} />}
              {column === 'file_sha256' && (
                <Link className="same" to="/files/$sha256" params={{ sha256: event.file_sha256 }}>
                  the file
                </Link>
              )}{' '}
              {same !== null && (
                <Link
                  className="same"
                  to="/events"
                  search={{ ...dayAround(event), ...same }}
                  aria-label={`Events of that day with the same ${column_titles[column]}`}
                >
                  same
                </Link>
              )}
            </Fact>
          );
        })}
        {Object.entries(event.extra).map(([key, value]) => (
          <Fact key={`extra ${key}`} title={key}>
            <HostileText text={value} />
          </Fact>
        ))}
      </tbody>
    </table>
  );
}

function SensorRecord({ detail }: { detail: EventDetail }) {
  const { record } = detail;
  if (record === null)
    return <Empty title="The record is gone">It was removed by retention or erasure; the event stays.</Empty>;
  const filled = record.fields.filter(({ value }) => !['', '0', '[]', '{}', 'ᴺᵁᴸᴸ'].includes(value));
  const rest = record.fields.length - filled.length;
  return (
    <>
      <table className="dense facts record">
        <tbody>
          {filled.map(({ name, comment, value }) => (
            <tr key={name}>
              <th scope="row" title={comment}>
                {name}
              </th>
              <td>
                <HostileText text={value} limit={400} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          {rest} more {rest === 1 ? 'column is' : 'columns are'} empty.
        </Text>
      )}
    </>
  );
}

function Raw({ detail }: { detail: EventDetail }) {
  const { record, event, collector } = detail;
  if (record === null) return null;
  return (
    <Card withBorder padding="sm">
      <Title order={2} mb={6}>
        Raw record
      </Title>
      <Text size="sm" mb={6}>
        <HostileText text={record.source} />{' '}
        <span className="dim">
          place {event.place}, generation {event.generation}, version {event.version} · {record.raw_size}{' '}
          bytes
          {record.original_size > record.raw_size && ` of ${record.original_size}`} · collector{' '}
          {collector ?? 'unknown'} ·{' '}
        </span>
        <Link to="/events" search={{ last: '365d', segment_id: event.segment_id }}>
          segment {event.segment_id}
        </Link>
        {record.parse !== 'ok' && <strong> · understood: {record.parse}</strong>}
        {record.flags.map((flag) => (
          <strong key={flag}> · {flag}</strong>
        ))}
      </Text>
      <RawBytes base64={record.raw_base64} />
    </Card>
  );
}

export function EventPage() {
  const { key } = useParams({ strict: false });
  const query = useQuery(eventQuery(key ?? ''));
  if (query.data === undefined)
    return query.error === null ? <Waiting rows={16} /> : <Problem error={query.error} />;
  const detail = query.data;
  const { event } = detail;
  return (
    <>
      {query.error !== null && <Problem error={query.error} />}
      <Title order={1} mb="xs">
        {event.action}
        {event.service !== '' && (
          <>
            {' '}
            · <HostileText text={event.service} limit={40} />
          </>
        )}{' '}
        <span className="dim figure">event {event.event_id}</span>
      </Title>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
        <Card withBorder padding="sm">
          <Title order={2} mb={6}>
            Event
          </Title>
          <Facts event={event} />
        </Card>
        <Card withBorder padding="sm">
          <Title order={2} mb={6}>
            Record of the sensor <span className="dim">{event.sensor_table}</span>
          </Title>
          <SensorRecord detail={detail} />
        </Card>
      </SimpleGrid>
      <div className="section">
        <Raw detail={detail} />
      </div>
      <section className="section">
        <Title order={2}>Same session</Title>
        {detail.same_session.length === 0 ? (
          <Text size="sm" c="dimmed">
            The sensor named no session.
          </Text>
        ) : (
          <EventTable events={detail.same_session} current={event.key} />
        )}
      </section>
      <section className="section">
        <Title order={2}>Same connection, by other sensors</Title>
        {detail.same_connection.length === 0 ? (
          <Text size="sm" c="dimmed">
            No other sensor told of this address and port at that time.
          </Text>
        ) : (
          <EventTable events={detail.same_connection} />
        )}
      </section>
      <section className="section">
        <Title order={2}>Same source, a month around</Title>
        {detail.same_source.length === 0 ? (
          <Text size="sm" c="dimmed">
            The attacker's address is not known.
          </Text>
        ) : (
          <EventTable events={detail.same_source} current={event.key} />
        )}
      </section>
    </>
  );
}
