import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { streams } from '@apiary/submodules/streams.ts';
import { parseConfig } from './config.ts';
import { discover, type FoundSource, writeDiscovered } from './discover.ts';
import type { Container } from './host/containers.ts';

const root = mkdtempSync(join(tmpdir(), 'apiary-discover-'));
after(() => rmSync(root, { recursive: true, force: true }));

function put(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'x\n');
}

describe('discovery', () => {
  it('finds what is at the usual places and writes a configuration that is right', () => {
    const host = join(root, 'host');
    const rootfs = join(root, 'rootfs');
    put(join(host, 'var/log/kern.log'));
    put(join(host, 'srv/tpot/adbhoney/log/adbhoney.json'));
    put(join(host, 'srv/tpot/adbhoney/downloads/a.raw'));
    // One honeypot, several logs; and a log that tells the same as they do.
    for (const name of ['IEC104.json', 'ipmi.json', 'default.log'])
      put(join(host, `srv/tpot/conpot/log/conpot_${name}`));
    put(join(rootfs, 'var/log/audit/audit.log'));
    // Below a container's root no link is followed, wherever it leads.
    symlinkSync(join(host, 'var/log/kern.log'), join(rootfs, 'var/log/kern.log'));
    const container: Container = {
      ...{
        name: 'web01',
        kind: 'lxc',
        pid: undefined,
        started: '',
        rootfs,
        cgroup: '',
        lxc_path: '/srv/lxc',
      },
    };
    const odd = { ...container, name: 'a\n  - b', rootfs: undefined };
    const found = discover({ streams, containers: [container, odd], data: '/srv/tpot', root: host });
    const onTpot = (type: string, key: string, path: string): FoundSource => ({
      ...{ type, key, is_tpot: true, path: join(host, 'srv/tpot', path) },
    });
    assert.deepEqual(found.sources, [
      onTpot('adbhoney', 'json', 'adbhoney/log/adbhoney.json'),
      onTpot('adbhoney', 'downloads', 'adbhoney/downloads/*.raw'),
      onTpot('conpot', 'json', 'conpot/log/conpot_IEC104.json'),
      onTpot('conpot', 'json', 'conpot/log/conpot_ipmi.json'),
      { type: 'iptables', key: 'kernel', is_tpot: false, path: join(host, 'var/log/kern.log') },
    ]);
    assert.deepEqual(found.containers[0]?.sources, [
      { type: 'auditd', key: 'log', is_tpot: false, path: join(rootfs, 'var/log/audit/audit.log') },
    ]);
    const { config, mistakes } = parseConfig(writeDiscovered(found)!, streams);
    assert.deepEqual(mistakes, []);
    assert.deepEqual(
      config.sensors.map(({ name }) => name),
      [
        'tpot-adbhoney',
        'tpot-conpot',
        'iptables',
        ...['network', 'resources', 'processes', 'files'].map((one) => `web01-host_${one}`),
        'web01-auditd',
      ],
    );
    // Keystrokes are offered: without the comment's sign they are a sensor.
    const offered = parseConfig(writeDiscovered(found)!.replace('  # - {', '  - {'), streams);
    assert.deepEqual(offered.mistakes, []);
    assert.deepEqual(
      offered.config.sensors
        .filter(({ type }) => type === 'host_keystrokes')
        .map(({ container }) => container),
      [{ name: 'web01', lxc_path: '/srv/lxc' }],
    );
    assert.deepEqual(config.sensors.at(-1)?.paths, { log: [join(rootfs, 'var/log/audit/audit.log')] });
    // Where the path does not show that a container's root decides what lies there, it is told only.
    const elsewhere = discover({
      streams,
      containers: [{ ...container, rootfs: host }],
      data: '/srv/tpot',
      root: host,
    });
    const told = writeDiscovered({ ...elsewhere, sources: [] })!;
    assert.match(told, /# In it is kernel of a iptables, at ".*kern\.log"\. Its root decides/);
    assert.ok(!parseConfig(told, streams).config.sensors.some(({ type }) => type === 'iptables'));
    assert.equal(config.sensors[1]?.paths.json?.length, 2);
    assert.deepEqual(config.sensors[3]?.container, { name: 'web01', lxc_path: '/srv/lxc' });
  });

  it('finds the binary logs of a server that has the database of a honeypot, on the host and in a container', () => {
    const host = join(root, 'mysql-host');
    const rootfs = join(root, 'mysql/var/lib/lxc/ssh/rootfs');
    for (const place of [host, rootfs]) {
      put(join(place, 'var/log/mysql/mysql-bin.index'));
      put(join(place, 'var/lib/mysql/kippo/auth.frm'));
      // Conpot's would be read from the same logs, but it has no database there.
      put(join(place, 'var/lib/mysql/shop/db.opt'));
      // Kippo's own log tells the same as its database.
      put(join(place, 'opt/kippo/log/kippo.log'));
    }
    const container: Container = {
      ...{ name: 'ssh', kind: 'lxc', pid: undefined, started: '', rootfs, cgroup: '', lxc_path: '' },
    };
    const found = discover({ streams, containers: [container], data: '/data', root: host });
    const logs = (place: string): FoundSource[] => [
      { type: 'kippo', key: 'mysql', is_tpot: false, path: join(place, 'var/log/mysql/*-bin.index') },
    ];
    assert.deepEqual(found.sources, logs(host));
    assert.deepEqual(found.containers[0]?.sources, logs(rootfs));
    const { config, mistakes } = parseConfig(writeDiscovered({ ...found, containers: [] })!, streams);
    assert.deepEqual(mistakes, []);
    assert.deepEqual(config.sensors[0]?.paths, { mysql: [join(host, 'var/log/mysql/*-bin.index')] });

    rmSync(join(host, 'var/lib/mysql/kippo'), { recursive: true });
    const [without] = discover({ streams, containers: [], data: '/data', root: host }).sources;
    assert.equal(without?.key, 'log');
    // MySQL 8 names its logs otherwise.
    rmSync(join(host, 'var/log/mysql'), { recursive: true });
    put(join(host, 'var/lib/mysql/binlog.index'));
    put(join(host, 'var/lib/mysql/cowrie/x'));
    const [newer] = discover({ streams, containers: [], data: '/data', root: host }).sources;
    assert.deepEqual(
      [newer?.type, newer?.key, newer?.path],
      ['cowrie', 'mysql', join(host, 'var/lib/mysql/binlog.index')],
    );
  });

  it('writes nothing where there is nothing', () => {
    const empty = join(root, 'empty');
    mkdirSync(empty);
    assert.equal(
      writeDiscovered(discover({ streams, containers: [], data: '/data', root: empty })),
      undefined,
    );
  });
});
