/** What every report shows: how complete it is, its chart, its table, and ways to keep it. */
import type { Cell, ReportAnswer } from '@apiary/model/api/reports.ts';
import { showsSilence } from '@apiary/model/report-chart.ts';
import { report_formats } from '@apiary/model/report-kinds.ts';
import { Button, Card, Menu, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { type Search, searchText } from '../search.ts';
import { useNames } from './names.ts';
import { ReportCell } from './report-cell.tsx';
import { Sheet } from './sheet.tsx';
import { Empty } from './state-boxes.tsx';
import { showLocal, zone } from './time.tsx';

const ReportChart = lazy(() =>
  import('./report-chart.tsx').then((module) => ({ default: module.ReportChart })),
);
const rows_at_once = 100;

/** Local reports' sensors are of one type: a filter that follows a link has to say it. */
const linkSearch = (search: Search, answer: ReportAnswer): Search => ({
  ...search,
  ...(answer.report.sensor_type === null ? {} : { sensor_type: answer.report.sensor_type }),
  ...(answer.report.any_vantage || search.vantage !== undefined ? {} : { vantage: 'honeypot' }),
});

const columnTitle = (name: string): string => name.replaceAll('_', ' ');

function Rows({ answer, search }: { answer: ReportAnswer; search: Search }) {
  const [shown, setShown] = useState(rows_at_once);
  const { columns } = answer.report;
  const linked = linkSearch(search, answer);
  return (
    <>
      <Sheet
        heads={columns.map(({ name, meaning }, index) => ({
          title: columnTitle(name),
          hint: meaning,
          is_number: answer.kinds[index] === 'count',
        }))}
      >
        {answer.rows.slice(0, shown).map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer keep their order
          <tr key={index}>
            {row.map((cell, column) => (
              <td
                key={columns[column]!.name}
                data-head={columnTitle(columns[column]!.name)}
                className={answer.kinds[column] === 'count' ? 'number' : ''}
              >
                <ReportCell answer={answer} row={row} column={column} cell={cell} search={linked} />
              </td>
            ))}
          </tr>
        ))}
      </Sheet>
      {answer.rows.length > shown && (
        <Button size="xs" variant="default" mt="xs" onClick={() => setShown(shown + 10 * rows_at_once)}>
          Show more: {answer.rows.length - shown} rows are left
        </Button>
      )}
      {answer.is_cut && (
        <Text size="xs" c="dimmed" mt={4}>
          The report gives its first {answer.rows.length} rows; there are more.
        </Text>
      )}
    </>
  );
}

export function Completeness({ answer }: { answer: ReportAnswer }) {
  const names = useNames();
  const expired = answer.silences.find(({ kind }) => kind === 'expired');
  const silent = answer.silences.filter(({ kind }) => kind !== 'expired');
  const sensors = [...new Set(silent.map(({ sensor_id }) => sensor_id))];
  return (
    <Text size="xs" c="dimmed" mb="xs">
      {showLocal(answer.period.from)} – {showLocal(answer.period.to)} {zone}.
      {!answer.report.any_vantage && ' As the honeypots saw it.'}{' '}
      {sensors.length === 0 ? (
        'No sensor was silent.'
      ) : (
        <strong>
          Not complete: {sensors.slice(0, 6).map(names.sensor).join(', ')}
          {sensors.length > 6 && ` and ${sensors.length - 6} more`} {sensors.length === 1 ? 'was' : 'were'}{' '}
          silent or lost something in it{showsSilence(answer) && ': grey in the chart'}.
        </strong>
      )}
      {expired !== undefined && (
        <strong data-testid="expired">
          {' '}
          The period begins before {showLocal(expired.to)}: single events and records from before have
          expired.
        </strong>
      )}
      {answer.ignored.length > 0 && (
        <strong> This report cannot follow: {answer.ignored.join(', ').replaceAll('_', ' ')}.</strong>
      )}
    </Text>
  );
}

/** @param path of the answer in the API */
export function Keep({ path, search }: { path: string; search: Search }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default">
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {report_formats.map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={`/api/v1${path}/file${searchText({ ...search, format })}`}
            download
          >
            {format === 'html' ? 'HTML, to send and print' : format.toUpperCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** @param search the filter of the page */
export function ReportBody({ answer, search }: { answer: ReportAnswer; search: Search }) {
  const names = useNames();
  const show = (cell: Cell, column: number): string =>
    answer.kinds[column] === 'sensor' ? names.sensor(Number(cell)) : String(cell);
  if (answer.rows.length === 0)
    return (
      <Card withBorder>
        <Empty title="Nothing to report">
          Nothing in this period fits. Choose a longer period or fewer filters.
        </Empty>
      </Card>
    );
  return (
    <>
      {answer.report.chart.kind !== 'table' && (
        <Card withBorder padding="sm" mb="sm">
          <Suspense fallback={<div className="chart-space" />}>
            <ReportChart answer={answer} show={show} search={linkSearch(search, answer)} />
          </Suspense>
        </Card>
      )}
      <Card withBorder padding="sm">
        <Rows answer={answer} search={search} />
      </Card>
    </>
  );
}
