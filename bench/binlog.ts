/**
 * Binary log to spool: a log of a million rows that a real MariaDB wrote (ROW, in transactions of a thousand), read by
 * the binary log reader into a spool on disk, each time beside `mariadb-binlog -v` alone decoding it to nowhere.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BinlogReader, findDecoder } from '@apiary/collector/readers/binlog.ts';
import { Spool } from '@apiary/collector/spool/spool.ts';
import { needs_mariadb, TestMariadb } from '@apiary/collector/testing/mariadb.ts';
import type { MysqlStream } from '@apiary/model/submodule.ts';
import { streams as kippo } from '@apiary/submodules/kippo/streams.ts';

const rows_per_transaction = 1000;
const tables = `
  CREATE DATABASE kippo; USE kippo; CREATE TABLE sensors (id int NOT NULL auto_increment, ip varchar(45) NOT NULL, PRIMARY KEY (id));
  CREATE TABLE sessions (id char(32) NOT NULL, starttime datetime NOT NULL, endtime datetime default NULL,
    sensor int(4) NOT NULL, ip varchar(45) NOT NULL default '', termsize varchar(7) default NULL,
    client int(4) default NULL, PRIMARY KEY (id));
  CREATE TABLE auth (id int NOT NULL auto_increment, session char(32) NOT NULL, success tinyint(1) NOT NULL,
    username varchar(100) NOT NULL, password varchar(100) NOT NULL, timestamp datetime NOT NULL, PRIMARY KEY (id));
  INSERT INTO sensors (ip) VALUES ('198.51.100.7');
  INSERT INTO sessions (id, starttime, sensor, ip)
    SELECT md5(seq), from_unixtime(1795400000 + seq), 1, concat('203.0.113.', seq % 250) FROM seq_0_to_4999;
  FLUSH BINARY LOGS;
`;

/** Ten tries a session, 5,000 sessions in turn. */
const transaction = (index: number): string => {
  const seq = `(seq + ${index * rows_per_transaction})`;
  return `INSERT INTO auth (session, success, username, password, timestamp) SELECT md5(${seq} DIV 10 % 5000),
    ${seq} % 7 = 0, concat('user', ${seq} % 1000), concat('pass', ${seq}), from_unixtime(1795400000 + ${seq} DIV 100)
    FROM seq_0_to_${rows_per_transaction - 1};`;
};

async function record(folder: string, rows: number): Promise<{ logs: string; bytes: number; last: string }> {
  const mariadb = await TestMariadb.start(folder, ['binlog_format=ROW', 'innodb_flush_log_at_trx_commit=0']);
  try {
    mariadb.run(tables);
    const all = Array.from({ length: rows / rows_per_transaction }, (_, index) => transaction(index));
    mariadb.run(all.join('\n'), 'kippo');
  } finally {
    await mariadb.stop();
  }
  const last = mariadb.logs().at(-1)!;
  return { logs: join(folder, 'logs', 'mysql-bin.*'), bytes: statSync(last).size, last };
}

/** Seconds of the decoder alone. */
function decodeAlone(log: string): number {
  const nowhere = openSync('/dev/null', 'w');
  const began = performance.now();
  const words = ['--base64-output=decode-rows', '-v', log];
  const { status } = spawnSync(findDecoder()!, words, { stdio: ['ignore', nowhere, 'inherit'] });
  closeSync(nowhere);
  if (status !== 0) throw new Error(`the decoder ended with ${status}`);
  return (performance.now() - began) / 1000;
}

/** Seconds from the log to the last sealed batch. */
async function readIntoSpool(logs: string, folder: string, rows: number): Promise<number> {
  const spool = new Spool({
    ...{ folder: join(folder, 'spool'), bytes_max: 8 * 1024 ** 3, keep_acknowledged_hours: 1 },
    ...{ batch_bytes_max: 1024 * 1024, records_max: 20_000, linger_ms: 200, sensors: [{ name: 'kippo' }] },
  });
  const chain = spool.chains.get('kippo')!;
  const reader = new BinlogReader(chain, {
    ...{ source: kippo.sources.find((one): one is MysqlStream => one.kind === 'mysql')!, patterns: [logs] },
    ...{
      database: 'kippo',
      work_folder: join(folder, 'work'),
      record_bytes_max: 256 * 1024,
      records_max: 20_000,
    },
  });
  const began = performance.now();
  await reader.poll();
  await chain.seal();
  await chain.seal();
  const seconds = (performance.now() - began) / 1000;
  if (reader.status().trouble !== '') throw new Error(reader.status().trouble);
  if (chain.waiting_records < rows) throw new Error(`only ${chain.waiting_records} records of ${rows} rows`);
  await reader.stop();
  await spool.stop();
  return seconds;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

export async function run(options: Record<string, string | boolean | undefined>): Promise<unknown> {
  if (needs_mariadb !== false) throw new Error(needs_mariadb);
  const rows = Number(options.lines ?? 1_000_000);
  const rounds = Number(options.rounds ?? 5);
  const folder = mkdtempSync(join(tmpdir(), 'apiary-bench-binlog-'));
  try {
    const { logs, bytes, last } = await record(join(folder, 'server'), rows);
    const alone: number[] = [];
    const delivered: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      alone.push(rows / decodeAlone(last));
      const place = join(folder, `round-${round}`);
      delivered.push(rows / (await readIntoSpool(logs, place, rows)));
      rmSync(place, { recursive: true, force: true });
    }
    const ratios = delivered.map((rate, round) => rate / alone[round]!);
    return {
      ...{ rows, log_bytes: bytes, delivered_rows_per_second: rounded(median(delivered)) },
      ...{ decoder_rows_per_second: rounded(median(alone)), ratio: rounded(median(ratios), 3) },
      ...{
        delivered: delivered.map((rate) => rounded(rate)),
        ratios: ratios.map((ratio) => rounded(ratio, 3)),
      },
      peak_memory_mib: rounded(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
