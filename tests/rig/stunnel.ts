/** A real stunnel4 before a collector's uplink, gone when the test is. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CollectorProcess } from './collector-process.ts';

/** Why tests that need it are left out, or false. */
export const needs_stunnel =
  spawnSync('sh', ['-c', 'command -v stunnel4']).status === 0 ? (false as const) : 'needs stunnel4';

/**
 * Starts it with the settings that `apiary-collector stunnel` wrote.
 * @returns what it printed so far
 */
export function startStunnel(t: TestContext, collector: CollectorProcess): () => string {
  const settings = join(collector.directory, 'stunnel', 'stunnel.conf');
  const stunnel = spawn('stunnel4', [settings], { stdio: ['ignore', 'pipe', 'pipe'] });
  let heard = '';
  const hear = (chunk: Buffer): void => {
    heard += chunk.toString('utf8');
  };
  stunnel.stdout.on('data', hear);
  stunnel.stderr.on('data', hear);
  t.after(async () => {
    if (stunnel.exitCode !== null) return;
    const ended = once(stunnel, 'exit');
    stunnel.kill('SIGTERM');
    await ended;
  });
  return () => heard;
}
