import assert from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readConfig, splitAddress } from './config.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'apiary-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));
const read = (text: string): ReturnType<typeof readConfig> => {
  writeFileSync(join(directory, 'apiary.yaml'), text);
  return readConfig(directory);
};

test('without a file the pages listen on loopback only, and not where collectors come', () => {
  const config = readConfig(directory);
  assert.strictEqual(config.web.listen, '127.0.0.1:8080');
  assert.notStrictEqual(splitAddress(config.web.listen).port, splitAddress(config.gateway.listen).port);
});

test('a mistake is named with its line, its place and what is wrong', () => {
  assert.throws(() => read('web:\n  listen: 8080\n'), /apiary\.yaml:2: web\.listen: .*/);
  assert.throws(() => read('web: {}\ngatway: {}\n'), /gatway/);
  assert.throws(() => read('store: { connections: 0 }\n'), /store\.connections/);
  assert.throws(() => read('web: [\n'), /apiary\.yaml/);
  assert.throws(() => readConfig(directory, join(directory, 'other.yaml')), /is not there/);
});

test('pages and collectors never share a port', () => {
  assert.throws(() => read('web: { listen: "0.0.0.0:7443" }\n'), /share port 7443/);
  assert.throws(() => read('enrolment: { listen: "0.0.0.0:7443" }\n'), /share port 7443/);
});

test('TLS of the pages is whole or not at all', () => {
  assert.throws(() => read('web: { tls_key: key.pem }\n'), /needs both/);
});

test('a cluster is one of ClickHouse, by its one name, and never the embedded engine', () => {
  const url = 'clickhouse_url: "http://apiary:x@node-1:8123/apiary"';
  assert.strictEqual(read(`store: { ${url}, cluster: apiary }\n`).store.cluster, 'apiary');
  assert.throws(
    () => read('store: { cluster: apiary }\n'),
    /apiary\.yaml: store\.cluster without store\.clickhouse_url: the embedded engine is no cluster/,
  );
  assert.throws(
    () => read(`store:\n  ${url}\n  cluster: other\n`),
    /apiary\.yaml:3: store\.cluster: must be apiary/,
  );
});

test('an address is host and port, also of IPv6', () => {
  assert.deepStrictEqual(splitAddress('[::1]:8080'), { host: '::1', port: 8080 });
});
