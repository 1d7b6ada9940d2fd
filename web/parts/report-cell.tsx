/** A cell of a report: as its column wants it, with a way to the events behind it. */
import type { Cell, ReportAnswer } from '@apiary/model/api/reports.ts';
import { groups_max } from '@apiary/model/explore.ts';
import { counted_by, longest_link, rowSearch } from '@apiary/model/report-links.ts';
import { Link } from '@tanstack/react-router';
import type { Search } from '../search.ts';
import { HostileText } from './hostile-text.tsx';
import { countryName, useNames } from './names.ts';
import { Time } from './time.tsx';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 4 });

interface ReportCellProps {
  answer: ReportAnswer;
  row: readonly Cell[];
  column: number;
  cell: Cell;
  /** The filter of the page, as its events have it. */
  search: Search;
}

function Plain({ answer, column, cell }: Pick<ReportCellProps, 'answer' | 'column' | 'cell'>) {
  const names = useNames();
  const kind = answer.kinds[column];
  if (kind === 'count') return <>{number.format(Number(cell))}</>;
  if (kind === 'sensor') return <>{names.sensor(Number(cell))}</>;
  if (kind === 'country') return <>{countryName(String(cell))}</>;
  if (kind === 'time') return <Time time={String(cell)} />;
  if (cell === '') return <span className="dim">not known</span>;
  return (
    <HostileText text={String(cell)} limit={200} inside_link={answer.report.columns[column]?.link !== null} />
  );
}

export function ReportCell({ answer, row, column, cell, search }: ReportCellProps) {
  const { link } = answer.report.columns[column]!;
  const plain = <Plain answer={answer} column={column} cell={cell} />;
  const text = String(cell);
  if (answer.kinds[column] === 'count') {
    const { name } = answer.report.columns[column]!;
    // A local report counts records, which Explore does not know.
    const by = answer.report.sensor_type === null ? counted_by[name] : undefined;
    const all = name === 'events' || by !== undefined ? rowSearch(answer, row) : null;
    if (all === null) return plain;
    const asked = { ...search, ...all, ...(all.from === undefined ? {} : { last: undefined }) };
    return by === undefined ? (
      <Link to="/events" search={asked}>
        {plain}
      </Link>
    ) : (
      <Link to="/explore" search={{ ...asked, by: [...by], top: String(groups_max) }}>
        {plain}
      </Link>
    );
  }
  if (link === null || text === '' || text.length > longest_link) return plain;
  if (link === 'attacker_ip')
    return (
      <Link to="/sources/$address" params={{ address: text }} search={search}>
        {plain}
      </Link>
    );
  return (
    <Link to="/events" search={{ ...search, [link]: text }}>
      {plain}
    </Link>
  );
}
