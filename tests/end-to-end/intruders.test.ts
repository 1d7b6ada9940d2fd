/**
 * Two intruders at the same time in one container, each through a connection of his own: what the container ran and
 * which of its files changed goes to the right one.
 */
import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttackOfEvent } from '@apiary/model/api/incidents.ts';
import { AuditDaemon } from '../rig/audit-daemon.ts';
import { LxcContainer, needs_lxc } from '../rig/lxc-container.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

interface Page {
  events: { key: string; target: string; command: string; attacker_ip: string; sensor_type: string }[];
}

test('two intruders at once: processes and files go to the right one', {
  skip: needs_lxc,
  timeout: 180_000,
}, async (t) => {
  let container: LxcContainer | undefined;
  let audit: AuditDaemon | undefined;
  const sockets: Socket[] = [];
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await audit?.end();
    container?.end();
  });
  const site = await openSite(t, {
    sensors: (root) => {
      container = new LxcContainer(root);
      audit = new AuditDaemon(join(root, 'audit'));
      const of = { name: 'pot', lxc_path: container.lxc_path };
      return [
        { name: 'proc', type: 'host_processes', container: { ...of, audit_log: audit.log } },
        { name: 'files', type: 'host_files', container: { ...of, every_seconds: 1 } },
      ];
    },
    collector_settings: 'artifacts: { quiet_seconds: 1 }\n',
  });
  const { server, collector } = site;
  const pot = container!;
  pot.start();
  mkdirSync(join(pot.rootfs, 'srv'), { recursive: true });
  const second_ip = pot.host_ip.replace(/\.1$/, '.2');
  execFileSync('ip', ['address', 'add', `${second_ip}/24`, 'dev', pot.bridge]);
  void pot.runAside('nc -ll -p 2323 -e /bin/sh');
  await audit!.start();
  collector.run();
  await waitFor(site, 'the first readings', async () => (await settledRecords(site)).rows >= 1);
  // Both sensors see one machine.
  const { id: honeypot_id } = await server.post<{ id: number }>('/honeypots', {
    ...{ name: 'pot', interaction: 'high', role: 'server' },
  });
  for (const sensor_id of [1, 2])
    await server.post(`/sensors/${sensor_id}/honeypots`, { honeypot_id, from_ms: 0 });
  await sleep(2500);

  const enter = async (localAddress: string): Promise<Socket> => {
    const socket = createConnection({ host: pot.ip, port: 2323, localAddress });
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  const [first, second] = [await enter(pot.host_ip), await enter(second_ip)];
  await sleep(500);
  for (const n of [1, 2, 3, 4, 5]) {
    first.write(`/bin/echo deed-of-first ${n}; /bin/cp /etc/passwd /srv/first-${n}\n`);
    second.write(`/bin/echo deed-of-second ${n}; /bin/cp /etc/group /srv/second-${n}\n`);
    await sleep(150);
  }
  // A shell inside of a shell is his too.
  second.write("/bin/sh -c '/bin/echo deed-of-second nested; /bin/true'\n");
  await sleep(3000);

  const read = async (type: string): Promise<Page['events']> =>
    ((await server.get(`/events?last=1h&limit=200&q=${encodeURIComponent(`sensor_type:${type}`)}`)) as Page)
      .events;
  await waitFor(
    site,
    'the files',
    async () =>
      (await read('host_files')).filter(({ target }) => /^\/srv\/(?:first|second)-/.test(target)).length ===
      10,
  );
  const ran = (await read('host_processes')).filter(({ command }) => command.startsWith('/bin/echo deed-of'));
  assert.deepEqual(
    ran.map(({ command, attacker_ip }) => `${command} ${attacker_ip}`).sort(),
    [
      ...[1, 2, 3, 4, 5].map((n) => `/bin/echo deed-of-first ${n} ${pot.host_ip}`),
      ...[1, 2, 3, 4, 5, 'nested'].map((n) => `/bin/echo deed-of-second ${n} ${second_ip}`),
    ].sort(),
  );
  const changed = (await read('host_files')).filter(({ target }) => /^\/srv\/(?:first|second)-/.test(target));
  for (const { key, target } of changed) {
    const told = async (): Promise<AttackOfEvent> =>
      (await server.get(`/events/${key}/attack`)) as AttackOfEvent;
    await waitFor(site, `the attack of ${target}`, async () => (await told()).attack_id !== null, 60_000);
    const { attribution } = await told();
    assert.deepEqual(
      [target, attribution?.address, attribution?.rule],
      [target, target.startsWith('/srv/first') ? pot.host_ip : second_ip, 'path'],
    );
  }
});
