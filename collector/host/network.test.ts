import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Container } from './containers.ts';
import { NetworkProbe, parseConntrack, parseTable } from './network.ts';

const root = mkdtempSync(join(tmpdir(), 'apiary-network-'));
after(() => rmSync(root, { recursive: true, force: true }));

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (index: number, local: string, remote: string, state: string, uid = 0): string =>
  `${String(index).padStart(4)}: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 12345 1 0000000000000000 100 0 0 10 0\n`;
// 10.0.3.7 is 0A 00 03 07, written as a little-endian word.
const here = '0703000A';
const there = '090071CB';

describe('connections of a container', () => {
  it('reads addresses of both families as the kernel writes them', () => {
    const [v4] = parseTable(head + row(0, `${here}:0016`, `${there}:C738`, '01', 33), 'tcp');
    assert.deepEqual(v4, {
      ...{
        transport: 'tcp',
        local_ip: '10.0.3.7',
        local_port: 22,
        remote_ip: '203.113.0.9',
        remote_port: 51000,
      },
      ...{ state: 'established', uid: 33 },
    });
    const mapped = `0000000000000000FFFF0000${here}`;
    // 2001:db8::53, words of four bytes each turned round.
    const v6 = 'B80D0120000000000000000053000000';
    const [six] = parseTable(head + row(0, `${mapped}:0050`, `${v6}:1000`, '06'), 'tcp');
    assert.equal(six?.local_ip, '10.0.3.7');
    assert.equal(six?.remote_ip, '2001:db8::53');
    assert.equal(six?.state, 'time_wait');
    assert.deepEqual(parseTable('nonsense\n  1: 0703000A:0016 09', 'tcp'), []);
  });

  it('counts bytes of both directions from connection tracking', () => {
    const line =
      'ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.3.7 dst=203.0.113.9 sport=40100 dport=6667 packets=9 bytes=5300 src=203.0.113.9 dst=10.0.3.7 sport=6667 dport=40100 packets=7 bytes=120 [ASSURED] mark=0 use=1\n';
    const flows = parseConntrack(line);
    assert.deepEqual(flows.get('tcp 10.0.3.7 40100 203.0.113.9 6667'), { bytes_out: 5300, bytes_in: 120 });
    assert.deepEqual(flows.get('tcp 203.0.113.9 6667 10.0.3.7 40100'), { bytes_out: 120, bytes_in: 5300 });
    assert.equal(parseConntrack(line.replaceAll(/ packets=\d+ bytes=\d+/g, '')).size, 0);
  });

  it('tells what opens and closes, which side began, and what was there before', () => {
    const net = join(root, '7', 'net');
    mkdirSync(net, { recursive: true });
    const write = (...rows: string[]): void => writeFileSync(join(net, 'tcp'), head + rows.join(''));
    const container: Container = {
      ...{ name: 'pot', kind: 'lxc', pid: 7, started: '1', rootfs: undefined, cgroup: '/x', lxc_path: '' },
    };
    const probe = new NetworkProbe({ proc: root });
    const take = (one?: Container): string[] =>
      probe
        .take(one)
        .map(
          ({ kind, direction = '', remote_ip = '', local_port }) =>
            `${kind} ${direction} ${remote_ip} ${local_port}`,
        );
    const listening = row(0, '00000000:0016', '00000000:0000', '0A');
    const before = row(1, `${here}:9C40`, `${there}:0050`, '01');
    const inbound = row(2, `${here}:0016`, `${there}:C738`, '01');
    const outbound = row(3, `${here}:9C41`, `${there}:1A0B`, '02');
    const inner = row(4, '0100007F:0CEA', '0100007F:C738', '01');
    write(listening, before);
    assert.deepEqual(take(container), ['listening   22', 'present outbound 203.113.0.9 40000']);
    write(listening, before, inbound, outbound, inner);
    assert.deepEqual(take(container), [
      'opened inbound 203.113.0.9 22',
      'opened outbound 203.113.0.9 40001',
      'opened internal 127.0.0.1 3306',
    ]);
    assert.deepEqual(take(container), []);
    // The port was closed, but a connection to it that is accepted late still came in.
    write(inbound, row(5, `${here}:0016`, `${there}:C739`, '01'));
    assert.deepEqual(take(container), [
      'not_listening   22',
      'opened inbound 203.113.0.9 22',
      'closed outbound 203.113.0.9 40000',
      'closed outbound 203.113.0.9 40001',
      'closed internal 127.0.0.1 3306',
    ]);
    assert.deepEqual(take(), ['closed inbound 203.113.0.9 22', 'closed inbound 203.113.0.9 22']);
  });
});
