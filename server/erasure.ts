/** An erasure as it is asked for and logged: while nothing is loaded or analysed, and with nothing left waiting. */
import { OperationalError } from '@apiary/model/errors.ts';
import { type Erasure, type ErasureCounts, erase } from './retention/erase.ts';
import type { ApiaryServer } from './server.ts';
import { whenSettled } from './settled.ts';
import type { StateDatabase } from './state/database.ts';

/** @throws OperationalError input_invalid, not_found */
export function readErasure(state: StateDatabase, args: Record<string, string>): Erasure {
  const erasure: Erasure = {};
  if (args.source !== undefined) erasure.source = args.source;
  if (args.before !== undefined) {
    erasure.before_ms = Date.parse(args.before);
    if (Number.isNaN(erasure.before_ms))
      throw new OperationalError(
        'input_invalid',
        `--before ${args.before} is no time: write 2026-01-31 or 2026-01-31T12:00:00Z`,
      );
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
