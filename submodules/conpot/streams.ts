import type { MysqlColumn, SubmoduleStreams } from '@apiary/model/submodule.ts';

const text = (name: string): MysqlColumn => ({ name, type: 'text' });
const id: MysqlColumn = { name: 'id', type: 'integer' };
const behind_time = ['remote', 'protocol', 'request', 'response'].map(text);
const timestamp: MysqlColumn = { name: 'timestamp', type: 'time' };

/** Conpot's JsonLogger: one JSON object a line, its log, and for those who have neither its databases. T-Pot runs a Conpot for each template, each with files of its own. */
export const streams: SubmoduleStreams = {
  name: 'conpot',
  title: 'Conpot',
  sources: [
    {
      kind: 'lines',
      stream: 'json',
      usual_paths: [
        '/var/log/conpot.json',
        '/var/log/conpot/conpot.json',
        '/data/conpot/log/conpot_default.json',
        '/data/conpot/log/conpot_IEC104.json',
        '/data/conpot/log/conpot_guardian_ast.json',
        '/data/conpot/log/conpot_ipmi.json',
        '/data/conpot/log/conpot_kamstrup_382.json',
        '/data/conpot/log/conpot_beckhoff_cx.json',
        '/data/conpot/log/conpot_building_automation.json',
        '/data/conpot/log/conpot_hart_gateway.json',
        '/data/conpot/log/conpot_iccp.json',
        '/data/conpot/log/conpot_plc_modbus.json',
      ],
    },
    {
      kind: 'lines',
      stream: 'log',
      repeats: 'json',
      usual_paths: [
        '/var/log/conpot/conpot.log',
        '/var/log/conpot.log',
        '/data/conpot/log/conpot_default.log',
      ],
    },
    {
      kind: 'sqlite',
      repeats: 'json',
      usual_paths: ['/opt/conpot/logs/conpot.db', '/home/conpot/logs/conpot.db'],
      generation_table: 'events',
      tables: [{ stream: 'db_events', table: 'events' }],
    },
    {
      kind: 'mysql',
      repeats: 'json',
      usual_paths: [
        '/var/lib/mysql/*-bin.index',
        '/var/log/mysql/*-bin.index',
        '/var/lib/mysql/binlog.index',
      ],
      database: 'conpot',
      tables: [
        {
          ...{ stream: 'db_events', table: 'events', key: 'id' },
          columns: [id, text('sensorid'), text('session'), timestamp, ...behind_time],
        },
      ],
      statement_stream: 'statements',
    },
  ],
};
