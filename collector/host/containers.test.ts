import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Containers, matchCgroup, readCgroup } from './containers.ts';

const root = mkdtempSync(join(tmpdir(), 'apiary-containers-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** A process as /proc shows it. */
function addProcess(
  proc: string,
  pid: number,
  {
    cgroup,
    parent = 1,
    numbers = `${pid}`,
    title = '',
  }: { cgroup: string; parent?: number; numbers?: string; title?: string },
): void {
  const folder = join(proc, String(pid));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cgroup'), `${cgroup}\n`);
  writeFileSync(
    join(folder, 'status'),
    `Name:\tx\nPPid:\t${parent}\nNSpid:\t${numbers.replaceAll(' ', '\t')}\n`,
  );
  const rest = ['S', parent, ...Array.from({ length: 17 }, () => 0), 5000 + pid, 0].join(' ');
  writeFileSync(join(folder, 'stat'), `${pid} (a) b) ${rest}\n`);
  writeFileSync(join(folder, 'cmdline'), title);
}

const docker_id = 'ab'.repeat(32);
const podman_id = 'cd'.repeat(32);

describe('containers of a host', () => {
  it('reads the group of all three layouts', () => {
    assert.equal(readCgroup('0::/lxc.payload.web\n'), '/lxc.payload.web');
    assert.equal(readCgroup('4:memory:/docker/x\n1:name=systemd:/y\n'), '/docker/x');
    assert.equal(readCgroup('4:memory:/lxc/web\n0::/\n'), '/lxc/web');
    assert.equal(readCgroup('0::/\n'), '/');
    assert.equal(readCgroup(''), '/');
  });

  it('names LXC, Docker and Podman by their groups, and nobody by what lies below', () => {
    const named = (path: string): string => {
      const found = matchCgroup(path);
      return found === undefined ? '' : `${found.kind} ${found.name} ${found.cgroup}`;
    };
    assert.equal(named('/lxc.payload.web'), 'lxc web /lxc.payload.web');
    assert.equal(named('/lxc/web/init.scope'), 'lxc web /lxc/web');
    assert.equal(named('/user.slice/lxc.payload.web/x'), 'lxc web /user.slice/lxc.payload.web');
    assert.equal(named('/lxc.payload.web/lxc.payload.other'), 'lxc web /lxc.payload.web');
    assert.equal(named(`/docker/${docker_id}`), `docker ${docker_id.slice(0, 12)} /docker/${docker_id}`);
    const scope = `/system.slice/docker-${docker_id}.scope`;
    assert.equal(named(scope), `docker ${docker_id.slice(0, 12)} ${scope}`);
    const podman = `/machine.slice/libpod-${podman_id}.scope`;
    assert.equal(named(`${podman}/container`), `podman ${podman_id.slice(0, 12)} ${podman}`);
    assert.equal(named('/lxc.monitor.web'), '');
    assert.equal(named('/docker/short'), '');
  });

  it('finds the first process of each, the folders of LXC, and what stopped', () => {
    const proc = join(root, 'proc');
    const lxc = join(root, 'lxc');
    for (const name of ['web', 'idle']) {
      mkdirSync(join(lxc, name, 'rootfs'), { recursive: true });
      writeFileSync(join(lxc, name, 'config'), `lxc.rootfs.path = dir:${lxc}/${name}/rootfs\n`);
    }
    addProcess(proc, 10, { cgroup: '0::/lxc.monitor.web', title: `[lxc monitor] ${lxc} web\0` });
    addProcess(proc, 11, { cgroup: '0::/lxc.payload.web-1', parent: 10, numbers: '11 1' });
    addProcess(proc, 12, { cgroup: '0::/lxc.payload.web-1', parent: 11, numbers: '12 7' });
    // A namespace inside the container has a first process too.
    addProcess(proc, 13, { cgroup: '0::/lxc.payload.web-1/x', parent: 12, numbers: '13 8 1' });
    addProcess(proc, 20, { cgroup: `0::/system.slice/docker-${docker_id}.scope`, numbers: '20 1' });
    addProcess(proc, 30, { cgroup: '0::/init.scope' });
    const found = new Containers(proc).list([lxc]);
    assert.deepEqual(found, [
      {
        ...{ name: 'web', kind: 'lxc', pid: 11, started: '5011', rootfs: `${lxc}/web/rootfs` },
        ...{ cgroup: '/lxc.payload.web-1', lxc_path: lxc },
      },
      {
        ...{
          name: docker_id.slice(0, 12),
          kind: 'docker',
          pid: 20,
          started: '5020',
          rootfs: `${proc}/20/root`,
        },
        ...{ cgroup: `/system.slice/docker-${docker_id}.scope`, lxc_path: '' },
      },
      {
        ...{ name: 'idle', kind: 'lxc', pid: undefined, started: '', rootfs: `${lxc}/idle/rootfs` },
        ...{ cgroup: '', lxc_path: lxc },
      },
    ]);
  });

  it('follows stops, and takes what is configured', () => {
    const proc = join(root, 'proc-2');
    addProcess(proc, 40, { cgroup: '0::/lxc.payload.pot', numbers: '40 1' });
    assert.equal(new Containers(proc).find({ name: 'pot' })?.pid, 40);
    rmSync(join(proc, '40'), { recursive: true });
    assert.equal(new Containers(proc).find({ name: 'pot' }), undefined);
    addProcess(proc, 50, { cgroup: '0::/own', numbers: '50' });
    const configured = new Containers(proc).find({ name: 'jail', pid: 50 });
    assert.equal(configured?.cgroup, '/own');
    assert.equal(configured?.rootfs, `${proc}/50/root`);
    assert.equal(new Containers(proc).find({ name: 'jail', pid: 51 }), undefined);
    assert.equal(new Containers(proc).find({ name: 'jail', rootfs: '/srv/jail' })?.rootfs, '/srv/jail');
  });
});
