/** Records that waited for their submodule come in at a start: logged, and with a pass of the analysis over all events. */
import { streamNames } from '@apiary/model/submodule.ts';
import { noteBegun, readUnfinished } from './analysis/unfinished.ts';
import { releaseWaiting } from './loader/waiting-records.ts';
import type { ApiaryServer } from './server.ts';
import type { StateDatabase } from './state/database.ts';

const verb = 'release';

/** @throws OperationalError engine_down; the next call goes on where this one ended */
export async function releaseLogged(
  apiary: Pick<ApiaryServer, 'state' | 'store' | 'submodules' | 'log'>,
): Promise<void> {
  const { state, store, submodules, log } = apiary;
  await releaseWaiting({
    store,
    typeOf: (sensor_id) =>
      state.get<{ type: string }>('SELECT type FROM sensor WHERE sensor_id = ?', sensor_id)?.type,
    streams: new Map(submodules.map((submodule) => [submodule.name, new Set(streamNames(submodule))])),
    note: ({ sensor_id, table, records }) =>
      state.change('server', verb, `sensor ${sensor_id}`, { sensor_id, table, records }, () =>
        // Their events are of segments that it may have gone through: its next start goes through all of them.
        noteBegun(state, { pass: readUnfinished(state)?.pass ?? 0, segments: null }),
      ),
    log,
  });
}

/** The tables into which records ever came that had waited. */
export const listReleasedTables = (state: StateDatabase): string[] =>
  state
    .all<{ name: string }>(
      "SELECT DISTINCT details ->> 'table' AS name FROM change_log WHERE verb = ? ORDER BY name",
      verb,
    )
    .map(({ name }) => name);
