/** Rules by which families are found: those of one's own, those that come along; each tried on the past before it is switched. */

import type { Rules, RuleTrial, StoredRule } from '@apiary/model/api/rules.ts';
import { countOf } from '@apiary/model/count-of.ts';
import { Badge, Button, Card, Group, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { get, send } from '../api.ts';
import { useFilter } from '../parts/filter-bar.tsx';
import { useFind } from '../parts/find-field.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { PeriodChooser } from '../parts/period-chooser.tsx';
import { RuleForm } from '../parts/rule-form.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';
import { keepFilter } from '../search.ts';

const number = new Intl.NumberFormat('en');
/** A switch that somebody thinks about. */
interface Thought {
  name: string;
  title: string;
  is_on: boolean;
}
interface RuleLine extends Thought {
  kind: string;
  source: string;
  own?: StoredRule;
}

const namesOf = (list: readonly string[]): string => (list.length === 0 ? 'none' : list.join(', '));

function Examples({ trial }: { trial: RuleTrial }) {
  return (
    <Sheet heads={['Attack', 'Source', 'Families', 'Tool', 'Because']}>
      {trial.examples.map(({ attack_id, first_ts, source, service, before, after, because }) => (
        <tr key={attack_id}>
          <td className="nowrap">
            <Link to="/attacks/$id" params={{ id: attack_id }}>
              <Time time={first_ts} />
            </Link>{' '}
            {service}
          </td>
          <td className="nowrap">{source}</td>
          <td>
            {namesOf(before.families)} → {namesOf(after.families)}
          </td>
          <td>{before.tool === after.tool ? before.tool : `${before.tool} → ${after.tool}`}</td>
          <td>
            <HostileText text={because} limit={120} />
          </td>
        </tr>
      ))}
    </Sheet>
  );
}

function Verdicts({ trial }: { trial: RuleTrial }) {
  if (trial.incidents.length === 0)
    return (
      <Text size="sm" mt="xs">
        Of {number.format(trial.incidents_judged)} incidents with such attacks none would have another
        attacker or other objectives.
      </Text>
    );
  return (
    <Sheet
      heads={3}
      className="section"
      caption={`Incidents that would be judged differently${
        trial.incidents_left_out > 0
          ? `; ${number.format(trial.incidents_left_out)} more were not judged`
          : ''
      }`}
    >
      {trial.incidents.map(({ number: shown, before, after }) => (
        <tr key={shown}>
          <td>
            <Link to="/incidents/$number" params={{ number: String(shown) }}>
              #{shown}
            </Link>
          </td>
          <td>
            {before.attacker} ({before.attacker_confidence}): {namesOf(before.objectives)}
          </td>
          <td>
            → {after.attacker} ({after.attacker_confidence}): {namesOf(after.objectives)}
          </td>
        </tr>
      ))}
    </Sheet>
  );
}

/** What a switch would change in the period, and the switch itself. */
function Trial({ thought, onClose }: { thought: Thought; onClose: () => void }) {
  const client = useQueryClient();
  const { search } = useFilter();
  const { last, from, to } = keepFilter(search);
  const { name, title, is_on } = thought;
  const { data, error, isFetching } = useQuery({
    queryKey: ['rule-trial', name, is_on, last, from, to],
    queryFn: () =>
      send<RuleTrial>('POST', '/rules/trial', { switch: { name, is_on }, ...{ last, from, to } }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const put = useMutation({
    mutationFn: () => send('PUT', `/rules/${name}/switch`, { is_on }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['rules'] });
      client.removeQueries({ queryKey: ['rule-trial'] });
      onClose();
    },
  });
  const word = is_on ? 'on' : 'off';
  return (
    <Card withBorder padding="sm" mb="sm" aria-live="polite">
      <Group justify="space-between" mb={6}>
        <Title order={2}>
          If <HostileText text={title} limit={100} /> were switched {word}
        </Title>
        <Group gap="xs">
          <Button size="xs" loading={put.isPending} onClick={() => put.mutate()}>
            Switch it {word}
          </Button>
          <Button size="xs" variant="default" onClick={onClose}>
            Leave it
          </Button>
        </Group>
      </Group>
      {put.error !== null && <Problem error={put.error} trying_again={false} />}
      {error !== null && <Problem error={error} trying_again={false} />}
      {isFetching && data === undefined && <Waiting rows={4} />}
      {data !== undefined && (
        <>
          <Text size="sm" mb="xs">
            Tried on {countOf(data.events, 'event', undefined, number.format)} of the period: of{' '}
            {number.format(data.attacks)} attacks {number.format(data.changed)} would be judged differently
            {data.tools.length > 0 &&
              ` (${data.tools.map((one) => `${number.format(one.attacks)}: ${one.before} → ${one.after}`).join('; ')})`}
            . Nothing has been changed.
          </Text>
          {data.changed > 0 && <Examples trial={data} />}
          {data.changed > data.examples.length && (
            <Text size="xs" c="dimmed">
              The newest {data.examples.length} are shown.
            </Text>
          )}
          {data.changed > 0 && <Verdicts trial={data} />}
        </>
      )}
    </Card>
  );
}

function RuleTable({
  lines,
  think,
  edit,
  remove,
}: {
  lines: readonly RuleLine[];
  think: (thought: Thought) => void;
  edit?: (rule: StoredRule) => void;
  remove?: (name: string) => void;
}) {
  return (
    <Sheet heads={['Rule', 'Kind', 'Described by', 'State', '']}>
      {lines.map(({ name, title, kind, source, is_on, own }) => (
        <tr key={name}>
          <td>
            {own === undefined ? title : <HostileText text={title} limit={100} />}{' '}
            <span className="dim">{name}</span>
          </td>
          <td>{kind}</td>
          <td className="dim">{own === undefined ? source : <HostileText text={source} limit={120} />}</td>
          <td>
            <Badge size="sm" variant={is_on ? 'filled' : 'outline'} color={is_on ? 'teal' : 'gray'}>
              {is_on ? 'on' : 'off'}
            </Badge>
          </td>
          <td className="nowrap">
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`Try ${name} switched ${is_on ? 'off' : 'on'}`}
              onClick={() => think({ name, title, is_on: !is_on })}
            >
              Try it {is_on ? 'off' : 'on'}
            </Button>
            {own !== undefined && (
              <>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={`Change ${name}`}
                  onClick={() => edit?.(own)}
                >
                  Change
                </Button>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={`Remove ${name}`}
                  onClick={() => remove?.(name)}
                >
                  Remove
                </Button>
              </>
            )}
          </td>
        </tr>
      ))}
    </Sheet>
  );
}

export function RulesPage() {
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ['rules'], queryFn: () => get<Rules>('/rules') });
  const [thought, think] = useState<Thought | null>(null);
  const [edited, edit] = useState<StoredRule | 'new' | null>(null);
  const { found, field } = useFind(data?.built_in, 'a rule', ({ name, title, kind }) =>
    [name, title, kind].join(' '),
  );
  const remove = useMutation({
    mutationFn: (name: string) => send('DELETE', `/rules/${name}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['rules'] }),
  });
  return (
    <>
      <section className="filter-bar" aria-label="Filter">
        <Group gap="xs">
          <PeriodChooser />
          <Text size="sm">is the period on which a rule is tried</Text>
        </Group>
      </section>
      <Group justify="space-between" mb={4}>
        <Title order={1}>
          Rules of families {data !== undefined && <span className="dim">version {data.version}</span>}
        </Title>
        <Button size="xs" variant="default" onClick={() => edit('new')}>
          New rule
        </Button>
      </Group>
      <Text size="sm" mb="sm">
        A rule names the family or tool behind an attack by what stands in it. Try it first: attacks of the
        period are judged with and without it, and nothing is changed. Once it is switched, all attacks are
        judged again; what people decided stays.
      </Text>
      {remove.error !== null && <Problem error={remove.error} trying_again={false} />}
      {error !== null && data === undefined && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={12} />}
      {thought !== null && (
        <Trial key={`${thought.name} ${thought.is_on}`} thought={thought} onClose={() => think(null)} />
      )}
      {data !== undefined && (
        <>
          <Title order={2} mb={4}>
            Your own
          </Title>
          {data.own.length === 0 ? (
            <Empty title="There is no rule of your own yet" />
          ) : (
            <RuleTable
              lines={data.own.map((own) => ({ ...own, own }))}
              think={think}
              edit={edit}
              remove={remove.mutate}
            />
          )}
          <Group justify="space-between" className="section" mb={4}>
            <Title order={2}>That come with Apiary</Title>
            {field}
          </Group>
          <RuleTable lines={found} think={think} />
        </>
      )}
      {edited !== null && (
        <RuleForm rule={edited === 'new' ? undefined : edited} onClose={() => edit(null)} />
      )}
    </>
  );
}
