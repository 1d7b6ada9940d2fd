/** A real container of Podman: it is discovered, and the configuration that comes of it tells what is done in it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startCollector } from '@apiary/collector/collector.ts';
import { parseConfig } from '@apiary/collector/config.ts';
import { discover, writeDiscovered } from '@apiary/collector/discover.ts';
import { Containers } from '@apiary/collector/host/containers.ts';
import { Rig } from '@apiary/collector/testing/rig.ts';
import { until } from '@apiary/collector/testing/until.ts';
import { streams } from '@apiary/submodules/streams.ts';
import { needs_podman, PodmanContainer } from './rig/podman-container.ts';

interface Told {
  kind: string;
  [field: string]: unknown;
}

test('what is done in a container of Podman is told by its sensors', {
  skip: needs_podman,
  timeout: 120_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-podman-'));
  const container = new PodmanContainer();
  const ends: (() => void | Promise<void>)[] = [
    () => container.end(),
    () => rmSync(folder, { recursive: true, force: true }),
  ];
  t.after(async () => {
    for (const end of ends) await end();
  });
  mkdirSync(join(container.rootfs, 'var/log/audit'));
  writeFileSync(
    join(container.rootfs, 'var/log/audit/audit.log'),
    'type=TEST msg=audit(1.000:1): of its own\n',
  );
  const name = container.id.slice(0, 12);
  const found = new Containers().list([]).filter((one) => one.name === name);
  assert.deepEqual(
    found.map(({ kind, rootfs }) => [kind, rootfs]),
    [['podman', container.rootfs]],
  );
  const text = writeDiscovered(discover({ streams, containers: found, data: '/none', root: folder }))!;
  const often = text.replaceAll(`{"name":"${name}"}`, `{"name":"${name}","every_seconds":1}`);
  const { config, mistakes } = parseConfig(often, streams);
  assert.deepEqual(mistakes, []);
  const rig = await Rig.make();
  ends.unshift(() => rig.end());
  const dir = rig.path('state');
  rig.gateway.enrolHere(dir);
  const running = await startCollector({ dir, config, streams, version: 'test' });
  ends.unshift(() => running.stop());
  const told = (type: string): Told[] =>
    rig.gateway.texts(`${name}-${type}`).map((one) => JSON.parse(one) as Told);
  const has = (type: string, fields: Record<string, unknown>): boolean =>
    told(type).some((one) => Object.entries(fields).every(([field, value]) => one[field] === value));
  await until(
    () => has('host_files', { kind: 'baseline' }) && has('host_resources', { kind: 'reading' }),
    60_000,
  );

  const listening = container.run('echo contents > /srv/file; sleep 12.25 & nc -l -p 4444; wait');
  await until(() => has('host_network', { kind: 'listening', local_port: 4444 }), 60_000);
  await container.run('(sleep 5) | nc 127.0.0.1 4444');
  await listening;
  // echo contents | sha256sum
  const sha256 = 'bfe5ed57e6e323555b379c660aa8d35b70c2f8f07cf03ad6747266495ac13be0';
  const seen = (): Record<string, boolean> => ({
    file: has('host_files', { kind: 'created', path: '/srv/file', sha256 }),
    process: has('host_processes', { command: 'sleep 12.25', exe: '/bin/busybox', uid: 0 }),
    connection: has('host_network', { kind: 'opened', direction: 'internal', local_port: 4444 }),
    baseline: told('host_files').some(({ kind, count }) => kind === 'baseline' && Number(count) < 100),
    runtime: has('host_resources', { kind: 'started', runtime: 'podman' }),
  });
  await until(() => Object.values(seen()).every(Boolean), 30_000).catch(() => undefined);
  const all = Object.fromEntries(Object.keys(seen()).map((what) => [what, true]));
  assert.deepEqual(
    seen(),
    all,
    [...rig.gateway.records.values()].map(({ sensor, text: one }) => `${sensor} ${one}`).join('\n'),
  );
});
