/** Sessions with the way to each: there everything stands in order, and recordings are replayed. */
import type { IncidentSessions } from '@apiary/model/api/incidents.ts';
import { Link } from '@tanstack/react-router';
import { HostileText } from './hostile-text.tsx';
import { useNames } from './names.ts';
import { Sheet } from './sheet.tsx';
import { Time } from './time.tsx';

const number = new Intl.NumberFormat('en');

export function SessionList({ sessions }: { sessions: IncidentSessions['sessions'] }) {
  const names = useNames();
  return (
    <Sheet heads={['Session', 'Sensor', 'From', 'To', { title: 'Events', is_number: true }]}>
      {sessions.map(({ sensor_id, session, from, to, events }) => (
        <tr key={`${sensor_id} ${session}`}>
          <td>
            <Link to="/sessions/$sensor/$session" params={{ sensor: String(sensor_id), session }}>
              <HostileText text={session} limit={40} />
            </Link>
          </td>
          <td>{names.sensor(sensor_id)}</td>
          <td>
            <Time time={from} />
          </td>
          <td>
            <Time time={to} />
          </td>
          <td className="number figure">
            <Link to="/sessions/$sensor/$session" params={{ sensor: String(sensor_id), session }}>
              {number.format(events)}
            </Link>
          </td>
        </tr>
      ))}
    </Sheet>
  );
}
