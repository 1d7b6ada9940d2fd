/** A session: everything that a sensor saw of one connection, in order, with its timing. */

import type { ApiEvent } from '@apiary/model/api/events.ts';
import type { JudgedStatement, Session } from '@apiary/model/api/sessions.ts';
import { countOf } from '@apiary/model/count-of.ts';
import { Badge, Card, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { me_query, recordingsQuery, sessionQuery } from '../api.ts';
import { AttacksOf } from '../parts/attacks-of.tsx';
import { EventTable } from '../parts/event-table.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { useRows } from '../parts/more-rows.tsx';
import { useNames } from '../parts/names.ts';
import { Replay } from '../parts/replay.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Problem, Waiting } from '../parts/state-boxes.tsx';
import { showSpan, Time } from '../parts/time.tsx';
import type { Search } from '../search.ts';

const rows_at_once = 300;

/** An attack may begin before a session and end after it: one that touches its first or last moment counts. */
function spanOf({ from, to }: Session): Search {
  return {
    from: new Date(from).toISOString(),
    to: new Date(Date.parse(to) + 1000).toISOString(),
  };
}

function What({ event }: { event: ApiEvent }) {
  const { command, username, password, url, file_sha256, target } = event;
  if (command !== '') return <HostileText text={command} limit={300} />;
  if (event.action === 'authenticate')
    return (
      <>
        <HostileText text={username} limit={60} /> <span className="dim">/</span>{' '}
        <HostileText text={password} limit={60} />
      </>
    );
  return <HostileText text={url || file_sha256 || target} limit={200} />;
}

/** The tactics of a line, each once, in their order; the statements and the reasons stand in its title. */
function Tactics({ statements }: { statements: readonly JudgedStatement[] }) {
  const named = [...new Set(statements.map(({ tactic }) => tactic))];
  return named.map((tactic) => {
    const of_it = statements.filter((statement) => statement.tactic === tactic);
    const why = of_it
      .slice(0, 5)
      .map(
        ({ text, confidence, because }) =>
          `${text.slice(0, 80)}: ${Math.round(confidence * 100)} % (${because.join('; ')})`,
      );
    return (
      <Badge
        key={tactic}
        size="xs"
        mr={4}
        variant="light"
        color={tactic === 'Harmless' || tactic === 'Other' ? 'gray' : 'blue'}
        title={why.join('\n')}
      >
        {tactic}
      </Badge>
    );
  });
}

export function SessionPage() {
  const { sensor = '', session = '' } = useParams({ strict: false });
  const names = useNames();
  const query = useQuery(sessionQuery(sensor, session));
  const { shown, more } = useRows(query.data?.events ?? [], rows_at_once);
  const me = useQuery(me_query);
  const sees_secrets = me.data?.user.sees_secrets === true;
  const recordings = useQuery(recordingsQuery(sensor, session, sees_secrets));
  if (query.data === undefined)
    return query.error === null ? <Waiting rows={16} /> : <Problem error={query.error} />;
  const { data } = query;
  const begin = Date.parse(data.from);
  return (
    <>
      <Title order={1} mb={4}>
        Session <HostileText text={data.session} limit={80} />
      </Title>
      <Text size="sm" mb="sm">
        {names.sensor(data.sensor_id)} · <Time time={data.from} /> to <Time time={data.to} /> (
        {showSpan(Date.parse(data.to) - begin)}) ·{' '}
        {data.attackers.map((address) => (
          <Link key={address} to="/sources/$address" params={{ address }} search={{ last: '365d' }}>
            {address}{' '}
          </Link>
        ))}
        · {countOf(data.events.length, 'event')}
        {data.is_cut && ', and more that are not shown'}
      </Text>
      {me.data?.user.sees_secrets === false && (
        <Text size="sm" className="dim" mb="sm">
          Terminal recordings are hidden from you; an administrator can show them.
        </Text>
      )}
      {recordings.error !== null && <Problem error={recordings.error} />}
      {recordings.data?.recordings.map((recording, index) => (
        <Card key={recording.sha256} withBorder padding="sm" mb="sm">
          <Replay recording={recording} index={index} />
        </Card>
      ))}
      <Card withBorder padding="sm">
        <Sheet
          heads={[
            { title: 'After', is_number: true },
            { title: 'Pause', is_number: true },
            'Action',
            'Outcome',
            'What',
            'Tactic',
            'Event',
          ]}
        >
          {shown.map((event, index) => {
            const at = Date.parse(event.detect_ts);
            const pause = index === 0 ? 0 : at - Date.parse(data.events[index - 1]!.detect_ts);
            return (
              <tr key={event.key}>
                <td className="number">{((at - begin) / 1000).toFixed(2)} s</td>
                <td className="number dim">{pause >= 1000 ? showSpan(pause) : ''}</td>
                <td>{event.action}</td>
                <td className="dim">{event.outcome === 'unknown' ? '' : event.outcome}</td>
                <td>
                  <What event={event} />
                </td>
                <td>
                  <Tactics statements={data.statements[event.key] ?? []} />
                </td>
                <td>
                  <Link to="/events/$key" params={{ key: event.key }}>
                    open
                  </Link>
                </td>
              </tr>
            );
          })}
        </Sheet>
        {more}
      </Card>
      <AttacksOf search={{ ...spanOf(data), sensor, session }} />
      {data.same_connection.length > 0 && (
        <section className="section">
          <Title order={2}>Same connection, by other sensors</Title>
          <EventTable events={data.same_connection} />
        </section>
      )}
    </>
  );
}
