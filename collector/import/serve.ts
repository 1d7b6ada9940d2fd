/** `apiary-collector import`: does what the command `apiary import` asks, which started it, over the channel between them. */
import type { FromReader, ToReader } from '@apiary/model/import.ts';
import type { SubmoduleStreams } from '@apiary/model/submodule.ts';
import { inspectFile } from './inspect.ts';
import { runImport } from './run.ts';

/** Resolves when the channel is closed. */
export function serveImport(streams: readonly SubmoduleStreams[]): Promise<void> {
  const say = (message: FromReader): void => {
    if (process.connected) process.send!(message);
  };
  const answer = async (message: ToReader): Promise<void> => {
    try {
      if (message.do === 'run') {
        const files = await runImport(message.run, streams, (progress) => say({ is: 'progress', progress }));
        say({ is: 'done', files });
        return;
      }
      const files = [];
      for (const file of message.files) files.push(await inspectFile(file));
      say({ is: 'inspected', files });
    } catch (error) {
      say({ is: 'failed', message: (error as Error).message });
    }
  };
  process.on('message', (message) => void answer(message as ToReader));
  return new Promise((resolve) => process.once('disconnect', resolve));
}
