/** Events as rows. What an event is about stands in one column, so that a row stays a row. */
import type { ApiEvent } from '@apiary/model/api/events.ts';
import { Badge } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { HostileText } from './hostile-text.tsx';
import { countryName, useNames } from './names.ts';
import { Sheet } from './sheet.tsx';
import { Time } from './time.tsx';

/** The values that tell what happened, most telling first. */
const about_columns = [
  ['username', 'user'],
  ['password', 'password'],
  ['command', ''],
  ['url', ''],
  ['file_sha256', 'file'],
  ['signature', ''],
  ['target', 'target'],
  ['user_agent', 'client'],
  ['fingerprint', 'fingerprint'],
] as const;

function About({ event }: { event: ApiEvent }) {
  const parts: ReactNode[] = about_columns
    .filter(
      ([column], index) =>
        event[column] !== '' &&
        // The target often is the account or file that stands there already.
        about_columns.findIndex(([other]) => event[other] === event[column]) === index,
    )
    .slice(0, 3)
    .map(([column, label]) => (
      <span key={column} className="about">
        {label !== '' && <span className="dim">{label} </span>}
        <HostileText text={event[column]} limit={90} />
      </span>
    ));
  return <>{parts}</>;
}

export function KnownMark({ known }: { known: ApiEvent['known'] }) {
  if (known === null) return null;
  return (
    <Badge size="xs" variant="outline" color="gray" title={known.name}>
      {known.kind === 'gateway' ? 'gateway' : 'own scanner'}
    </Badge>
  );
}

interface EventTableProps {
  events: ApiEvent[];
  /** The event whose page this is: marked. */
  current?: string;
}

export function EventTable({ events, current }: EventTableProps) {
  const names = useNames();
  return (
    <Sheet heads={['Time', 'Sensor', 'Action', 'Service', 'Attacker', 'What']} className="events">
      {events.map((event) => (
        <tr key={event.key} data-current={event.key === current || undefined}>
          <td className="nowrap">
            <Link to="/events/$key" params={{ key: event.key }}>
              <Time time={event.detect_ts} />
            </Link>
            {event.detect_basis !== 'sensor' && (
              <span className="dim" title={`the time rests on: ${event.detect_basis}`}>
                {' '}
                ≈
              </span>
            )}
          </td>
          <td className="nowrap" title={names.honeypot(event.honeypot_id)}>
            {names.sensor(event.sensor_id)}
          </td>
          <td className="nowrap">
            {event.action}
            {/* That a probe was answered is what a honeypot is for. */}
            {event.outcome === 'success' && event.action !== 'probe' && (
              <Badge size="xs" ml={6} variant="light" color="red">
                success
              </Badge>
            )}
          </td>
          <td className="service">
            {event.service !== '' && <HostileText text={event.service} limit={20} />}
          </td>
          <td className="nowrap">
            <span title={countryName(event.attacker_country)}>
              {event.attacker_ip === '' ? (
                <span className="dim">unknown</span>
              ) : (
                <Link
                  to="/sources/$address"
                  params={{ address: event.attacker_ip }}
                  search={{ last: '365d' }}
                >
                  {event.attacker_ip}
                </Link>
              )}
              {event.attacker_country !== '' && <span className="dim"> {event.attacker_country}</span>}
            </span>{' '}
            <KnownMark known={event.known} />
          </td>
          <td>
            <About event={event} />
          </td>
        </tr>
      ))}
    </Sheet>
  );
}
