import type { SqliteTable, SubmoduleStreams } from '@apiary/model/submodule.ts';

/** A flow goes on being counted for as long as requests come; looked at again are so many of the newest. */
const open_flows_within_rows = 2_000;

const ofSource = (pot: string, file: string): SqliteTable => ({
  ...{ stream: `${pot}_attack`, table: `${file}_attack`, changes_within_rows: open_flows_within_rows },
  parent: { table: `${file}_sources`, column: 'src_id', key: 'src_ip' },
});

const attacks: SqliteTable[] = [
  ofSource('chargen', 'chargenpot'),
  ofSource('generic', 'genericpot'),
  ofSource('ntp', 'ntpot'),
  ofSource('ssdp', 'ssdpot'),
  {
    ...{ stream: 'dns_attack', table: 'dnspot_attack', changes_within_rows: open_flows_within_rows },
    parent: { table: 'dnspot_domains', column: 'domain_id', key: 'id' },
  },
];

/**
 * DDoSPot's logs, one of each pot: requests as JSON, and what it does itself as plain lines in between; for those
 * who have no logs its databases, of each pot one.
 */
export const streams: SubmoduleStreams = {
  name: 'ddospot',
  title: 'DDoSPot',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: [
        '/data/ddospot/log/chargenpot.log',
        '/data/ddospot/log/dnspot.log',
        '/data/ddospot/log/genericpot.log',
        '/data/ddospot/log/ssdpot.log',
        '/data/ddospot/log/ntpot.log',
      ],
    },
    {
      kind: 'sqlite',
      repeats: 'log',
      usual_paths: [
        '/data/ddospot/db/chargenpot.sqlite3',
        '/data/ddospot/db/dnspot.sqlite3',
        '/data/ddospot/db/genericpot.sqlite3',
        '/data/ddospot/db/ssdpot.sqlite3',
        '/data/ddospot/db/ntpot.sqlite3',
      ],
      generation_table: attacks.map(({ table }) => table),
      tables: attacks,
    },
  ],
};
