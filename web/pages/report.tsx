/** One report: its form, its chart, its table, and ways to keep it. */
import { Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { reportQuery } from '../api.ts';
import { FilterBar, useFilter } from '../parts/filter-bar.tsx';
import { Completeness, Keep, ReportBody } from '../parts/report-body.tsx';
import { SaveQuestion } from '../parts/save-question.tsx';
import { Problem, Waiting } from '../parts/state-boxes.tsx';
import { keepFilter } from '../search.ts';

export function ReportPage() {
  const { kind = '', name = '' } = useParams({ strict: false });
  const filter = useFilter();
  const search = keepFilter(filter.search);
  const { data, error } = useQuery(reportQuery(`${kind}/${name}`, search));
  return (
    <>
      <FilterBar />
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={14} />}
      {data !== undefined && (
        <>
          <Group justify="space-between" align="baseline" gap="xs">
            <Title order={1}>
              <Link to="/reports" search={search} className="dim">
                Reports
              </Link>{' '}
              / {data.report.title}
            </Title>
            <Group gap={6}>
              <SaveQuestion name={data.report.title} />
              <Keep path={`/reports/${kind}/${name}`} search={search} />
            </Group>
          </Group>
          <Text size="sm" mb={4}>
            {data.report.question}
          </Text>
          <Completeness answer={data} />
          <ReportBody answer={data} search={search} />
        </>
      )}
    </>
  );
}
