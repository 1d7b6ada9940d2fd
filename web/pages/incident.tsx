/** An incident: the paper's figure 7 filled in, with every reason. */

import type { Incident } from '@apiary/model/api/incidents.ts';
import { countOf } from '@apiary/model/count-of.ts';
import { classify } from '@apiary/model/rsit.ts';
import { Card, SimpleGrid, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import {
  incidentCredentialsQuery,
  incidentQuery,
  incidentSessionsQuery,
  me_query,
  seesWhole,
} from '../api.ts';
import { AttackMatrix } from '../parts/attack-matrix.tsx';
import { AttackTable } from '../parts/attack-table.tsx';
import { EvidenceList } from '../parts/evidence-list.tsx';
import { GroupingForm, SplitButton } from '../parts/grouping-form.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { IncidentPlaces, periodOf } from '../parts/incident-places.tsx';
import { IncidentShare } from '../parts/incident-share.tsx';
import { IncidentTimeline } from '../parts/incident-timeline.tsx';
import { JudgementForm } from '../parts/judgement-form.tsx';
import { countryName, useNames } from '../parts/names.ts';
import { SessionList } from '../parts/session-list.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { StageMark } from '../parts/stage-mark.tsx';
import { Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';

const number = new Intl.NumberFormat('en');
const shown_max = 40;
const IncidentGraph = lazy(() =>
  import('../parts/incident-graph.tsx').then((part) => ({ default: part.IncidentGraph })),
);

function Facts({ data }: { data: Incident }) {
  const { incident } = data;
  const names = useNames();
  const fact = (title: string, value: React.ReactNode) => (
    <tr key={title}>
      <th scope="row">{title}</th>
      <td>{value}</td>
    </tr>
  );
  const known = (values: readonly string[]): React.ReactNode =>
    values.length === 0 ? <span className="dim">not known</span> : values.join(', ');
  return (
    <table className="dense facts">
      <tbody>
        {fact('Incident number', `#${incident.number}`)}
        {fact(
          'Attacker',
          <>
            {incident.attacker === 'unknown' ? <span className="dim">not known</span> : incident.attacker}{' '}
            {incident.attacker !== 'unknown' && (
              <span className="dim">
                {incident.judged.includes('attacker')
                  ? 'decided by an analyst'
                  : `confidence ${incident.attacker_confidence.toFixed(2)}`}
              </span>
            )}
          </>,
        )}
        {fact('Objectives', known(incident.objectives))}
        {incident.assignee !== '' && fact('Assigned to', <HostileText text={incident.assignee} limit={60} />)}
        {fact('How far', <StageMark stage={incident.stage} />)}
        {fact('Tools', known(incident.tools.filter((tool) => tool !== 'unknown')))}
        {fact('Families', known(incident.families))}
        {fact('RSIT', known([...new Set(data.attacks.flatMap(classify))].map(({ title }) => title)))}
        {fact('Services', known(incident.services))}
        {fact('From', <Time time={incident.first_ts} />)}
        {fact('To', <Time time={incident.last_ts} />)}
        {fact(
          'Attacks',
          `${number.format(incident.attacks)} by ${countOf(incident.sources, 'source', undefined, number.format)}, ${countOf(incident.events, 'event', undefined, number.format)}`,
        )}
        {fact('Sensors', incident.sensors.map(names.sensor).join(', '))}
        {fact('Countries', known(incident.countries.map(countryName)))}
      </tbody>
    </table>
  );
}

function Values({
  title,
  values,
  link,
}: {
  title: string;
  values: string[];
  link: 'command' | 'url' | 'file_sha256';
}) {
  if (values.length === 0) return null;
  return (
    <Card withBorder padding="sm">
      <Title order={2} mb={6}>
        {title} <span className="dim figure">{values.length}</span>
      </Title>
      <ol className="value-list">
        {values.slice(0, shown_max).map((value) => (
          <li key={value}>
            <HostileText text={value} limit={160} />{' '}
            {value.length < 1000 && (
              <Link className="same" to="/events" search={{ last: '365d', [link]: value }}>
                events
              </Link>
            )}
          </li>
        ))}
      </ol>
      {values.length > shown_max && (
        <Text size="xs" c="dimmed">
          and {values.length - shown_max} more
        </Text>
      )}
    </Card>
  );
}

function Credentials({ number: text }: { number: string }) {
  const query = useQuery(incidentCredentialsQuery(text));
  if (query.error !== null) return <Problem error={query.error} />;
  if (query.data === undefined || query.data.credentials.length === 0) return null;
  const { credentials, pairs } = query.data;
  return (
    <Card withBorder padding="sm">
      <Title order={2} mb={6}>
        Credentials <span className="dim figure">{number.format(pairs)}</span>
      </Title>
      <Sheet
        heads={[
          'User',
          'Password',
          { title: 'Tries', is_number: true },
          { title: 'Let in', is_number: true },
        ]}
      >
        {credentials.map(({ username, password, tries, successes }) => (
          <tr key={`${username}\0${password}`}>
            <td>
              <HostileText text={username} limit={60} />
            </td>
            <td>
              <HostileText text={password} limit={60} />
            </td>
            <td className="number">{number.format(tries)}</td>
            <td className="number">{number.format(successes)}</td>
          </tr>
        ))}
      </Sheet>
      {pairs > credentials.length && (
        <Text size="xs" c="dimmed">
          Those that were tried most.
        </Text>
      )}
    </Card>
  );
}

function Sessions({ number: text }: { number: string }) {
  const query = useQuery(incidentSessionsQuery(text));
  if (query.error !== null) return <Problem error={query.error} />;
  if (query.data === undefined || query.data.sessions.length === 0) return null;
  const { sessions, is_cut } = query.data;
  return (
    <section className="section">
      <Title order={2} mb={4}>
        Sessions{' '}
        {is_cut && <span className="dim">those with most events, of the attacks that got farthest</span>}
      </Title>
      <Card withBorder padding="sm">
        <SessionList sessions={sessions} />
      </Card>
    </section>
  );
}

export function IncidentPage() {
  const { number: text = '' } = useParams({ strict: false });
  const query = useQuery(incidentQuery(text));
  const me = useQuery(me_query);
  const [marked, setMarked] = useState<{ of: string; attacks: ReadonlySet<string> }>({
    of: text,
    attacks: new Set(),
  });
  // Marks are of the incident that is shown.
  const chosen: ReadonlySet<string> = marked.of === text ? marked.attacks : new Set();
  const toggle = (attack_id: string): void => {
    const attacks = new Set(chosen);
    if (!attacks.delete(attack_id)) attacks.add(attack_id);
    setMarked({ of: text, attacks });
  };
  if (query.data === undefined)
    return query.error === null ? <Waiting rows={16} /> : <Problem error={query.error} />;
  const { data } = query;
  const { incident } = data;
  const distinct = (pick: (attack: Incident['attacks'][number]) => string[]): string[] => [
    ...new Set(data.attacks.flatMap(pick)),
  ];
  const techniques = data.attacks.map((attack) => attack.techniques);
  const user = me.data?.user;
  const may_share = user?.role === 'analyst' || user?.role === 'administrator';
  return (
    <>
      <Title order={1} mb="xs">
        Incident #{incident.number}
        {incident.name !== '' && (
          <>
            {' '}
            <HostileText text={incident.name} />
          </>
        )}
        {data.asked !== incident.number && <span className="dim"> #{data.asked} was joined to it</span>}
      </Title>
      {incident.is_partial && (
        <Text size="sm" mb="xs">
          Attacks of it lie where you may not see: every count is of the others, and what it is as a whole is
          decided by who sees all of it.
        </Text>
      )}
      {may_share && <IncidentShare data={data} sees_whole={seesWhole(user)} />}
      <div className="narrative">
        {data.narrative.map((sentence) => (
          <p key={sentence}>
            <HostileText text={sentence} limit={600} />
          </p>
        ))}
      </div>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
        <Card withBorder padding="sm">
          <Facts data={data} />
        </Card>
        <Card withBorder padding="sm">
          <Title order={2} mb={6}>
            Attacker and objectives: why
          </Title>
          <EvidenceList evidence={data.evidence} />
        </Card>
      </SimpleGrid>
      {may_share && !incident.is_partial && (
        <Card withBorder padding="sm" mt="sm">
          <Title order={2} mb={6}>
            The analyst decides last
          </Title>
          <JudgementForm data={data} />
          <GroupingForm data={data} />
        </Card>
      )}
      <section className="section">
        <Title order={2} mb={4}>
          Over time {data.is_cut && <span className="dim">the first {data.attacks.length} attacks</span>}
        </Title>
        <Card withBorder padding="sm">
          <IncidentTimeline data={data} />
        </Card>
      </section>
      {data.attacks.some(({ links }) => links.length > 0) && (
        <section className="section">
          <Title order={2} mb={4}>
            What links them
          </Title>
          <Card withBorder padding="sm">
            <Suspense fallback={<Waiting rows={6} />}>
              <IncidentGraph attacks={data.attacks} />
            </Suspense>
          </Card>
        </section>
      )}
      <section className="section">
        <Title order={2} mb={4}>
          Attacks {data.is_cut && <span className="dim">the first {data.attacks.length}</span>}
        </Title>
        <Card withBorder padding="sm">
          <AttackTable
            attacks={data.attacks}
            choosing={may_share && !incident.is_partial ? { chosen, toggle } : undefined}
          />
          <SplitButton number={incident.number} chosen={[...chosen]} count={incident.attacks} />
        </Card>
      </section>
      <Sessions number={text} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm" className="section">
        <Values title="Commands" values={distinct(({ commands }) => commands)} link="command" />
        <Values title="Fetched from" values={distinct(({ urls }) => urls)} link="url" />
        <Values title="Files" values={distinct(({ files }) => files)} link="file_sha256" />
        <Credentials number={text} />
        <Card withBorder padding="sm">
          <Title order={2} mb={6}>
            Places and networks
          </Title>
          <IncidentPlaces data={data} />
        </Card>
      </SimpleGrid>
      {techniques.some((list) => list.length > 0) && (
        <Card withBorder padding="sm" mt="sm">
          <Title order={2} mb={6}>
            MITRE ATT&CK <span className="dim">attacks that show each</span>
          </Title>
          <AttackMatrix shown={techniques} period={periodOf(incident)} />
        </Card>
      )}
    </>
  );
}
