/** The whole scheme with counts: what the words mean, how often each holds, and by which rules. */
import { Card, SimpleGrid, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { me_query, seesWhole, taxonomyQuery } from '../api.ts';
import { useFilter } from '../parts/filter-bar.tsx';
import { PeriodChooser } from '../parts/period-chooser.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Problem, Waiting } from '../parts/state-boxes.tsx';
import { keepFilter } from '../search.ts';

const number = new Intl.NumberFormat('en');
const parts: { about: string; title: string; of: 'attacks' | 'incidents' }[] = [
  { about: 'attacker', title: 'Attacker', of: 'incidents' },
  { about: 'objective', title: 'Objectives', of: 'incidents' },
  { about: 'tool', title: 'Tool', of: 'attacks' },
  { about: 'weakness', title: 'Vulnerability', of: 'attacks' },
  { about: 'stage', title: 'How far', of: 'attacks' },
  { about: 'result', title: 'Result', of: 'attacks' },
];

export function TaxonomyPage() {
  const { search } = useFilter();
  const { last, from, to } = keepFilter(search);
  const period = { last, from, to };
  const { data, error } = useQuery(taxonomyQuery(period));
  const { data: me } = useQuery(me_query);
  const may_change = me?.user.role !== 'viewer' && seesWhole(me?.user);
  return (
    <>
      <section className="filter-bar" aria-label="Filter">
        <PeriodChooser />
      </section>
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={16} />}
      {data !== undefined && (
        <>
          <Title order={1} mb={4}>
            Taxonomy
          </Title>
          <Text size="sm" mb="sm">
            An incident is {'{number, attacker, attacks, objectives}'}, an attack{' '}
            {'{tool, vulnerability, events}'}, an event {'{action, target, timestamps}'}.{' '}
            {number.format(data.unattributed)} events of the period have no address and belong to no attack.
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
            {parts.map(({ about, title, of }) => (
              <Card key={about} withBorder padding="sm">
                <Title order={2} mb={6}>
                  {title} <span className="dim">{of}</span>
                </Title>
                <Sheet heads={3}>
                  {data.words[about]?.map(({ name, meaning }) => (
                    <tr key={name}>
                      <td className="nowrap" title={meaning}>
                        <Link to={`/${of}`} search={{ ...period, [about]: name }}>
                          {name}
                        </Link>
                      </td>
                      <td className="dim">{meaning}</td>
                      <td className="number">{number.format(data.counts[about]?.[name] ?? 0)}</td>
                    </tr>
                  ))}
                </Sheet>
              </Card>
            ))}
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm" className="section">
            <Card withBorder padding="sm">
              <Title order={2} mb={6}>
                Known families and tools{' '}
                {may_change && (
                  <Link to="/rules" search={period} className="dim">
                    rules: try, switch, add
                  </Link>
                )}
              </Title>
              <Sheet heads={['Family', 'Kind', 'Described by', { title: 'Attacks', is_number: true }]}>
                {data.families.map(({ name, title, kind, source, attacks }) => (
                  <tr key={name}>
                    <td>
                      <Link to="/attacks" search={{ ...period, family: name }}>
                        {title}
                      </Link>
                    </td>
                    <td>{kind}</td>
                    <td className="dim">{source}</td>
                    <td className="number">{number.format(attacks)}</td>
                  </tr>
                ))}
              </Sheet>
            </Card>
            <Card withBorder padding="sm">
              <Title order={2} mb={6}>
                MITRE ATT&CK <span className="dim">attacks</span>
              </Title>
              <Sheet heads={['Technique', 'Name', 'Tactic', { title: 'Attacks', is_number: true }]}>
                {data.techniques.map(({ id, name, tactic, attacks }) => (
                  <tr key={id}>
                    <td className="nowrap">
                      <Link to="/attacks" search={{ ...period, technique: id }}>
                        {id}
                      </Link>
                    </td>
                    <td>{name}</td>
                    <td className="dim">{tactic}</td>
                    <td className="number">{number.format(attacks)}</td>
                  </tr>
                ))}
              </Sheet>
            </Card>
            <Card withBorder padding="sm">
              <Title order={2} mb={6}>
                Rules <span className="dim">version {data.rules_version}</span>
              </Title>
              <Sheet heads={2}>
                {data.linking.map(({ kind, base, tau_days, horizon_days }) => (
                  <tr key={kind}>
                    <td className="nowrap">link.{kind}</td>
                    <td className="dim">
                      base {base}, {tau_days === null ? 'no fading' : `fades over ${tau_days} days`}, at most{' '}
                      {horizon_days} days
                    </td>
                  </tr>
                ))}
                {data.rules.map(({ name, text }) => (
                  <tr key={`${name} ${text}`}>
                    <td className="nowrap">{name}</td>
                    <td className="dim">{text}</td>
                  </tr>
                ))}
              </Sheet>
            </Card>
          </SimpleGrid>
        </>
      )}
    </>
  );
}
