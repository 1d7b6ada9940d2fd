/**
 * Keystrokes of an intruder in a container: terminal audit is switched on from the host for what starts the container,
 * he comes by telnet, and what he types is there, with his address, his corrections, and nothing of the host's.
 */
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AuditDaemon } from '../rig/audit-daemon.ts';
import { LxcContainer, needs_lxc } from '../rig/lxc-container.ts';
import { openSite, waitFor } from '../rig/site.ts';

const terminal_audit = fileURLToPath(new URL('../../deploy/apiary-terminal-audit', import.meta.url));
const telnet_port = 2323;

interface Listed {
  command: string;
  attacker_ip: string | null;
  destination_port: number;
  username: string;
  extra: Record<string, string>;
}

async function logIn(ip: string): Promise<Socket> {
  for (let tries = 0; ; tries += 1) {
    const socket = connect({ host: ip, port: telnet_port });
    try {
      await once(socket, 'connect');
      // Whatever the server offers is left unanswered, which is no for all of it.
      socket.on('data', () => undefined).on('error', () => undefined);
      return socket;
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(100);
    }
  }
}

test('what an intruder types in a container comes with his address, and nothing of the host', {
  skip: needs_lxc,
  timeout: 180_000,
}, async (t) => {
  let container: LxcContainer | undefined;
  let audit: AuditDaemon | undefined;
  t.after(async () => {
    await audit?.end();
    container?.end();
  });
  const site = await openSite(t, {
    sensors: (root) => {
      container = new LxcContainer(root);
      audit = new AuditDaemon(join(root, 'audit'));
      const of = { name: 'pot', lxc_path: container.lxc_path, audit_log: audit.log };
      return [{ name: 'keys', type: 'host_keystrokes', container: of }];
    },
  });
  const pot = container!;
  await audit!.start();
  pot.start({ under: terminal_audit, init: `telnetd -p ${telnet_port} -l /bin/sh` });
  site.collector.run();
  const status = join(site.root, 'collector', 'status.json');
  await waitFor(
    site,
    'the first look',
    async () => existsSync(status) && readFileSync(status, 'utf8').includes('terminals, audit'),
  );
  const intruder = await logIn(pot.ip);
  t.after(() => intruder.destroy());
  for (const line of ['echo key one', 'cat /etc/pas\x7fsswd', `echo ${'é'.repeat(3)}`]) {
    await sleep(400);
    intruder.write(`${line}\r\n`);
  }
  // A shell that reads key by key hands over what it read when it ends.
  await sleep(400);
  intruder.write('exit\r\n');
  // The host's own terminals are audited, too, and are nobody's business here.
  spawnSync(terminal_audit, ['script', '-qc', 'read line', '/dev/null'], { input: 'of the host\n' });
  const wanted = ['echo key one', 'cat /etc/passwd', `echo ${'é'.repeat(3)}`, 'exit'];
  const list = async (): Promise<Listed[]> =>
    (await site.server.get<{ events: Listed[] }>('/events?last=24h&sensor_type=host_keystrokes&limit=100'))
      .events;
  await waitFor(site, 'what was typed', async () => (await list()).length >= wanted.length);
  await sleep(1000);
  const typed = await list();
  // They have one time.
  assert.deepEqual(typed.map(({ command }) => command.replace(/.\x7f/g, '')).toSorted(), wanted.toSorted());
  for (const { attacker_ip, destination_port, username, extra } of typed) {
    assert.deepEqual(
      [attacker_ip, destination_port, username, extra.container, extra.holder],
      [pot.host_ip, telnet_port, 'root', 'pot', 'telnetd'],
    );
    assert.match(extra.terminal ?? '', /^pts\/\d+$/);
  }
});
