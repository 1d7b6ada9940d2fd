/** A derivation as it is asked for and logged: with nothing taken out meanwhile, and the analysis renewed behind it. */
import { OperationalError } from '@apiary/model/errors.ts';
import { type Derivation, deriveAgain } from './derivation/derive.ts';
import type { ApiaryServer } from './server.ts';
import { whenSettled } from './settled.ts';

/** @throws OperationalError input_invalid, conflict, engine_down */
export function deriveLogged(apiary: ApiaryServer, actor: string, type: string): Promise<Derivation> {
  const { state, store, journal, loader, analysis, retention, submodules, log } = apiary;
  const submodule = submodules.find(({ name }) => name === type);
  if (submodule === undefined)
    throw new OperationalError(
      'input_invalid',
      `there is no sensor type "${type}"; known are: ${apiary.sensor_types.join(', ')}`,
    );
  if (!loader.is_started)
    throw new OperationalError('engine_down', 'the server is starting and has not made its views yet');
  return retention.alone(async () => {
    await whenSettled(apiary);
    const derivation = await deriveAgain({
      store,
      state,
      submodule,
      settledSegment: () => journal.settled_id,
      holdLoader: (work) => loader.hold(work),
      holdAnalysis: (work) => analysis.hold(work),
      log,
    });
    state.change(actor, 'derive', type, { ...derivation }, () => undefined);
    if (derivation.months_changed.length > 0) analysis.renew();
    return derivation;
  });
}
