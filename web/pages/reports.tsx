/** The catalogue of reports: global ones by question, local ones by the sensor type that knows the answer. */
import type { Report } from '@apiary/model/api/reports.ts';
import { Button, Card, SimpleGrid, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { me_query, reports_query, saved_query, send } from '../api.ts';
import { useFilter } from '../parts/filter-bar.tsx';
import { useFind } from '../parts/find-field.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { useNames } from '../parts/names.ts';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { carryFilter, type Search } from '../search.ts';

/** The order in which an analyst asks. */
const global_order = ['Over time', 'Sources', 'Targets', 'Credentials', 'Inside', 'New', 'Sensors'];

function Group({ title, reports, search }: { title: string; reports: Report[]; search: Search }) {
  return (
    <Card withBorder padding="sm">
      <Title order={2} mb={6}>
        {title}
      </Title>
      <ul className="report-list">
        {reports.map((report) => {
          const [kind = '', name = ''] = report.id.split('/');
          return (
            <li key={report.id}>
              <Link to="/reports/$kind/$name" params={{ kind, name }} search={search} title={report.question}>
                {report.title}
              </Link>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Saved() {
  const { data } = useQuery(saved_query);
  const me = useQuery(me_query);
  const client = useQueryClient();
  if (data === undefined || data.saved.length === 0) return null;
  const user = me.data?.user;
  const remove = async (saved_id: number): Promise<void> => {
    await send('DELETE', `/saved/${saved_id}`);
    await client.invalidateQueries(saved_query);
  };
  return (
    <>
      <h2 className="part">Saved</h2>
      <Card withBorder padding="sm" mb="sm">
        <ul className="report-list">
          {data.saved.map(({ saved_id, name, address, owner }) => (
            <li key={saved_id}>
              <a href={address}>
                <HostileText text={name} inside_link />
              </a>{' '}
              <span className="dim">by {owner}</span>{' '}
              {(owner === user?.name || user?.role === 'administrator') && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={`Remove ${name}`}
                  onClick={() => void remove(saved_id)}
                >
                  Remove
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

export function ReportsPage() {
  const { data, error } = useQuery(reports_query);
  const { inventory } = useNames();
  const { search: all } = useFilter();
  const search = carryFilter(all);
  const { found, field } = useFind(data?.reports, 'a report', ({ title, question, group }) =>
    [title, question, group].join(' '),
  );
  if (data === undefined) return error === null ? <Waiting rows={12} /> : <Problem error={error} />;
  const global = Map.groupBy(
    found.filter(({ kind }) => kind === 'global'),
    ({ group }) => group,
  );
  const here = new Set(inventory.sensors.map(({ type }) => type));
  const local = [
    ...Map.groupBy(
      found.filter(({ kind }) => kind === 'local'),
      ({ group }) => group,
    ),
  ];
  const is_here = ([, reports]: [string, Report[]]): boolean => here.has(reports[0]!.sensor_type ?? '');
  const in_order = [...global].sort(
    ([one], [other]) => global_order.indexOf(one) - global_order.indexOf(other),
  );
  return (
    <>
      <Title order={1} mb="xs">
        Reports
      </Title>
      {field}
      <Saved />
      {found.length === 0 && <Empty title="No report of that name">Try a shorter word.</Empty>}
      {in_order.length > 0 && <h2 className="part">Over all honeypots, or any of them</h2>}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="sm">
        {in_order.map(([title, reports]) => (
          <Group key={title} title={title} reports={reports} search={search} />
        ))}
      </SimpleGrid>
      {local.some(is_here) && <h2 className="part">By what each sensor type knows</h2>}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="sm">
        {local.filter(is_here).map(([title, reports]) => (
          <Group key={title} title={title} reports={reports} search={search} />
        ))}
      </SimpleGrid>
      {local.some((group) => !is_here(group)) && (
        <details className="section">
          <summary>Sensor types of which there is no sensor yet</summary>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="sm" mt="sm">
            {local
              .filter((group) => !is_here(group))
              .map(([title, reports]) => (
                <Group key={title} title={title} reports={reports} search={search} />
              ))}
          </SimpleGrid>
        </details>
      )}
    </>
  );
}
