/** Whole files whose bytes have come, newest first. */
import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { artifacts_query } from '../api.ts';
import { showBytes } from '../parts/bytes.ts';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';

const iso = (ms: number): string => new Date(ms).toISOString();

export function ArtifactsPage() {
  const { data, error } = useQuery(artifacts_query);
  return (
    <>
      <Title order={1} mb="xs">
        Files
      </Title>
      {error !== null && <Problem error={error} />}
      {data === undefined && error === null && <Waiting rows={14} />}
      {data?.artifacts.length === 0 && (
        <Empty title="No file has come yet">
          Terminal recordings, downloads, malware and captures appear here when a sensor has a path for them:
          see the page of its type under Sensor types of the documentation.
        </Empty>
      )}
      {data !== undefined && data.artifacts.length > 0 && (
        <Sheet heads={['SHA-256', { title: 'Size', is_number: true }, 'Came', 'From sensors']}>
          {data.artifacts.map(({ sha256, size, stored_ms, receipts }) => (
            <tr key={sha256}>
              <td className="nowrap">
                <Link to="/files/$sha256" params={{ sha256 }}>
                  <code>{sha256.slice(0, 24)}…</code>
                </Link>
              </td>
              <td className="number">{showBytes(size)}</td>
              <td className="nowrap">
                <Time time={iso(stored_ms)} />
              </td>
              <td>{[...new Set(receipts.map(({ sensor }) => sensor))].join(', ')}</td>
            </tr>
          ))}
        </Sheet>
      )}
      {data?.is_cut === true && (
        <Text size="xs" c="dimmed" mt="xs">
          The newest {data.artifacts.length}. Older ones are found by their SHA-256 in the search box, and
          from their events and sessions.
        </Text>
      )}
    </>
  );
}
