/** The honeynet of the demonstration. */

export interface DemoHoneypot {
  name: string;
  sensor: string;
  type: 'cowrie' | 'dionaea';
  interaction: 'low' | 'medium';
  location: string;
  latitude: number;
  longitude: number;
  /** As in the recording. */
  address: string;
  recording: string;
  /** Its terminal recordings: JSON, name and bytes as base64, gzipped. */
  terminals?: string;
  services: { service: string; port: number }[];
}

export const honeynet = 'demonstration';

export const honeypots: readonly DemoHoneypot[] = [
  {
    name: 'kosice',
    sensor: 'cowrie-kosice',
    type: 'cowrie',
    interaction: 'medium',
    location: 'Košice',
    latitude: 48.716,
    longitude: 21.261,
    address: '198.51.100.10',
    recording: 'cowrie-kosice.json.gz',
    terminals: 'cowrie-kosice-terminals.json.gz',
    services: [
      { service: 'ssh', port: 22 },
      { service: 'telnet', port: 23 },
    ],
  },
  {
    name: 'bratislava',
    sensor: 'cowrie-bratislava',
    type: 'cowrie',
    interaction: 'medium',
    location: 'Bratislava',
    latitude: 48.149,
    longitude: 17.107,
    address: '198.51.100.11',
    recording: 'cowrie-bratislava.json.gz',
    services: [
      { service: 'ssh', port: 22 },
      { service: 'telnet', port: 23 },
    ],
  },
  {
    name: 'zilina',
    sensor: 'dionaea-zilina',
    type: 'dionaea',
    interaction: 'low',
    location: 'Žilina',
    latitude: 49.223,
    longitude: 18.74,
    address: '198.51.100.12',
    recording: 'dionaea-zilina.sqlite.gz',
    services: [
      { service: 'ftp', port: 21 },
      { service: 'http', port: 80 },
      { service: 'smb', port: 445 },
      { service: 'mssql', port: 1433 },
      { service: 'mysql', port: 3306 },
    ],
  },
];
