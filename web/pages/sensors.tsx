/** Which sensors are alive, how far behind, what was refused and lost. */
import type { SensorCondition, SensorHealth } from '@apiary/model/api/sensors.ts';
import { judgeUnderstanding } from '@apiary/model/understanding.ts';
import { Group, SegmentedControl, Text, Title, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
import { Fragment, type ReactNode, useState } from 'react';
import { sensors_query } from '../api.ts';
import { showBytes } from '../parts/bytes.ts';
import { Collectors } from '../parts/collectors.tsx';
import { useFilter } from '../parts/filter-bar.tsx';
import { useFind } from '../parts/find-field.tsx';
import { Gateways } from '../parts/gateways.tsx';
import { HostileText } from '../parts/hostile-text.tsx';
import { useRows } from '../parts/more-rows.tsx';
import { Notices } from '../parts/notices.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { showSpan, Time } from '../parts/time.tsx';
import { condition_colors } from '../theme.ts';

const number = new Intl.NumberFormat('en');
/** Worst first. */
const order: readonly SensorCondition[] = [
  'dead',
  'failing',
  'missing',
  'unknown',
  'never',
  'quiet',
  'live',
  'imported',
];
/** What stands not under *Not live*: nobody expects anything of what was only imported. */
const is_well: ReadonlySet<SensorCondition> = new Set(['live', 'imported']);
const meanings: Record<SensorCondition, string> = {
  live: 'Its source was written lately.',
  quiet: 'The collector is alive and follows the source; nothing new came.',
  missing: 'A source that is configured is not there.',
  dead: "The honeypot's process or port is gone.",
  failing: 'The reader of its source has an error.',
  unknown: 'No heartbeat of its collector: nothing is known.',
  never: 'No collector has reported it yet.',
  imported: 'What it has came by an import; no collector follows it.',
};

function Condition({ sensor }: { sensor: SensorHealth }) {
  const { condition } = sensor;
  return (
    <span
      className={`condition ${condition}`}
      style={{ '--mark': condition_colors[condition] } as CSSProperties}
      title={meanings[condition]}
    >
      {condition}
    </span>
  );
}

function Details({ sensor }: { sensor: SensorHealth }) {
  return (
    <div className="sensor-details">
      <Text size="sm">
        {meanings[sensor.condition]} {sensor.detail !== '' && <HostileText text={sensor.detail} />}
      </Text>
      <Text size="sm" c="dimmed">
        Read {number.format(sensor.read)}, acknowledged {number.format(sensor.acknowledged)}, waiting{' '}
        {number.format(sensor.waiting_records)} ({showBytes(sensor.waiting_bytes)}), cut{' '}
        {number.format(sensor.cut)}, lost {number.format(sensor.lost)}, refused{' '}
        {number.format(sensor.refused)}.{' '}
        <Link to="/events" search={{ sensor: String(sensor.sensor_id) }}>
          Its events
        </Link>
      </Text>
      {sensor.not_understood !== null && (
        <Text size="sm">
          {judgeUnderstanding(sensor.not_understood).told}, counted{' '}
          <Time time={sensor.not_understood.looked_ms} />.
        </Text>
      )}
      {sensor.refusals.map((refusal) => (
        <Text size="sm" key={refusal.reason}>
          Refused {number.format(refusal.count)} × {refusal.reason}, last <Time time={refusal.last_ms} />:{' '}
          <HostileText text={refusal.last_message} />
        </Text>
      ))}
      {sensor.gaps.map((gap) => (
        <Text size="sm" key={`${gap.stream} ${gap.from_place} ${gap.to_place} ${gap.reason}`}>
          Gap in <HostileText text={gap.source} /> from place {gap.from_place} to {gap.to_place}: {gap.reason}
          , noticed <Time time={gap.noticed_ms} />
        </Text>
      ))}
    </div>
  );
}

function SensorRows({ sensors, now_ms }: { sensors: readonly SensorHealth[]; now_ms: number }) {
  const [open, setOpen] = useState<number | null>(null);
  const figure = (value: number, bad: boolean): ReactNode =>
    value === 0 ? (
      <span className="dim">0</span>
    ) : bad ? (
      <strong>{number.format(value)}</strong>
    ) : (
      number.format(value)
    );
  return sensors.map((sensor) => {
    const refused = sensor.refusals.reduce((sum, refusal) => sum + refusal.count, sensor.refused);
    const understood = sensor.not_understood === null ? null : judgeUnderstanding(sensor.not_understood);
    return (
      <Fragment key={sensor.sensor_id}>
        <tr>
          <td>
            <Condition sensor={sensor} />
          </td>
          <td className="nowrap">
            <UnstyledButton
              className="show-all"
              aria-expanded={open === sensor.sensor_id}
              onClick={() => setOpen(open === sensor.sensor_id ? null : sensor.sensor_id)}
            >
              {open === sensor.sensor_id ? '▾' : '▸'} {sensor.name}
            </UnstyledButton>{' '}
            <span className="dim">{sensor.type}</span>
          </td>
          <td>{sensor.honeypots.join(', ')}</td>
          <td>{sensor.collector}</td>
          <td className="nowrap">
            {sensor.source_changed_ms === null ? (
              <span className="dim">never</span>
            ) : (
              <Time time={sensor.source_changed_ms} ago_of={now_ms} />
            )}
          </td>
          <td className="figure nowrap">
            {sensor.lag_ms === null || sensor.lag_ms === 0 ? (
              <span className="dim">none</span>
            ) : (
              showSpan(sensor.lag_ms)
            )}
          </td>
          <td className="figure">{figure(sensor.waiting_records, false)}</td>
          <td className="figure">{figure(refused, true)}</td>
          <td className="figure">{figure(understood?.count ?? 0, understood?.many === true)}</td>
          <td className="figure">{figure(sensor.lost, true)}</td>
          <td className="figure">{figure(sensor.gaps.length, true)}</td>
        </tr>
        {understood?.many === true && (
          <tr>
            <td colSpan={11}>
              <strong>
                {sensor.name}: {understood.told}. {understood.remedy}
              </strong>
            </td>
          </tr>
        )}
        {open === sensor.sensor_id && (
          <tr>
            <td colSpan={11}>
              <Details sensor={sensor} />
            </td>
          </tr>
        )}
      </Fragment>
    );
  });
}

const rows_at_once = 200;
const heads = [
  'State',
  'Sensor',
  'Honeypot',
  'Collector',
  'Last written',
  'Lag',
  'Waiting',
  'Refused',
  'Not understood',
  'Lost',
  'Gaps',
];

/** As people count: sensor-2 before sensor-10. */
const by_name = new Intl.Collator(undefined, { numeric: true });

function SensorList({ sensors, now_ms }: { sensors: SensorHealth[]; now_ms: number }) {
  const { found, field } = useFind(sensors, 'a sensor', ({ name, type, collector, honeypots, condition }) =>
    [name, type, collector, ...honeypots, condition].join(' '),
  );
  const { shown, more } = useRows(found, rows_at_once);
  return (
    <>
      {field}
      <Sheet heads={heads}>
        <SensorRows sensors={shown} now_ms={now_ms} />
      </Sheet>
      {more}
    </>
  );
}

export function SensorsPage() {
  const { data, error } = useQuery(sensors_query);
  const { search, change } = useFilter();
  const shown = search.shown === 'silent' ? 'silent' : 'all';
  if (data === undefined) return error === null ? <Waiting rows={12} /> : <Problem error={error} />;
  const sensors = data.sensors
    .filter((sensor) => !sensor.retired && (shown === 'all' || !is_well.has(sensor.condition)))
    .sort(
      (a, b) => order.indexOf(a.condition) - order.indexOf(b.condition) || by_name.compare(a.name, b.name),
    );
  const here = data.sensors.filter((sensor) => !sensor.retired);
  const silent = here.filter(({ condition }) => !is_well.has(condition)).length;
  return (
    <>
      {error !== null && <Problem error={error} />}
      <Notices data={data} />
      <Group justify="space-between" mb="xs">
        <Title order={1}>Sensors</Title>
        <SegmentedControl
          size="xs"
          value={shown}
          onChange={(next) => change({ shown: next === 'silent' ? next : undefined })}
          aria-label="Which sensors"
          data={[
            { value: 'all', label: `All ${here.length}` },
            { value: 'silent', label: `Not live ${silent}` },
          ]}
        />
      </Group>
      {data.sensors.length === 0 ? (
        <Empty title="No sensors yet">
          On the server: npm run -s apiary -- collector add NAME, then run the line that it prints beside your
          honeypot.
        </Empty>
      ) : (
        <SensorList sensors={sensors} now_ms={data.now_ms} />
      )}
      <section className="section">
        <Title order={2} mb="xs">
          Collectors
        </Title>
        <Collectors collectors={data.collectors} now_ms={data.now_ms} />
      </section>
      <Gateways />
      {data.refused_peers.length > 0 && (
        <section className="section">
          <Title order={2} mb="xs">
            Refused, from nobody registered
          </Title>
          {data.refused_peers.map((refusal) => (
            <Text size="sm" key={`${refusal.sensor} ${refusal.reason}`}>
              {number.format(refusal.count)} × {refusal.reason}
              {refusal.sensor !== '' && (
                <>
                  , <HostileText text={refusal.sensor} limit={60} />
                </>
              )}
              , last <Time time={refusal.last_ms} />: <HostileText text={refusal.last_message} />
            </Text>
          ))}
        </section>
      )}
    </>
  );
}
