/** An attack {tool, vulnerability, events}, with every reason. */
import type { AttackDetail, IncidentSessions } from '@apiary/model/api/incidents.ts';
import { classify } from '@apiary/model/rsit.ts';
import { Card, SimpleGrid, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { attackQuery, me_query } from '../api.ts';
import { AttackJudgementForm } from '../parts/attack-judgement-form.tsx';
import { EventTable } from '../parts/event-table.tsx';
import { EvidenceList } from '../parts/evidence-list.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { countryName } from '../parts/names.ts';
import { SessionList } from '../parts/session-list.tsx';
import { StageMark } from '../parts/stage-mark.tsx';
import { Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';

const number = new Intl.NumberFormat('en');
const sessions_shown = 10;

/** Of the events that are listed: those with most of them first. */
function sessionsOf(events: AttackDetail['events']): IncidentSessions['sessions'] {
  const by_session = Map.groupBy(
    events.filter(({ session }) => session !== ''),
    ({ sensor_id, session }) => `${sensor_id} ${session}`,
  );
  return [...by_session.values()]
    .map((own) => ({
      sensor_id: own[0]!.sensor_id,
      session: own[0]!.session,
      events: own.length,
      from: own[0]!.detect_ts,
      to: own.at(-1)!.detect_ts,
    }))
    .sort((one, other) => other.events - one.events);
}

export function AttackPage() {
  const { id = '' } = useParams({ strict: false });
  const query = useQuery(attackQuery(id));
  const role = useQuery(me_query).data?.user.role;
  if (query.data === undefined)
    return query.error === null ? <Waiting rows={16} /> : <Problem error={query.error} />;
  const { attack, incident_number, evidence, events, is_cut } = query.data;
  const sessions = sessionsOf(events);
  const decided = new Set(evidence.filter(({ rule }) => rule === 'person').map(({ about }) => about));
  const rows: [string, React.ReactNode][] = [
    [
      'Incident',
      incident_number === null ? (
        <span key="none" className="dim">
          none yet
        </span>
      ) : (
        <Link key="incident" to="/incidents/$number" params={{ number: String(incident_number) }}>
          #{incident_number}
        </Link>
      ),
    ],
    [
      'Source',
      <span key="source">
        <Link to="/sources/$address" params={{ address: attack.attacker_ip }} search={{ last: '365d' }}>
          {attack.source}
        </Link>{' '}
        <span className="dim">
          {countryName(attack.attacker_country)}
          {attack.attacker_asn > 0 && `, AS${attack.attacker_asn}`}
        </span>
      </span>,
    ],
    [
      'Tool',
      <span key="tool">
        {attack.tool}{' '}
        <span className="dim">
          {decided.has('tool') ? 'decided by an analyst' : `confidence ${attack.tool_confidence.toFixed(2)}`}
        </span>
      </span>,
    ],
    [
      'Vulnerability',
      <span key="service">
        {attack.service || 'service not known'}
        {attack.cve !== '' && `, ${attack.cve}`} <span className="dim">{attack.weakness}</span>
      </span>,
    ],
    ['How far', <StageMark key="stage" stage={attack.stage} />],
    ['Results', attack.results.join(', ') || 'none that is known'],
    ['Families', attack.families.join(', ') || 'none that is known'],
    ['ATT&CK', attack.techniques.join(', ') || 'none'],
    [
      'RSIT',
      classify(attack)
        .map(({ title }) => title)
        .join('; ') || 'none',
    ],
    ['From', <Time key="from" time={attack.first_ts} />],
    ['To', <Time key="to" time={attack.last_ts} />],
    [
      'Events',
      `${number.format(attack.events)}: ${Object.entries(attack.actions)
        .map(([action, count]) => `${number.format(count)} ${action}`)
        .join(', ')}`,
    ],
    ['Sessions', number.format(attack.sessions)],
  ];
  return (
    <>
      <Title order={1} mb="xs">
        Attack on <HostileText text={attack.service || 'a service that is not known'} limit={60} /> from{' '}
        {attack.source}
      </Title>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
        <Card withBorder padding="sm">
          <table className="dense facts">
            <tbody>
              {rows.map(([title, value]) => (
                <tr key={title}>
                  <th scope="row">{title}</th>
                  <td>{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Card>
        <Card withBorder padding="sm">
          <Title order={2} mb={6}>
            Why
          </Title>
          <EvidenceList evidence={evidence} />
        </Card>
      </SimpleGrid>
      {(role === 'analyst' || role === 'administrator') && (
        <Card withBorder padding="sm" mt="sm">
          <Title order={2} mb={6}>
            The analyst decides last
          </Title>
          <AttackJudgementForm key={attack.attack_id} data={query.data} />
        </Card>
      )}
      {sessions.length > 0 && (
        <section className="section">
          <Title order={2} mb={4}>
            Sessions{' '}
            {(is_cut || sessions.length > sessions_shown) && (
              <span className="dim">those with most of the events below</span>
            )}
          </Title>
          <Card withBorder padding="sm">
            <SessionList sessions={sessions.slice(0, sessions_shown)} />
          </Card>
        </section>
      )}
      <section className="section">
        <Title order={2}>Events</Title>
        <EventTable events={events} />
        {is_cut && (
          <Text size="xs" c="dimmed">
            The first {events.length} of {number.format(attack.events)}.
          </Text>
        )}
      </section>
    </>
  );
}
