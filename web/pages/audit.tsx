/** Who did what, and when. */
import type { Audit } from '@apiary/model/api/audit.ts';
import { Group, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { auditQuery } from '../api.ts';
import { useFilter } from '../parts/filter-bar.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';
import { listOf, type Search } from '../search.ts';

const fields = [
  ['actor', 'Who'],
  ['verb', 'Did'],
  ['subject', 'What contains'],
] as const;

function Changes({ audit, search }: { audit: Audit; search: Search }) {
  return (
    <Sheet heads={['Time', 'Who', 'Did', 'What', 'Details']}>
      {audit.changes.map(({ change_id, at_ms, actor, verb, subject, details }) => (
        <tr key={change_id}>
          <td className="nowrap">
            <Time time={at_ms} />
          </td>
          <td className="nowrap">
            <Link to="/audit" search={{ ...search, actor }}>
              <HostileText text={actor} limit={60} inside_link />
            </Link>
          </td>
          <td className="nowrap">
            <Link to="/audit" search={{ ...search, verb }}>
              {verb}
            </Link>
          </td>
          <td>
            <HostileText text={subject} limit={120} />
          </td>
          <td className="words">{details !== '{}' && <HostileText text={details} limit={200} />}</td>
        </tr>
      ))}
    </Sheet>
  );
}

export function AuditPage() {
  const { search, change } = useFilter();
  const asked: Search = Object.fromEntries(
    ['actor', 'verb', 'subject', 'before'].map((name) => [name, search[name]]),
  );
  const { data, error } = useQuery(auditQuery(asked));
  const { before: _, ...kept } = asked;
  return (
    <>
      <Title order={1} mb="xs">
        Who did what
      </Title>
      <Group gap="xs" mb="sm" align="flex-end">
        {fields.map(([name, label]) => (
          <TextInput
            key={`${name} ${listOf(search[name])[0] ?? ''}`}
            size="xs"
            label={label}
            defaultValue={listOf(search[name])[0] ?? ''}
            onBlur={(event) => change({ [name]: event.currentTarget.value || undefined })}
            onKeyDown={(event) => {
              if (event.key === 'Enter') change({ [name]: event.currentTarget.value || undefined });
            }}
          />
        ))}
        {Object.values(kept).some((value) => value !== undefined) && (
          <Link className="link-button" to="/audit">
            All
          </Link>
        )}
      </Group>
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={14} />}
      {data?.changes.length === 0 && <Empty title="Nothing fits">Nobody did such a thing.</Empty>}
      {data !== undefined && data.changes.length > 0 && <Changes audit={data} search={kept} />}
      {data?.next != null && (
        <Group justify="center" my="sm">
          <Link className="link-button" to="/audit" search={{ ...kept, before: String(data.next) }}>
            Older
          </Link>
        </Group>
      )}
    </>
  );
}
