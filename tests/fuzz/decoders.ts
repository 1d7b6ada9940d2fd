/** All decoders of bytes that come from outside. */
import { batch, batch_body, gateway_report, heartbeat } from './batch.ts';
import { binlog_output, binlog_scan } from './binlog.ts';
import type { FuzzDecoder } from './decoder.ts';
import { dump } from './dump.ts';
import { hpfeeds } from './hpfeeds.ts';
import { lines, paragraphs } from './paragraphs.ts';
import { sebek } from './sebek.ts';
import { journal_segment, spool_segment } from './spool.ts';
import { sqlite_rows } from './sqlite.ts';
import { syslog } from './syslog.ts';
import { terminal_recording, terminal_screen } from './terminal.ts';
import { analysis, filter_language, networks, shell } from './words.ts';
import { xml } from './xml.ts';

export const decoders: readonly FuzzDecoder[] = [
  ...[syslog, hpfeeds, sebek, xml, paragraphs, lines, sqlite_rows, spool_segment, journal_segment],
  ...[binlog_scan, binlog_output, dump],
  ...[batch, batch_body, heartbeat, gateway_report, terminal_recording, terminal_screen],
  ...[filter_language, networks, shell, analysis],
];
