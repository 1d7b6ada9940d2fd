/** The most frequent values, each a link to its events. */

import type { Counted } from '@apiary/model/api/overview.ts';
import type { EqualColumn } from '@apiary/model/filter-columns.ts';
import { Card, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Search } from '../search.ts';
import { filterFor } from './columns.ts';
import { HostileText } from './hostile-text.tsx';
import { countryName } from './names.ts';

const number = new Intl.NumberFormat('en');

interface TopListProps {
  title: string;
  column: EqualColumn;
  counted: Counted[];
  search: Search;
  /** Said where there is none. */
  empty: string;
  rows_max?: number;
  /** The numbers count every vantage, not the honeypots' alone. */
  any_vantage?: boolean;
}

export function TopRows({
  title,
  column,
  counted,
  search,
  empty,
  rows_max = 10,
  any_vantage = false,
}: TopListProps) {
  const most = Math.max(1, ...counted.map(({ events }) => events));
  if (counted.length === 0) return <p className="dim small">{empty}</p>;
  return (
    <ol className="top-list" aria-label={title}>
      {counted.slice(0, rows_max).map(({ value, events }) => (
        <li key={value}>
          <Link
            to="/events"
            search={{
              ...search,
              ...(any_vantage ? {} : { vantage: 'honeypot' }),
              ...filterFor(column, value),
            }}
          >
            <span className="bar" style={{ width: `${(events / most) * 100}%` }} />
            <span className="value">
              {column === 'attacker_country' ? (
                countryName(value)
              ) : value === '' ? (
                <span className="dim">not known</span>
              ) : (
                <HostileText text={value} limit={80} inside_link />
              )}
            </span>
            <span className="figure">{number.format(events)}</span>
          </Link>
        </li>
      ))}
    </ol>
  );
}

export function TopList(props: TopListProps) {
  return (
    <Card withBorder padding="sm">
      <Title order={2} mb={6}>
        {props.title}
      </Title>
      <TopRows {...props} />
    </Card>
  );
}
