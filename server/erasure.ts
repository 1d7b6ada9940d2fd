/** An erasure as it is asked for and logged: while nothing is loaded or analysed, and with nothing left waiting. */
import { OperationalError } from '@apiary/model/errors.ts';
import { type Erasure, type ErasureCounts, erase } from './retention/erase.ts';
import type { ApiaryServer } from './server.ts';
import { whenSettled } from './settled.ts';
import type { StateDatabase } from './state/database.ts';

/** A day or a moment with its zone. Anything else that JavaScript takes for a time (`7`, `May 5`) means one that nobody meant. */
function readBefore(text: string, now_ms: number): number {
  const match = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d))?$/.exec(text);
  const ms = match === null ? Number.NaN : Date.parse(text);
  // 2026-02-31 would be the third of March.
  const is_day = match !== null && new Date(`${match[1]}T00:00:00Z`).toJSON()?.startsWith(match[1]!) === true;
  if (Number.isNaN(ms) || !is_day)
    throw new OperationalError(
      'input_invalid',
      `--before ${text} is no time: write 2026-01-31 or 2026-01-31T12:00:00Z`,
    );
  if (ms > now_ms)
    throw new OperationalError(
      'input_invalid',
      `--before ${text} lies ahead: all that there is would go; name a sensor or a source for that`,
    );
  return ms;
}

/** @throws OperationalError input_invalid, not_found */
export function readErasure(state: StateDatabase, args: Record<string, string>, now_ms: number): Erasure {
  const erasure: Erasure = {};
  if (args.source !== undefined) erasure.source = args.source;
  if (args.before !== undefined) {
    erasure.before_ms = readBefore(args.before, now_ms);
  }
  if (args.sensors !== undefined) {
    const row = state.get<{ sensor_id: number }>('SELECT sensor_id FROM sensor WHERE name = ?', args.sensors);
    if (row === undefined) throw new OperationalError('not_found', `there is no sensor "${args.sensors}"`);
    erasure.sensor_id = row.sensor_id;
  }
  return erasure;
}

/** What the log keeps: the address of a person is not in it, or it would not be erased. */
function describeErasure({ source, before_ms, sensor_id }: Erasure): Record<string, unknown> {
  return {
    by_source: source !== undefined,
    ...(before_ms === undefined ? {} : { before: new Date(before_ms).toISOString() }),
    ...(sensor_id === undefined ? {} : { sensor_id }),
  };
}

/** @param reference of the request, for the log: whose it was must not be in it */
export function eraseLogged(
  apiary: ApiaryServer,
  actor: string,
  erasure: Erasure,
  reference: string,
): Promise<ErasureCounts> {
  const { state, loader, analysis, retention } = apiary;
  const details = { ...describeErasure(erasure), reference };
  const log = (verb: string, counts?: ErasureCounts): void =>
    state.change(actor, verb, 'erasure', { ...details, ...counts }, () => undefined);
  return retention.alone(async () => {
    // What was acknowledged and waits would come after it.
    await whenSettled(apiary);
    log('erase begun');
    const counts = await loader.hold(() => analysis.hold(() => erase(apiary.erase_options, erasure)));
    analysis.renew();
    log('erase', counts);
    return counts;
  });
}
