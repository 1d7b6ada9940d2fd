/** The attacks to which something belongs, with their incidents: a session, a source. */
import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { attacksQuery } from '../api.ts';
import type { Search } from '../search.ts';
import { AttackTable } from './attack-table.tsx';
import { Problem } from './state-boxes.tsx';

const number = new Intl.NumberFormat('en');

/** @param search which attacks, as the list of all attacks is asked */
export function AttacksOf({ search }: { search: Search }) {
  const { data, error } = useQuery(attacksQuery(search));
  if (data === undefined) return error === null ? null : <Problem error={error} />;
  return (
    <section className="section">
      <Title order={2} mb={4}>
        Attacks and incidents{' '}
        {data.total > 0 && (
          <Link to="/attacks" search={search} className="figure">
            {number.format(data.total)}
          </Link>
        )}
      </Title>
      {data.total === 0 ? (
        <Text size="sm" c="dimmed">
          Part of no attack: not analysed yet, or nobody's as far as can be told.
        </Text>
      ) : (
        <AttackTable attacks={data.attacks} rows_at_once={10} />
      )}
    </section>
  );
}
