/** Collectors and how they are. */
import type { CollectorHealth } from '@apiary/model/api/sensors.ts';
import { Table } from '@mantine/core';
import type { CSSProperties } from 'react';
import { condition_colors } from '../theme.ts';
import { showBytes } from './bytes.ts';
import { HostileText } from './hostile-text.tsx';
import { Empty } from './state-boxes.tsx';
import { Time } from './time.tsx';

const number = new Intl.NumberFormat('en');

const collector_colors = { connected: 'live', unknown: 'unknown', never: 'never', revoked: 'dead' } as const;

const not_known = <span className="dim">not known</span>;

export function Collectors({ collectors, now_ms }: { collectors: CollectorHealth[]; now_ms: number }) {
  if (collectors.length === 0)
    return <Empty title="No collectors">On the server: npm run -s apiary -- collector add NAME</Empty>;
  return (
    <div className="table-scroll">
      <Table className="dense">
        <Table.Thead>
          <Table.Tr>
            {[
              'State',
              'Collector',
              'Lives in',
              'Heartbeat',
              'Clock',
              'Spool',
              'Memory',
              'Certificate',
              'Refused',
            ].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {collectors.map((one) => (
            <Table.Tr key={one.collector_id}>
              <Table.Td>
                <span
                  className={`condition ${collector_colors[one.state]}`}
                  style={{ '--mark': condition_colors[collector_colors[one.state]] } as CSSProperties}
                >
                  {one.state}
                </span>
              </Table.Td>
              <Table.Td>
                {one.name} <span className="dim">{one.version}</span>
              </Table.Td>
              <Table.Td>{one.lives_in}</Table.Td>
              <Table.Td>
                {one.received_ms === null ? 'never' : <Time time={one.received_ms} ago_of={now_ms} />}
              </Table.Td>
              <Table.Td>
                {!one.clock_measured ? (
                  not_known
                ) : one.clock_offset_ms === null ? (
                  <span className="dim">right</span>
                ) : (
                  <strong>
                    {(Math.abs(one.clock_offset_ms) / 1000).toFixed(1)} s{' '}
                    {one.clock_offset_ms > 0 ? 'slow' : 'fast'}
                  </strong>
                )}
              </Table.Td>
              <Table.Td className="figure">
                {one.spool_bytes === null || one.spool_bytes_max === null ? (
                  not_known
                ) : (
                  <>
                    {showBytes(one.spool_bytes)}{' '}
                    <span className="dim">of {showBytes(one.spool_bytes_max)}</span>
                  </>
                )}
              </Table.Td>
              <Table.Td className="figure">
                {one.memory_bytes === null ? not_known : showBytes(one.memory_bytes)}
              </Table.Td>
              <Table.Td>
                {one.certificate_ends_ms === null ? (
                  ''
                ) : (
                  <>
                    until <Time time={one.certificate_ends_ms} />
                  </>
                )}
              </Table.Td>
              <Table.Td>
                {one.refusals.map((refusal) => (
                  <div key={`${refusal.sensor} ${refusal.reason}`} title={refusal.last_message}>
                    {number.format(refusal.count)} × {refusal.reason}{' '}
                    {refusal.sensor !== '' && <HostileText text={refusal.sensor} limit={40} />}
                  </div>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
