import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildCollector } from './build.ts';
import { NumberedLog, Rig } from './testing/rig.ts';
import { until } from './testing/until.ts';

const main_path = fileURLToPath(new URL('./main.ts', import.meta.url));
const memory_bytes_max = 80 * 1024 * 1024;

describe('collector as a process', () => {
  let rig: Rig;
  const children = new Set<ChildProcess>();
  before(async () => {
    rig = await Rig.make();
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rig.end();
  });

  const run = (command: string, args: string[]): ChildProcess => {
    const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
    // A cache of compiled code, where this run has one, costs memory that no operator's collector takes.
    const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...environment, PATH: path },
    });
    children.add(child);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => process.stderr.write(text));
    return child;
  };
  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
      else child.once('exit', resolve);
    });

  it('is killed at random moments, loses nothing and skips nothing', async () => {
    const log = new NumberedLog('killed');
    const dir = rig.path('killed');
    const path = rig.path('killed.json');
    rig.gateway.enrolHere(dir);
    const yaml = `sensors:\n  - { name: killed, type: cowrie, paths: { json: "${path}" } }\nlimits: { records_max: 300, linger_ms: 20 }\n`;
    writeFileSync(`${dir}/collector.yaml`, yaml);
    // A fixed sequence, so that a failure can be repeated.
    let seed = 20260101;
    const random = (): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed / 2147483648;
    };
    let rotations = 0;
    for (let kill = 0; kill < 12; kill++) {
      const child = run(process.execPath, [main_path, 'run', '--dir', dir]);
      const moment = Date.now() + 350 + random() * 450;
      while (Date.now() < moment) {
        appendFileSync(path, log.lines(1 + Math.floor(random() * 200)));
        if (random() < 0.05) {
          rotations += 1;
          renameSync(path, `${path}.${rotations}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      child.kill('SIGKILL');
      await ended(child);
    }
    const child = run(process.execPath, [main_path, 'run', '--dir', dir]);
    await until(() => rig.gateway.records.size >= log.written.length);
    const began_ms = Date.now();
    child.kill('SIGTERM');
    assert.equal(await ended(child), 0);
    assert.ok(Date.now() - began_ms < 2000, 'it stops within two seconds');
    assert.ok(rotations > 0);
    assert.deepEqual(rig.gateway.texts('killed').sort(), [...log.written].sort());
    assert.deepEqual(rig.gateway.gaps, []);
  });

  it('ships 200 MB at full speed in less than 80 MB of memory, as one file', async () => {
    const built = await buildCollector(rig.path('apiary-collector.mjs'));
    const path = rig.path('full.json');
    const line = (n: number): string =>
      `{"eventid":"cowrie.login.failed","username":"root","password":"${(n * 7919) % 50_000}","message":"login attempt [root/${n}] failed","sensor":"honey","timestamp":"2026-01-01T00:00:00.${String(n % 1_000_000).padStart(6, '0')}Z","src_ip":"192.0.2.${n % 256}","session":"${(n * 2654435761).toString(16).padStart(12, '0')}","protocol":"ssh","pad":"................................................"}`;
    const lines_max = 680_000;
    let bytes = 0;
    for (let n = 0; n < lines_max; ) {
      let text = '';
      for (let i = 0; i < 10_000; i++) text += `${line(n++)}\n`;
      bytes += text.length;
      appendFileSync(path, text);
    }
    assert.ok(bytes > 200e6, `${bytes} bytes`);
    rig.gateway.keeps_records = false;
    const before = rig.gateway.received;
    const dir = rig.path('full');
    rig.gateway.enrolHere(dir);
    writeFileSync(
      `${dir}/collector.yaml`,
      `sensors:\n  - { name: full, type: cowrie, paths: { json: "${path}" } }\n`,
    );
    const child = run(built, ['run', '--dir', dir]);
    let rss_bytes = 0;
    const measure = (): void => {
      const status = `/proc/${child.pid}/status`;
      const found = existsSync(status) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8')) : null;
      rss_bytes = Math.max(rss_bytes, Number(found?.[1] ?? 0) * 1024);
    };
    await until(() => {
      measure();
      return rig.gateway.received - before >= lines_max;
    }, 120_000);
    rig.gateway.keeps_records = true;
    child.kill('SIGTERM');
    assert.equal(await ended(child), 0);
    assert.equal(rig.gateway.received - before, lines_max);
    assert.ok(rss_bytes > 20e6, 'memory was measured');
    assert.ok(rss_bytes < memory_bytes_max, `${Math.round(rss_bytes / 1024 / 1024)} MiB resident`);
  });

  it('answers wrong usage with what is right, and exit code 2', async () => {
    for (const args of [[], ['fly'], ['run', 'now'], ['run', '--fast'], ['enrol', '--server', 'x:1']]) {
      const child = spawn(process.execPath, [main_path, ...args]);
      let told = '';
      child.stderr.on('data', (text) => (told += text));
      assert.equal(await ended(child), 2, args.join(' '));
      assert.match(told, /apiary-collector enrol --server/);
    }
  });
});
