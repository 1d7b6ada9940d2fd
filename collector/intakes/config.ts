/** What the configuration says of network intakes, checked like the rest of it. */
import { isIP } from 'node:net';
import type { StreamSource, SubmoduleStreams } from '@apiary/model/submodule.ts';
import { isScalar, isSeq, type Node } from 'yaml';
import { type ConfigReader, describe } from '../config-reader.ts';
import { type Network, parseNetwork, type Route } from './senders.ts';
import type { TlsFiles } from './stream-server.ts';

interface Listening {
  host: string;
  port: number;
}

export interface SyslogConfig extends Listening {
  kind: 'syslog';
  transport: 'udp' | 'tcp' | 'tls';
  tls?: TlsFiles;
  /** A record is only what stands behind the header. */
  strips_header: boolean;
  senders: { network: Network; value: Route }[];
}

export interface HpfeedsConfig extends Listening {
  kind: 'hpfeeds';
  tls?: TlsFiles;
  /** Path of a file with a line `ident secret` each. */
  secrets: string;
  allow: Network[];
  /** `wraps`: the record is `{"ident", "channel", "payload"}`, otherwise the bare payload. */
  channels: { ident: string; channel: string; route: Route; wraps: boolean }[];
}

/** Datagrams of Sebek. */
export interface DatagramConfig extends Listening {
  kind: 'sebek';
  senders: { network: Network; value: Route }[];
}

export type IntakeConfig = SyslogConfig | HpfeedsConfig | DatagramConfig;

const kinds = ['syslog', 'hpfeeds', 'sebek'] as const;
const default_ports = { syslog: 5514, hpfeeds: 10_000, sebek: 1101 } as const;
const keys = {
  syslog: ['kind', 'listen', 'transport', 'certificate', 'key', 'authority', 'strip', 'senders'],
  hpfeeds: ['kind', 'listen', 'certificate', 'key', 'authority', 'secrets', 'allow', 'channels'],
  sebek: ['kind', 'listen', 'senders'],
} as const;
const loopback: Network[] = [
  { address: '127.0.0.0', prefix: 8 },
  { address: '::1', prefix: 128 },
];

/** What is known of the sensors when their intakes are read: the type of each, by name. */
export type SensorTypes = ReadonlyMap<string, string>;

class IntakeReader {
  readonly reader: ConfigReader;
  readonly types: SensorTypes;
  readonly streams: readonly SubmoduleStreams[];

  constructor(reader: ConfigReader, types: SensorTypes, streams: readonly SubmoduleStreams[]) {
    this.reader = reader;
    this.types = types;
    this.streams = streams;
  }

  choice<T extends string>(node: Node | undefined, what: string, choices: readonly T[], by_default: T): T {
    const value = isScalar(node) ? node.value : undefined;
    if (node === undefined) return by_default;
    if (choices.includes(value as T)) return value as T;
    this.reader.mistake(node, `${what} is ${describe(node)}`, `Write one of ${choices.join(', ')}.`);
    return by_default;
  }

  listening(node: Node | undefined, default_port: number): Listening {
    const text = this.reader.text(node, 'listen') ?? `127.0.0.1:${default_port}`;
    const found = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
    const host = found?.[1] ?? found?.[2] ?? '';
    const port = Number(found?.[3]);
    if (isIP(host) !== 0 && port >= 1 && port <= 65535) return { host, port };
    const remedy = 'Write an address and a port, for example 127.0.0.1:5514 or "[::1]:5514".';
    this.reader.mistake(node, `listen is ${describe(node)}`, remedy);
    return { host: '127.0.0.1', port: default_port };
  }

  path(node: Node | undefined, whole: Node, what: string): string {
    const path = this.reader.text(node, what) ?? '';
    if (!path.startsWith('/'))
      this.reader.mistake(node ?? whole, `${what} is no absolute path`, 'Write the path of a file.');
    return path;
  }

  tls(members: Map<string, Node>, whole: Node): TlsFiles {
    const authority = members.has('authority')
      ? { authority: this.path(members.get('authority'), whole, 'authority') }
      : {};
    return {
      certificate: this.path(members.get('certificate'), whole, 'certificate'),
      key: this.path(members.get('key'), whole, 'key'),
      ...authority,
    };
  }

  list(node: Node | undefined, whole: Node, what: string): Node[] {
    if (isSeq(node) && node.items.length > 0) return node.items as Node[];
    this.reader.mistake(node ?? whole, `${what} is ${describe(node)}`, `Write a list below "${what}:".`);
    return [];
  }

  network(node: Node | undefined, whole: Node, what: string): Network | undefined {
    const text = isScalar(node) && typeof node.value === 'string' ? node.value : '';
    const network = parseNetwork(text);
    if (network !== undefined) return network;
    const remedy = 'Write an address or a network, for example 198.51.100.7 or 198.51.100.0/24.';
    this.reader.mistake(node ?? whole, `${what} is ${describe(node)}`, remedy);
    return undefined;
  }

