/** Collectors and how they are. */
import type { CollectorHealth } from '@apiary/model/api/sensors.ts';

import type { CSSProperties } from 'react';
import { condition_colors } from '../theme.ts';
import { showBytes } from './bytes.ts';
import { HostileText } from './hostile-text.tsx';
import { useRows } from './more-rows.tsx';
import { Sheet } from './sheet.tsx';
import { Empty } from './state-boxes.tsx';
import { Time } from './time.tsx';

const number = new Intl.NumberFormat('en');

const collector_colors = {
  connected: 'live',
  unknown: 'unknown',
  never: 'never',
  revoked: 'dead',
  idle: 'imported',
} as const;

const rows_at_once = 200;
const not_known = <span className="dim">not known</span>;

export function Collectors({ collectors, now_ms }: { collectors: CollectorHealth[]; now_ms: number }) {
  const { shown, more } = useRows(collectors, rows_at_once);
  if (collectors.length === 0)
    return <Empty title="No collectors">On the server: npm run -s apiary -- collector add NAME</Empty>;
  return (
    <>
      <Sheet
        heads={[
          'State',
          'Collector',
          'Lives in',
          'Heartbeat',
          'Clock',
          'Spool',
          'Memory',
          'Certificate',
          'Refused',
        ]}
      >
        {shown.map((one) => (
          <tr key={one.collector_id}>
            <td>
              <span
                className={`condition ${collector_colors[one.state]}`}
                style={{ '--mark': condition_colors[collector_colors[one.state]] } as CSSProperties}
              >
                {one.state}
              </span>
            </td>
            <td>
              {one.name}{' '}
              <span className="dim">{one.state === 'idle' ? 'no import goes on' : one.version}</span>
            </td>
            <td>{one.lives_in}</td>
            <td>{one.received_ms === null ? 'never' : <Time time={one.received_ms} ago_of={now_ms} />}</td>
            <td>
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
            </td>
            <td className="figure">
              {one.spool_bytes === null || one.spool_bytes_max === null ? (
                not_known
              ) : (
                <>
                  {showBytes(one.spool_bytes)}{' '}
                  <span className="dim">of {showBytes(one.spool_bytes_max)}</span>
                </>
              )}
            </td>
            <td className="figure">{one.memory_bytes === null ? not_known : showBytes(one.memory_bytes)}</td>
            <td>
              {one.certificate_ends_ms === null ? (
                ''
              ) : (
                <>
                  until <Time time={one.certificate_ends_ms} />
                </>
              )}
            </td>
            <td>
              {one.refusals.map((refusal) => (
                <div key={`${refusal.sensor} ${refusal.reason}`} title={refusal.last_message}>
                  {number.format(refusal.count)} × {refusal.reason}{' '}
                  {refusal.sensor !== '' && <HostileText text={refusal.sensor} limit={40} />}
                </div>
              ))}
            </td>
          </tr>
        ))}
      </Sheet>
      {more}
    </>
  );
}
