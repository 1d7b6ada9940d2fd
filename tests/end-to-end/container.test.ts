/**
 * A real container, an attacker who is root in it, and a collector on its host: everything that he did is in the
 * engine, counted without our code, and he sees nothing of who looks at him.
 */
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditDaemon } from '../rig/audit-daemon.ts';
import { readEngine } from '../rig/engine-reader.ts';
import { LxcContainer, needs_lxc } from '../rig/lxc-container.ts';
import { openSite, readCount, settledRecords, waitFor } from '../rig/site.ts';

/** What root inside can look at: processes, mounts, sockets, access times, and what /proc offers. */
// What looks is itself a process, and names itself.
const look = `seen=$(ps -o args); echo "$seen" | grep -v 'ps -o args' | sort; cat /proc/1/mountinfo
  for table in tcp tcp6 udp udp6 unix packet raw; do echo $table; sed -e 's/  *[^ ]*$//' /proc/net/$table | sort; done
  for path in / /etc /etc/passwd /etc/group /root /srv /srv/quiet /srv/quiet/file /home; do stat -c '%n %X %Y %Z' $path; done
  ls /dev; cat /proc/sys/fs/inotify/max_user_watches; ls /proc/1/ns /proc/1/fd`;

/** Whom TCP began to speak to in a capture of Ethernet: ports of both sides of each first segment. */
function begunIn(capture: Buffer): { from: number; to: number }[] {
  const begun: { from: number; to: number }[] = [];
  for (let at = 24; at < capture.length; ) {
    const frame = capture.subarray(at + 16, at + 16 + capture.readUInt32LE(at + 8));
    at += 16 + frame.length;
    const tcp = frame.subarray(14 + (frame[14]! & 15) * 4);
    const [syn, ack] = [2, 16];
    if (frame.readUInt16BE(12) === 0x0800 && frame[23] === 6 && (tcp[13]! & (syn | ack)) === syn)
      begun.push({ from: tcp.readUInt16BE(0), to: tcp.readUInt16BE(2) });
  }
  return begun;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('what root does in a container is there, and root sees nobody', {
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
      const of = { name: 'pot', lxc_path: container.lxc_path };
      return [
        { name: 'net', type: 'host_network', container: { ...of, capture: { file_seconds_max: 1 } } },
        { name: 'res', type: 'host_resources', container: { ...of, every_seconds: 1 } },
        { name: 'proc', type: 'host_processes', container: { ...of, audit_log: audit.log } },
        { name: 'files', type: 'host_files', container: { ...of, every_seconds: 1 } },
      ];
    },
    collector_settings: 'artifacts: { quiet_seconds: 1 }\n',
  });
  const { root, server, collector } = site;
  const pot = container!;
  pot.start();
  // A secret of the host, to which the attacker's link leads.
  writeFileSync(join(root, 'secret'), 'of the host');
  mkdirSync(join(pot.rootfs, 'srv/quiet'), { recursive: true });
  writeFileSync(join(pot.rootfs, 'srv/quiet/file'), 'quiet');
  for (const name of ['gone', 'other']) writeFileSync(join(pot.rootfs, 'srv', name), name);
  const answering = createServer((socket: Socket) => {
    socket.on('error', () => socket.destroy());
    setTimeout(() => socket.end('bye'), 4000);
  });
  await new Promise<void>((resolve) => answering.listen(0, pot.host_ip, resolve));
  t.after(() => answering.close());
  const { port } = answering.address() as { port: number };

  const before = pot.run(look);
  await audit!.start();
  collector.run();
  await waitFor(site, 'the first look at the files', async () => readCount(site, 'files') >= 1);
  await waitFor(site, 'readings', async () => readCount(site, 'res') >= 4);
  assert.equal(pot.run(look), before, 'root sees no difference');

  const files = Array.from({ length: 20 }, (_, index) => ({
    path: `/srv/f${index}`,
    text: `contents ${index}\n`,
  }));
  const writing = files.map(({ path, text }) => `printf '%s\\n' '${text.trimEnd()}' > ${path}`).join('\n');
  await pot.runAside(`for n in $(seq 1 50); do /bin/echo apiary-mark $n; done
    ${writing}
    ln -s ${root}/secret /srv/link; mkfifo /srv/fifo; mknod /srv/device c 1 5
    truncate -s 10G /srv/sparse
    rm /srv/gone; chmod 4755 /srv/other
    for n in 1 2 3; do nc ${pot.host_ip} ${port} < /dev/null & done; sleep 5; true`);
  pot.favour();
  await pot.runAside('for n in $(seq 1 12); do while :; do :; done & done; sleep 12; kill $(jobs -p)');
  await waitFor(site, 'all changes of files', async () => readCount(site, 'files') >= 1 + files.length + 6);
  await sleep(3000);
  const captured = join(root, 'collector', 'artifacts', 'waiting', 'net');
  await waitFor(site, 'the captures', async () => readdirSync(captured).length === 0);
  await waitFor(site, 'the records', async () => (await settledRecords(site)).settled);
  await collector.kill('SIGTERM');
  await waitFor(site, 'the last records', async () => (await settledRecords(site)).settled);
  await server.stop();
  await readEngine(server.directory, async (store) => {
    const marks = await store.query(
      "SELECT count() AS runs, uniqExact(command) AS different, groupUniqArray(username) AS users FROM event WHERE action = 'input' AND command LIKE '%apiary-mark%' AND target = '/bin/busybox' AND command NOT LIKE 'sh %'",
    );
    assert.deepStrictEqual(marks, [{ runs: '50', different: '50', users: ['root'] }]);
    const taken = await store.query<{ target: string; file_sha256: string }>(
      "SELECT target, file_sha256 FROM event WHERE action = 'download' ORDER BY target",
    );
    const wanted = files.map(({ path, text }) => ({ target: path, file_sha256: sha256(text) }));
    assert.deepStrictEqual(
      taken,
      wanted.toSorted((a, b) => (a.target < b.target ? -1 : 1)),
    );
    const others = await store.query(
      "SELECT action, target, extra['type'] AS type FROM event WHERE sensor_type = 'host_files' AND action != 'download' ORDER BY target",
    );
    assert.deepStrictEqual(others, [
      { action: 'modify', target: '/srv/device', type: 'device' },
      { action: 'modify', target: '/srv/fifo', type: 'fifo' },
      { action: 'delete', target: '/srv/gone', type: 'file' },
      { action: 'modify', target: '/srv/link', type: 'link' },
      { action: 'modify', target: '/srv/other', type: 'file' },
      { action: 'modify', target: '/srv/sparse', type: 'file' },
    ]);
    const outgoing = await store.query(
      "SELECT target, destination_port AS port, count() AS connections FROM event WHERE sensor_type = 'host_network' AND direction = 'outbound' GROUP BY ALL",
    );
    assert.deepStrictEqual(outgoing, [{ target: pot.host_ip, port, connections: '3' }]);
    const captures = await store.query<{ sha256: string; packets: string }>(
      "SELECT taken_sha256 AS sha256, packets FROM host_network_captures WHERE kind = 'capture' ORDER BY began",
    );
    const begun = captures.flatMap(({ sha256: name }) =>
      begunIn(readFileSync(join(server.directory, 'artifacts', name.slice(0, 2), name))),
    );
    assert.equal(new Set(begun.filter(({ to }) => to === port).map(({ from }) => from)).size, 3);
    const busy = await store.query(
      "SELECT count() AS times FROM event WHERE sensor_type = 'host_resources' AND action = 'flood'",
    );
    assert.deepStrictEqual(busy, [{ times: '1' }]);
  });
});
