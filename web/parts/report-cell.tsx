/** A cell of a report: as its column wants it, with a way to the events behind it. */
import type { Cell, ReportAnswer } from '@apiary/model/api/reports.ts';
import { Link } from '@tanstack/react-router';
import type { Search } from '../search.ts';
import { HostileText } from './hostile-text.tsx';
import { countryName, useNames } from './names.ts';
import { Time } from './time.tsx';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 4 });
const longest_link = 1000;

interface ReportCellProps {
  answer: ReportAnswer;
  row: readonly Cell[];
  column: number;
  cell: Cell;
  /** The filter of the page, as its events have it. */
  search: Search;
}

/** What a row's linked columns ask for together: a count of it links to exactly its events. */
function rowSearch(answer: ReportAnswer, row: readonly Cell[]): Search | null {
  const parts = answer.report.columns.flatMap(({ link }, index): [string, string][] =>
    link === null ? [] : [[link, String(row[index])]],
  );
  const names = new Set(parts.map(([name]) => name));
  const time = answer.report.columns.findIndex(
    ({ name }, index) => name === 'time' && answer.kinds[index] === 'time',
  );
  if (time !== -1) {
    const from_ms = Date.parse(String(row[time]));
    const end_ms = Math.min(from_ms + answer.bucket_seconds * 1000, Date.parse(answer.period.to));
    const begin_ms = Math.max(from_ms, Date.parse(answer.period.from));
    parts.push(['from', new Date(begin_ms).toISOString()], ['to', new Date(end_ms).toISOString()]);
    names.add('from').add('to');
  }
  const too_long = parts.some(([, value]) => value.length > longest_link);
  return parts.length === 0 || names.size < parts.length || too_long ? null : Object.fromEntries(parts);
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
    const all = answer.report.columns[column]!.name === 'events' ? rowSearch(answer, row) : null;
    return all === null ? (
      plain
    ) : (
      <Link
        to="/events"
        search={{ ...search, ...all, ...(all.from === undefined ? {} : { last: undefined }) }}
      >
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
