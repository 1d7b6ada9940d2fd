/** The command line of an import: progress to the standard error, the result to the standard output. */
import { type ImportOptions, importFiles } from './import.ts';
import { hasTrouble, showImport, showProgress } from './show-import.ts';

const progress_every_ms = 2000;

export interface ImportCommand {
  socket: string;
  paths: string[];
  streams: ImportOptions['streams'];
  values: {
    sensor?: string[] | undefined;
    tpot?: string | undefined;
    type?: string | undefined;
    prefix?: string | undefined;
    database?: string | undefined;
    'time-zone'?: string | undefined;
    json?: boolean | undefined;
  };
}

/** @returns the exit code: 1 where something was not read whole */
export async function importCommand({ socket, paths, streams, values }: ImportCommand): Promise<number> {
  const { tpot, type, prefix, database, sensor, json, 'time-zone': time_zone } = values;
  let told_ms = performance.now();
  const result = await importFiles({
    ...{ socket, paths, streams },
    ...(sensor?.[0] === undefined ? {} : { sensor: sensor[0] }),
    ...(tpot === undefined ? {} : { tpot }),
    ...(type === undefined ? {} : { type }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(database === undefined ? {} : { database }),
    ...(time_zone === undefined ? {} : { time_zone }),
    tell: (progress) => {
      if (performance.now() - told_ms < progress_every_ms) return;
      told_ms = performance.now();
      process.stderr.write(`${showProgress(progress)}\n`);
    },
  });
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : showImport(result));
  return hasTrouble(result) ? 1 : 0;
}
