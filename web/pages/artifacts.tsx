/** Whole files whose bytes have come, newest first. */
import { Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { artifacts_query } from '../api.ts';
import { showBytes } from '../parts/bytes.ts';
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
        <div className="table-scroll">
          <Table className="dense" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>SHA-256</Table.Th>
                <Table.Th className="figure">Size</Table.Th>
                <Table.Th>Came</Table.Th>
                <Table.Th>From sensors</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.artifacts.map(({ sha256, size, stored_ms, receipts }) => (
                <Table.Tr key={sha256}>
                  <Table.Td className="nowrap">
                    <Link to="/files/$sha256" params={{ sha256 }}>
                      <code>{sha256.slice(0, 24)}…</code>
                    </Link>
                  </Table.Td>
                  <Table.Td className="figure nowrap">{showBytes(size)}</Table.Td>
                  <Table.Td className="nowrap">
                    <Time time={iso(stored_ms)} />
                  </Table.Td>
                  <Table.Td>{[...new Set(receipts.map(({ sensor }) => sensor))].join(', ')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </>
  );
}
