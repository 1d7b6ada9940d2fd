/** Attacks of a period by the words of the taxonomy: what stands behind each of its counts. */
import type { Attacks } from '@apiary/model/api/incidents.ts';
import { results, stages, tools, weaknesses } from '@apiary/model/taxonomy.ts';
import { Button, Card, Group, Pill, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { attacksQuery } from '../api.ts';
import { AttackTable } from '../parts/attack-table.tsx';
import { useFilter } from '../parts/filter-bar.tsx';
import { PeriodChooser } from '../parts/period-chooser.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { WordChooser } from '../parts/word-chooser.tsx';
import { listOf } from '../search.ts';

const number = new Intl.NumberFormat('en');
const page_rows = 50;
/** Words that are many, so that they come by a link and can be taken away. */
const by_link = ['family', 'technique', 'service', 'source', 'session'] as const;

function AttackFilters() {
  const { search, change } = useFilter();
  return (
    <section className="filter-bar" aria-label="Filter">
      <Group gap={6}>
        <PeriodChooser />
        <WordChooser name="tool" title="Any tool" words={tools} />
        <WordChooser name="weakness" title="Any vulnerability" words={weaknesses} />
        <WordChooser name="stage" title="However far" words={stages} />
        <WordChooser name="result" title="Any result" words={results} />
        {by_link.flatMap((name) => {
          const [value] = listOf(search[name]);
          return value === undefined
            ? []
            : [
                <Pill
                  key={name}
                  withRemoveButton
                  removeButtonProps={{ 'aria-label': `Without ${name} ${value}`, 'aria-hidden': false }}
                  onRemove={() => change({ [name]: undefined, offset: undefined })}
                >
                  {name} {value}
                </Pill>,
              ];
        })}
      </Group>
    </section>
  );
}

function Turning({ data, offset }: { data: Attacks; offset: number }) {
  const { change } = useFilter();
  if (data.total <= page_rows && offset === 0) return null;
  return (
    <Group gap="xs" mt="xs">
      {offset > 0 && (
        <Button
          size="xs"
          variant="default"
          onClick={() => change({ offset: offset > page_rows ? String(offset - page_rows) : undefined })}
        >
          Before
        </Button>
      )}
      {offset + page_rows < data.total && (
        <Button size="xs" variant="default" onClick={() => change({ offset: String(offset + page_rows) })}>
          Next
        </Button>
      )}
      <Text size="xs" c="dimmed">
        {offset + 1} – {Math.min(offset + page_rows, data.total)}
      </Text>
    </Group>
  );
}

export function AttacksPage() {
  const { search } = useFilter();
  const { data, error } = useQuery(attacksQuery(search));
  const offset = Number(listOf(search.offset)[0] ?? 0);
  return (
    <>
      <AttackFilters />
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={14} />}
      {data !== undefined && (
        <>
          <Title order={1} mb="xs" data-testid="attacks-count">
            <span className="figure">{number.format(data.total)}</span>{' '}
            {data.total === 1 ? 'attack' : 'attacks'}
          </Title>
          <Card withBorder padding="sm">
            {data.attacks.length === 0 ? (
              <Empty title="No attacks in this period">
                Events become attacks some seconds after they came. Choose a longer period or fewer filters.
              </Empty>
            ) : (
              <AttackTable key={JSON.stringify(search)} attacks={data.attacks} rows_at_once={page_rows} />
            )}
          </Card>
          <Turning data={data} offset={offset} />
        </>
      )}
    </>
  );
}
