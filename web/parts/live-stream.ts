/** The server's stream of new events, as state: what came, how fast, from where. */
import type { ApiEvent } from '@apiary/model/api/events.ts';
import type { ArrivalsTold } from '@apiary/model/api/live.ts';
import type { Counted } from '@apiary/model/api/overview.ts';
import { useEffect, useReducer } from 'react';

/** Rows that are kept: nobody reads more, and a flood must not fill the browser. */
const rows_max = 100;
/** The rate is that of the last seconds. */
const rate_seconds = 10;

export interface LiveState {
  connection: 'opening' | 'open' | 'lost';
  engine_up: boolean;
  events: ApiEvent[];
  /** Events since the page was opened, and since when. */
  total: number;
  since_ms: number;
  by_country: Map<string, number>;
  /** What came while the list stood still. */
  held: { events: ApiEvent[]; count: number };
  paused: boolean;
  recent: { at_ms: number; count: number }[];
}

export type LiveAction =
  | { kind: 'arrivals'; told: ArrivalsTold; at_ms: number }
  | { kind: 'engine'; up: boolean }
  | { kind: 'connection'; connection: LiveState['connection'] }
  | { kind: 'tick'; at_ms: number }
  | { kind: 'pause' }
  | { kind: 'begin'; at_ms: number };

export const beginState = (now_ms: number): LiveState => ({
  connection: 'opening',
  engine_up: true,
  events: [],
  total: 0,
  since_ms: now_ms,
  by_country: new Map(),
  held: { events: [], count: 0 },
  paused: false,
  recent: [],
});

const recentOnly = (recent: LiveState['recent'], at_ms: number): LiveState['recent'] =>
  recent.filter((one) => at_ms - one.at_ms < rate_seconds * 1000);

function takeArrivals(
  state: LiveState,
  { count, events, countries }: ArrivalsTold,
  at_ms: number,
): LiveState {
  const by_country = new Map(state.by_country);
  for (const { value, events: more } of countries) by_country.set(value, (by_country.get(value) ?? 0) + more);
  const counted = {
    ...state,
    total: state.total + count,
    by_country,
    recent: [...recentOnly(state.recent, at_ms), { at_ms, count }],
  };
  const before = state.paused ? state.held.events : state.events;
  const next = [...events, ...before].slice(0, rows_max);
  return state.paused
    ? { ...counted, held: { events: next, count: state.held.count + count } }
    : { ...counted, events: next };
}

export function reduceLive(state: LiveState, action: LiveAction): LiveState {
  switch (action.kind) {
    case 'arrivals':
      return takeArrivals(state, action.told, action.at_ms);
    case 'engine':
      return { ...state, engine_up: action.up };
    case 'connection':
      return { ...state, connection: action.connection };
    case 'tick':
      return { ...state, recent: recentOnly(state.recent, action.at_ms) };
    case 'begin':
      return beginState(action.at_ms);
    case 'pause':
      return state.paused
        ? {
            ...state,
            paused: false,
            events: [...state.held.events, ...state.events].slice(0, rows_max),
            held: { events: [], count: 0 },
          }
        : { ...state, paused: true };
  }
}

export const rateOf = ({ recent }: LiveState): number =>
  recent.reduce((sum, { count }) => sum + count, 0) / rate_seconds;

export const countriesOf = ({ by_country }: LiveState): Counted[] =>
  [...by_country].map(([value, events]) => ({ value, events })).sort((a, b) => b.events - a.events);

/** @param query the filter as a query string, with its question mark */
export function useLive(query: string): { state: LiveState; pause: () => void } {
  const [state, act] = useReducer(reduceLive, Date.now(), beginState);
  useEffect(() => {
    act({ kind: 'begin', at_ms: Date.now() });
    const source = new EventSource(`/api/v1/live${query}`);
    source.addEventListener('open', () => act({ kind: 'connection', connection: 'open' }));
    source.addEventListener('error', () => act({ kind: 'connection', connection: 'lost' }));
    source.addEventListener('arrivals', ({ data }: MessageEvent<string>) =>
      act({ kind: 'arrivals', told: JSON.parse(data) as ArrivalsTold, at_ms: Date.now() }),
    );
    source.addEventListener('engine', ({ data }: MessageEvent<string>) =>
      act({ kind: 'engine', up: (JSON.parse(data) as { up: boolean }).up }),
    );
    const timer = setInterval(() => act({ kind: 'tick', at_ms: Date.now() }), 1000);
    return () => {
      clearInterval(timer);
      source.close();
    };
  }, [query]);
  return { state, pause: () => act({ kind: 'pause' }) };
}