  /** The sensor of an entry and its stream: the one that is named, or else the first of a kind that fits. */
  route(members: Map<string, Node>, whole: Node, fits: (source: StreamSource) => boolean): Route | undefined {
    const sensor = this.reader.text(members.get('sensor'), 'sensor') ?? '';
    const type = this.types.get(sensor);
    if (type === undefined) {
      const remedy = `Known: ${[...this.types.keys()].join(', ')}.`;
      this.reader.mistake(
        members.get('sensor') ?? whole,
        `there is no sensor ${JSON.stringify(sensor)}`,
        remedy,
      );
      return undefined;
    }
    const sources = this.streams.find(({ name }) => name === type)?.sources.filter(fits) ?? [];
    const names = sources.flatMap((source) => ('stream' in source ? [source.stream] : []));
    const wanted = this.reader.text(members.get('stream'), 'stream') ?? names[0];
    if (wanted !== undefined && names.includes(wanted)) return { sensor, stream: wanted };
    const remedy =
      names.length === 0 ? 'Its type has none that this intake can feed.' : `Known: ${names.join(', ')}.`;
    const message = `a ${type} has no stream ${JSON.stringify(wanted ?? '')} for this intake`;
    this.reader.mistake(members.get('stream') ?? whole, message, remedy);
    return undefined;
  }

  senders(
    node: Node | undefined,
    whole: Node,
    fits: (source: StreamSource) => boolean,
  ): { network: Network; value: Route }[] {
    const seen = new Set<string>();
    return this.list(node, whole, 'senders').flatMap((item) => {
      const members = this.reader.members(item, 'a sender', ['from', 'sensor', 'stream']);
      const network = this.network(members.get('from'), item, 'from');
      const value = this.route(members, item, fits);
      if (network === undefined || value === undefined) return [];
      const key = `${network.address}/${network.prefix}`;
      if (seen.has(key))
        this.reader.mistake(members.get('from'), `${key} is there twice`, 'Each has one sensor.');
      seen.add(key);
      return [{ network, value }];
    });
  }
}

const isLines = (source: StreamSource): boolean => source.kind === 'lines';
const isDatagrams = (source: StreamSource): boolean =>
  source.kind === 'framed' && source.form.kind === 'capture';

export function readIntakes(
  config_reader: ConfigReader,
  node: Node | undefined,
  types: SensorTypes,
  streams: readonly SubmoduleStreams[],
): IntakeConfig[] {
  if (node === undefined) return [];
  const reader = new IntakeReader(config_reader, types, streams);
  return reader.list(node, node, 'intakes').map((item) => readIntake(reader, item));
}

function readIntake(reader: IntakeReader, item: Node): IntakeConfig {
  const all = [...new Set(Object.values(keys).flat())];
  const first = reader.reader.members(item, 'an intake', all);
  if (!first.has('kind'))
    reader.reader.mistake(item, 'an intake without kind', `Add "kind: …": ${kinds.join(', ')}.`);
  const kind = reader.choice(first.get('kind'), 'kind', kinds, 'syslog');
  for (const [key, value] of first) {
    if ((keys[kind] as readonly string[]).includes(key)) continue;
    reader.reader.mistake(
      value,
      `${key} has no meaning for ${kind}`,
      `Known there: ${keys[kind].join(', ')}.`,
    );
  }
  const listening = reader.listening(first.get('listen'), default_ports[kind]);
  if (kind === 'sebek')
    return { kind, ...listening, senders: reader.senders(first.get('senders'), item, isDatagrams) };
  if (kind === 'hpfeeds') return readHpfeeds(reader, first, item, listening);
  const transport = reader.choice(first.get('transport'), 'transport', ['udp', 'tcp', 'tls'] as const, 'udp');
  return {
    ...{ kind, ...listening, transport },
    ...(transport === 'tls' ? { tls: reader.tls(first, item) } : {}),
    strips_header: reader.choice(first.get('strip'), 'strip', ['nothing', 'header'], 'nothing') === 'header',
    senders: reader.senders(first.get('senders'), item, isLines),
  };
}

function readHpfeeds(
  reader: IntakeReader,
  members: Map<string, Node>,
  item: Node,
  listening: Listening,
): HpfeedsConfig {
  const seen = new Set<string>();
  const channels = reader.list(members.get('channels'), item, 'channels').flatMap((entry) => {
    const of_entry = reader.reader.members(entry, 'a channel', [
      'ident',
      'channel',
      'sensor',
      'stream',
      'record',
    ]);
    const ident = reader.reader.text(of_entry.get('ident'), 'ident') ?? '';
    const channel = reader.reader.text(of_entry.get('channel'), 'channel') ?? '';
    if (ident === '' || channel === '' || seen.has(`${ident}\0${channel}`)) {
      const remedy = 'Write "ident: …" and "channel: …"; each pair has one sensor.';
      reader.reader.mistake(entry, 'a channel without ident and channel of its own', remedy);
    }
    seen.add(`${ident}\0${channel}`);
    const wraps =
      reader.choice(of_entry.get('record'), 'record', ['payload', 'message'], 'payload') === 'message';
    const route = reader.route(of_entry, entry, isLines);
    return route === undefined ? [] : [{ ident, channel, route, wraps }];
  });
  const allow = members.has('allow')
    ? reader
        .list(members.get('allow'), item, 'allow')
        .flatMap((one) => reader.network(one, one, 'an address of allow') ?? [])
    : loopback;
  return {
    ...{ kind: 'hpfeeds', ...listening, allow, channels },
    secrets: reader.path(members.get('secrets'), item, 'secrets'),
    ...(members.has('certificate') || members.has('key') ? { tls: reader.tls(members, item) } : {}),
  };
}
