/** The Overview whole: its queries side by side, and where the sensors were silent. */
import type { Filter } from '@apiary/model/api/filter.ts';
import type { Counted, Overview, Stretch } from '@apiary/model/api/overview.ts';
import { listGaps, listSilences } from '../state/health.ts';
import { selectStretches } from './assignments.ts';
import { overviewScope } from './index.ts';
import { overviewTimeline, type Timeline } from './overview-timeline.ts';
import { overviewKinds, overviewTop, type ValueList, value_lists } from './overview-top.ts';
import { resolveScope, type Scope, showPeriod } from './scope.ts';
import { type Sight, seenSensors, type View } from './view.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** The sensors that the filter speaks of, of those that are seen; null: all. */
export function chosenSensors(filter: Filter, sight: Sight): ReadonlySet<number> | null {
  const { inventory } = sight;
  const seen = seenSensors(sight);
  const by_honeypot =
    filter.honeypot === undefined && filter.honeynet === undefined
      ? null
      : selectStretches(inventory, {
          honeypots: filter.honeypot ?? [],
          honeynets: filter.honeynet ?? [],
        }).map(({ sensor_id }) => sensor_id);
  if (filter.sensor === undefined) return by_honeypot === null ? seen : new Set(by_honeypot);
  return new Set(
    filter.sensor.filter(
      (id) => (by_honeypot === null || by_honeypot.includes(id)) && (seen === null || seen.has(id)),
    ),
  );
}

/** Where sensors were silent or lost something: there zero does not mean that nothing happened. */
export function readSilences(
  { state }: Pick<View, 'state'>,
  scope: Pick<Scope, 'from_ms' | 'to_ms' | 'kept_from_ms'>,
  sensors: ReadonlySet<number> | null,
  now_ms: number,
): Stretch[] {
  const silences = listSilences(state, scope.from_ms, scope.to_ms, now_ms).map((stretch) => ({
    sensor_id: stretch.sensor_id,
    kind: stretch.condition as Stretch['kind'],
    from: iso(stretch.from_ms),
    to: iso(stretch.to_ms),
    detail: '',
  }));
  const gaps = listGaps(state, scope.from_ms, scope.to_ms).map((gap) => ({
    sensor_id: gap.sensor_id,
    kind: 'gap' as const,
    from: iso(gap.noticed_ms),
    to: iso(gap.noticed_ms),
    detail: `${gap.reason}: ${gap.source} ${gap.from_place}–${gap.to_place}`,
  }));
  return [
    ...listExpired(scope),
    ...[...silences, ...gaps].filter(({ sensor_id }) => sensors === null || sensors.has(sensor_id)),
  ];
}

/** The part of the period of which the retention has taken something out. */
function listExpired({
  from_ms,
  to_ms,
  kept_from_ms,
}: Pick<Scope, 'from_ms' | 'to_ms' | 'kept_from_ms'>): Stretch[] {
  if (kept_from_ms === null || from_ms >= kept_from_ms) return [];
  return [
    {
      sensor_id: 0,
      kind: 'expired',
      from: iso(from_ms),
      to: iso(Math.min(to_ms, kept_from_ms)),
      detail: `kept whole from ${iso(kept_from_ms)} on`,
    },
  ];
}

function groupTimeline({ points }: Timeline): Overview['timeline'] {
  const by_sensor = new Map<number, [string, number][]>();
  for (const { sensor_id, bucket, events } of points) {
    const list = by_sensor.get(sensor_id) ?? [];
    list.push([iso(bucket * 1000), events]);
    by_sensor.set(sensor_id, list);
  }
  return [...by_sensor].map(([sensor_id, list]) => ({ sensor_id, points: list }));
}

export async function readOverview(view: View, filter: Filter, now_ms: number): Promise<Overview> {
  const { store } = view;
  const whole = resolveScope(filter, view, now_ms);
  const scope = overviewScope(whole);
  const [lists, timeline, kinds] = await Promise.all([
    Promise.all(value_lists.map(async (list) => [list, await overviewTop(store, scope, list)] as const)),
    overviewTimeline(store, scope),
    overviewKinds(store, scope),
  ]);
  const values = Object.fromEntries(lists) as Record<ValueList, Counted[]>;
  return {
    period: showPeriod(scope),
    vantage: 'honeypot',
    events: timeline.points.reduce((sum, point) => sum + point.events, 0),
    bucket_seconds: timeline.bucket_seconds,
    timeline: groupTimeline(timeline),
    silences: readSilences(view, scope, chosenSensors(filter, view), now_ms),
    top: { ...kinds, ...values },
  };
}
