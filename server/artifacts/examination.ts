/** Examines a file in a worker with limits of its own: what an attacker made must neither hold up nor end the server. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { ArtifactContent } from '@apiary/model/api/artifacts.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { examine } from './examine.ts';

const ms_max = 20_000;
const heap_mb_max = 256;

/** @throws OperationalError `query_too_large` where it takes too long or too much memory */
export async function examineApart(bytes: Buffer): Promise<ArtifactContent> {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: bytes,
    resourceLimits: { maxOldGenerationSizeMb: heap_mb_max },
  });
  const timer = setTimeout(() => void worker.terminate(), ms_max);
  try {
    return await new Promise<ArtifactContent>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error(`it took longer than ${ms_max / 1000} s`)));
    });
  } catch (error) {
    throw new OperationalError(
      'query_too_large',
      `the file could not be examined: ${(error as Error).message}`,
      {},
      error,
    );
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

if (!isMainThread && workerData instanceof Uint8Array)
  parentPort?.postMessage(await examine(Buffer.from(workerData)));
