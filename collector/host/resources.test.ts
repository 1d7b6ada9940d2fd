import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from './containers.ts';
import { listProcesses, ResourcesProbe, readUsage } from './resources.ts';

const root = mkdtempSync(join(tmpdir(), 'apiary-resources-'));
after(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const cpu_stat = 'usage_usec 250000\nuser_usec 200000\nsystem_usec 50000\n';
const blkio = '254:0 Read 4096\n254:0 Write 8192\n254:0 Sync 0\n8:0 Read 1000\n8:0 Write 0\nTotal 13288\n';

describe('resources of a container', () => {
  it('reads cgroup 2', () => {
    const top = join(root, 'v2');
    write(join(top, 'cgroup.controllers'), 'cpu io memory\n');
    write(join(top, 'pot/cpu.stat'), cpu_stat);
    write(join(top, 'pot/memory.current'), '1036288\n');
    write(join(top, 'pot/memory.max'), '536870912\n');
    write(
      join(top, 'pot/io.stat'),
      '254:0 rbytes=4096 wbytes=8192 rios=1 wios=2\n8:0 rbytes=1000 wbytes=0 rios=1 wios=0\n',
    );
    write(join(top, 'pot/cgroup.procs'), '10\n11\n');
    write(join(top, 'pot/inner/cgroup.procs'), '12\n');
    assert.deepEqual(readUsage(top, '/pot'), {
      ...{ cgroup: 'v2', cpu_us: 250_000, memory_bytes: 1_036_288, memory_limit_bytes: 536_870_912 },
      ...{ read_bytes: 5096, written_bytes: 8192 },
    });
    assert.deepEqual(listProcesses(top, '/pot'), [10, 11, 12]);
    write(join(top, 'pot/memory.max'), 'max\n');
    assert.equal(readUsage(top, '/pot').memory_limit_bytes, undefined);
  });

  it('reads cgroup 1, and both side by side', () => {
    const top = join(root, 'v1');
    write(join(top, 'cpuacct/pot/cpuacct.usage'), '250000999\n');
    write(join(top, 'memory/pot/memory.usage_in_bytes'), '1036288\n');
    write(join(top, 'memory/pot/memory.limit_in_bytes'), '9223372036854771712\n');
    write(join(top, 'blkio/pot/blkio.throttle.io_service_bytes'), blkio);
    write(join(top, 'pids/pot/cgroup.procs'), '10\n');
    const both = { memory_bytes: 1_036_288, read_bytes: 5096, written_bytes: 8192 };
    assert.deepEqual(readUsage(top, '/pot'), { cgroup: 'v1', cpu_us: 250_001, ...both });
    assert.deepEqual(listProcesses(top, '/pot'), [10]);
    write(join(top, 'unified/pot/cpu.stat'), cpu_stat);
    assert.deepEqual(readUsage(top, '/pot'), { cgroup: 'hybrid', cpu_us: 250_000, ...both });
    assert.deepEqual(readUsage(top, '/gone'), { cgroup: '' });
  });

  it('tells of a busy CPU once, by its busiest process, and when it is calm again', async () => {
    const top = join(root, 'busy');
    const proc = join(root, 'proc');
    write(join(top, 'cgroup.controllers'), 'cpu\n');
    write(join(top, 'pot/cgroup.procs'), '70\n71\n');
    let used_us = 0;
    let ticks = 0;
    const use = async (share: number): Promise<void> => {
      const began = performance.now();
      await sleep(20);
      used_us += Math.ceil(share * (performance.now() - began + 5) * 1000);
      ticks += 100;
      write(join(top, 'pot/cpu.stat'), `usage_usec ${used_us}\n`);
      const stat = (pid: number, own: number): string =>
        `${pid} (x) S 1 0 0 0 0 0 0 0 0 0 ${own} 0 0 0 0 0 0 0 ${pid} 0\n`;
      write(join(proc, '70/stat'), stat(70, 1));
      write(join(proc, '71/stat'), stat(71, ticks));
      write(join(proc, '71/comm'), 'miner\n');
    };
    const container: Container = {
      ...{ name: 'pot', kind: 'lxc', pid: 70, started: '1', rootfs: undefined, cgroup: '/pot', lxc_path: '' },
    };
    const probe = new ResourcesProbe({ cgroup_root: top, proc });
    const kinds: string[] = [];
    let busiest: unknown;
    for (const share of [1, 1, 1, 1, 1, 1, 0.6, 0, 0, 0, 0]) {
      await use(share);
      for (const reading of await probe.take(container)) {
        if (reading.kind !== 'reading') kinds.push(String(reading.kind));
        if (reading.kind === 'cpu_busy') busiest = reading.process;
      }
    }
    kinds.push(...(await probe.take(undefined)).map(({ kind }) => String(kind)));
    assert.deepEqual(kinds, ['started', 'cpu_busy', 'cpu_calm', 'stopped']);
    assert.equal(busiest, 'miner');
  });
});
