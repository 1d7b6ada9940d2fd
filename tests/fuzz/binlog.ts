/** Binary logs: what a decoder of theirs writes, up to the records made of it, and the walk over a log's events. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { BinlogOutput } from '@apiary/collector/readers/binlog-output.ts';
import { readFormat, scanGroups, sizeOf } from '@apiary/collector/readers/binlog-scan.ts';
import { BinlogTaker } from '@apiary/collector/readers/binlog-taker.ts';
import { MysqlSender } from '@apiary/collector/readers/mysql-sender.ts';
import { RowSink } from '@apiary/collector/testing/row-sink.ts';
import type { MysqlStream } from '@apiary/model/submodule.ts';
import { streams as kippo } from '@apiary/submodules/kippo/streams.ts';
import type { FuzzDecoder } from './decoder.ts';
import { Scratch } from './scratch.ts';

const source = kippo.sources.find((one): one is MysqlStream => one.kind === 'mysql')!;
const head = (end: number, kind: string): string =>
  `#261123  4:58:14 server id 1  end_log_pos ${end} CRC32 0x3122cda5 \t${kind}\n`;
const output = Buffer.from(
  `DELIMITER /*!*/;
# at 385
${head(427, 'GTID 0-1-28693 trans')}START TRANSACTION
/*!*/;
# at 427
${head(500, 'Annotate_rows:')}#Q> insert into auth values (1)
# at 500
${head(600, 'Table_map: `kippo`.`auth` mapped to number 68')}# Columns(INT NOT NULL,
#         CHAR(32) NOT NULL,
#         TINYINT NOT NULL,
#         VARCHAR(100) NOT NULL,
#         VARCHAR(100) NOT NULL,
#         DATETIME NOT NULL)
# at 600
${head(700, 'Write_rows: table id 68 flags: STMT_END_F')}### INSERT INTO \`kippo\`.\`auth\`
### SET
###   @1=7
###   @2='s1'
###   @3=-1 (255)
###   @4='it's \\x0a \\ "quoted" ü'
###   @5=NULL
###   @6='2026:02:03'
### UPDATE \`kippo\`.\`sessions\`
### WHERE
###   @1='s1'
### SET
###   @3='2026-01-02 03:05:06'
### DELETE FROM \`kippo\`.\`auth\`
### WHERE
###   @1=7
# Number of rows: 3
# at 700
${head(731, 'Xid = 74375')}COMMIT/*!*/;
# at 731
${head(760, 'Intvar')}SET INSERT_ID=5/*!*/;
# at 760
${head(800, 'User_var')}SET @\`v\`:=_utf8mb4 X'7573' COLLATE \`utf8mb4_general_ci\`/*!*/;
# at 800
${head(900, 'Query\tthread_id=17\texec_time=0\terror_code=0\txid=0')}use \`kippo\`/*!*/;
SET TIMESTAMP=1795407892/*!*/;
SET @@session.sql_mode=1411383296/*!*/;
insert into auth(session,success,username,password,timestamp) values('s',0,@v,x'00ff','2026-01-02'),('\\'',1.5e3,"a""b" 'c',0b1,now(6))
/*!*/;
`,
  'utf8',
);
const ends = [427, 500, 600, 700, 731, 760, 800, 900].flatMap((end) => [end, end]);

export const binlog_output: FuzzDecoder = {
  name: 'binlog_output',
  seeds: [output],
  words: [
    head(900, 'Query'),
    '### INSERT INTO `kippo`.`auth`\n',
    '###   @999999999=',
    "'\n",
    '/*!*/;',
    '\\x1',
    '{"$hex":"',
    '/*',
    '`',
  ],
  decode(input) {
    const sink = new RowSink();
    const waitForRoom = async (): Promise<void> => undefined;
    const sender = new MysqlSender({
      sink,
      source,
      record_bytes_max: 65_536,
      records_max: 20_000,
      waitForRoom,
    });
    const log = { name: 'bin.000001', number: 1 };
    const options = { sender, database: 'kippo', time_zone: 'UTC', log, record_bytes_max: 65_536 };
    const taker = new BinlogTaker({ ...options, boundaries: new Set([731, 900]), undone: new Set([900]) });
    const reader = new BinlogOutput(taker, { ends, is_loose: false });
    for (const [from, to] of [
      [0, input.length >> 1],
      [input.length >> 1, input.length],
    ] as const)
      reader.push(input.subarray(from, to));
    reader.finish();
    taker.finish();
    sender.closeAll();
    return sender.ready_bytes;
  },
  outputMax: (input_bytes) => 64 * input_bytes + 65_536,
};

const event = (type: number, body: Buffer): Buffer => {
  const bytes = Buffer.alloc(19);
  bytes[4] = type;
  bytes.writeUInt32LE(19 + body.length, 9);
  return Buffer.concat([bytes, body]);
};
const statement = (sql: string): Buffer => event(2, Buffer.concat([Buffer.alloc(14), Buffer.from(sql)]));
const scanned = Buffer.concat([
  Buffer.from([0xfe, 0x62, 0x69, 0x6e]),
  event(15, Buffer.alloc(57 + 40)),
  event(162, Buffer.alloc(19)),
  ...['BEGIN', 'insert into a values (1)', 'COMMIT', 'drop table a', 'BEGIN', 'ROLLBACK'].map(statement),
  event(16, Buffer.alloc(8)),
  event(4, Buffer.alloc(24)),
]);
const scratch = new Scratch();

export const binlog_scan: FuzzDecoder = {
  name: 'binlog_scan',
  seeds: [scanned],
  decode(input) {
    const path = scratch.path('bin.000001');
    writeFileSync(path, input);
    const fd = openSync(path, 'r');
    try {
      const format = readFormat(fd);
      if (format === undefined || typeof format === 'string') return 0;
      const part = scanGroups(fd, format, 4 + format.size, sizeOf(fd), 1e9);
      for (const [from, to] of part.ranges)
        if (from >= to || to > input.length) throw new Error(`${from} to ${to}`);
      if (part.next > input.length) throw new Error(`goes on at ${part.next} of ${input.length}`);
      return part.ends.length;
    } finally {
      closeSync(fd);
    }
  },
  close: () => scratch.remove(),
};
