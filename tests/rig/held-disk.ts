/** A disk that takes its time: what is written waits to be made durable until it is let go. */
import { type FileHandle, open } from 'node:fs/promises';
import type { TestContext } from 'node:test';

export interface HeldDisk {
  /** How often something was to be made durable. */
  asked: () => number;
  letGo: () => void;
}

export async function holdDisk(t: TestContext): Promise<HeldDisk> {
  const probe = await open('/dev/null', 'r');
  const files = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const { datasync } = files;
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  let asked = 0;
  t.mock.method(files, 'datasync', async function (this: FileHandle) {
    asked += 1;
    await held;
    return datasync.call(this);
  });
  return { asked: () => asked, letGo };
}
