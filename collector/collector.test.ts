import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { SubmoduleStreams } from '@apiary/model/submodule.ts';
import { type RunningCollector, startCollector } from './collector.ts';
import { type CollectorConfig, parseConfig } from './config.ts';
import { TestAuthority } from './testing/certificates.ts';
import { FakeGateway } from './testing/fake-gateway.ts';
import { until } from './testing/until.ts';

const streams: SubmoduleStreams[] = [
  { name: 'cowrie', title: 'Cowrie', sources: [{ kind: 'lines', stream: 'json', usual_paths: [] }] },
];

describe('collector', () => {
  const folder = mkdtempSync(join(tmpdir(), 'collector-'));
  let gateway: FakeGateway;
  let running: RunningCollector | undefined;
  let number = 0;

  before(async () => {
    gateway = new FakeGateway(new TestAuthority(join(folder, 'pki')));
    await gateway.listen();
  });
  after(async () => {
    await running?.stop();
    await gateway.close();
    rmSync(folder, { recursive: true });
  });

  const configure = (text: string): CollectorConfig => {
    const { config, mistakes } = parseConfig(text, streams);
    assert.deepEqual(mistakes, []);
    return config;
  };

  /** Starts a collector in a fresh state directory, following one log. */
  const start = async (path: string, extra = ''): Promise<string> => {
    const dir = join(folder, `state-${++number}`);
    gateway.enrolHere(dir);
    const config = configure(
      `sensors:\n  - { name: s${number}, type: cowrie, paths: { json: ${path} } }\n${extra}`,
    );
    running = await startCollector({ dir, config, streams, version: 'test', idle_ms: 300 });
    return `s${number}`;
  };

  const lines = (from: number, count: number): string =>
    Array.from({ length: count }, (_, index) => `line ${from + index} ${number}\n`).join('');
  const expected = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `line ${index} ${number}`).sort();

  it('ships what a file holds and what is appended, once each', async () => {
    const path = join(folder, 'a.json');
    number += 1;
    writeFileSync(path, lines(0, 1000));
    number -= 1;
    const sensor = await start(path);
    appendFileSync(path, lines(1000, 500));
    appendFileSync(path, 'no end yet');
    await until(() => gateway.texts(sensor).length >= 1500);
    await running!.stop();
    running = undefined;
    assert.deepEqual(gateway.texts(sensor).sort(), expected(1500));
    assert.equal(gateway.received, 1500);
  });
});
