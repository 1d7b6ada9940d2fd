/** SQL for those who want it: one SELECT over listed tables, with the schema beside it. */
import type { SqlAnswer, SqlSchema } from '@apiary/model/api/sql.ts';
import { Button, Card, Group, Kbd, SimpleGrid, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { send, sql_schema_query } from '../api.ts';
import { showBytes } from '../parts/bytes.ts';
import { HostileText } from '../parts/hostile-text.tsx';
import { SaveQuestion } from '../parts/save-question.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { listOf, type Search } from '../search.ts';

const number = new Intl.NumberFormat('en');
const example = `SELECT service, count() AS events, uniqExact(attacker_ip) AS sources
FROM event
WHERE detect_ts >= now() - INTERVAL 7 DAY
GROUP BY service
ORDER BY events DESC
LIMIT 20`;
const shown_max = 500;

function Answer({ answer }: { answer: SqlAnswer }) {
  if (answer.rows.length === 0)
    return <Empty title="No rows">The statement ran, and nothing fits what it asks for.</Empty>;
  return (
    <>
      <Text size="xs" c="dimmed" mb={4}>
        {number.format(answer.rows.length)} rows in {number.format(answer.milliseconds)} ms
        {answer.is_cut && '; there are more than are given'}
        {answer.rows.length > shown_max && `; the first ${shown_max} are shown`}
      </Text>
      <Sheet heads={answer.columns.map(({ name, type }) => ({ title: name, hint: type }))}>
        {answer.rows.slice(0, shown_max).map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer keep their order
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={answer.columns[column]!.name} data-head={answer.columns[column]!.name}>
                <HostileText text={String(cell)} limit={300} />
              </td>
            ))}
          </tr>
        ))}
      </Sheet>
    </>
  );
}

function Schema({ schema }: { schema: SqlSchema }) {
  const { rows, seconds, memory_bytes } = schema.limits;
  return (
    <Card withBorder padding="sm">
      <Title order={2} mb={6}>
        What it may read
      </Title>
      <Text size="xs" c="dimmed" mb={6}>
        One SELECT, with WITH, JOIN, UNION and window functions; no comments, settings, formats or table
        functions. At most {number.format(rows)} rows, {seconds} seconds and {showBytes(memory_bytes)} of
        memory.
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="schema" tabIndex={0}>
        {schema.tables.map(({ name, comment, columns }) => (
          <details key={name}>
            <summary>
              <code>{name}</code> <span className="dim">{comment}</span>
            </summary>
            <table className="dense plain-list">
              <tbody>
                {columns.map((column) => (
                  <tr key={column.name}>
                    <td>
                      <code>{column.name}</code>
                    </td>
                    <td className="dim">{column.comment}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        ))}
      </div>
    </Card>
  );
}

export function SqlPage() {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const [query, setQuery] = useState(listOf(search.query)[0] ?? example);
  const schema = useQuery(sql_schema_query);
  const run = useMutation({ mutationFn: (text: string) => send<SqlAnswer>('POST', '/sql', { query: text }) });
  const ask = (): void => {
    void navigate({ to: '.', search: { query }, replace: true });
    run.mutate(query);
  };
  return (
    <>
      <Group justify="space-between" align="baseline" gap="xs">
        <Title order={1}>SQL</Title>
        <SaveQuestion name="A statement" />
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm" mt="xs">
        <div>
          <Textarea
            aria-label="Statement"
            autosize
            minRows={8}
            maxRows={24}
            spellCheck={false}
            className="statement"
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                ask();
              }
            }}
          />
          <Group gap="xs" my="xs">
            <Button size="xs" onClick={ask} loading={run.isPending} disabled={query.trim() === ''}>
              Run
            </Button>
            <Text size="xs" c="dimmed">
              <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd>
            </Text>
          </Group>
          {run.error !== null && <Problem error={run.error} trying_again={false} />}
        </div>
        {schema.data === undefined ? (
          schema.error === null ? (
            <Waiting rows={8} />
          ) : (
            <Problem error={schema.error} />
          )
        ) : (
          <Schema schema={schema.data} />
        )}
      </SimpleGrid>
      {run.data !== undefined && (
        <section className="section">
          <Answer answer={run.data} />
        </section>
      )}
    </>
  );
}
