/**
 * Connections of a container, read from outside in the tables of its network namespace, `/proc/PID/net/{tcp,tcp6,
 * udp,udp6}` (proc(5); the kernel's net/ipv4/tcp_ipv4.c), and their bytes from `/proc/PID/net/nf_conntrack` where
 * the kernel keeps one with accounting. A table is a picture: what opens and is gone between two pictures is not in
 * it, but for TCP that the container closed itself, which stays a minute as TIME_WAIT.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from './containers.ts';
import { type Probe, type Reading, stampNow } from './reading.ts';

export interface Connection {
  transport: 'tcp' | 'udp';
  local_ip: string;
  local_port: number;
  remote_ip: string;
  remote_port: number;
  state: string;
  uid: number;
}

interface Known extends Connection {
  direction: 'inbound' | 'outbound' | 'internal';
  since: string;
  since_ms: number;
  bytes_in?: number;
  bytes_out?: number;
}

const table_bytes_max = 4 * 1024 * 1024;
const connections_max = 20_000;
/** A port that was listened on so recently still tells which side began. */
const listened_for_ms = 600_000;
const states = [
  '',
  'established',
  'syn_sent',
  'syn_recv',
  'fin_wait1',
  'fin_wait2',
  'time_wait',
  'close',
  'close_wait',
  'last_ack',
  'listen',
  'closing',
  'new_syn_recv',
];

/** `0100007F:0016`: words of 32 bits in the order of the machine, which is little-endian wherever we run. */
function parseAddress(text: string): { ip: string; port: number } {
  const [hex = '', port = ''] = text.split(':');
  const bytes = Buffer.from(hex, 'hex');
  bytes.swap32();
  return { ip: showAddress(bytes), port: Number.parseInt(port, 16) };
}

function showAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const is_mapped = bytes.subarray(0, 12).equals(Buffer.from('00000000000000000000ffff', 'hex'));
  if (is_mapped) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

/** The lines of a table of sockets; what is cut at the end of the text is left out. */
export function parseTable(text: string, transport: 'tcp' | 'udp'): Connection[] {
  return text.split('\n').flatMap((line) => {
    const found =
      /^\s*\d+: ([0-9A-F]{8}(?:[0-9A-F]{24})?:[0-9A-F]{4}) ([0-9A-F]{8}(?:[0-9A-F]{24})?:[0-9A-F]{4}) ([0-9A-F]{2}) \S+ \S+ \S+\s+(\d+) /.exec(
        line,
      );
    if (found === null) return [];
    const local = parseAddress(found[1]!);
    const remote = parseAddress(found[2]!);
    const state = states[Number.parseInt(found[3]!, 16)] ?? found[3]!;
    const uid = Number(found[4]);
    return [
      {
        transport,
        local_ip: local.ip,
        local_port: local.port,
        remote_ip: remote.ip,
        remote_port: remote.port,
        state,
        uid,
      },
    ];
  });
}

export interface Flow {
  bytes_out: number;
  bytes_in: number;
}

const keyOf = ({
  transport,
  local_ip,
  local_port,
  remote_ip,
  remote_port,
}: Omit<Connection, 'state' | 'uid'>): string =>
  `${transport} ${local_ip} ${local_port} ${remote_ip} ${remote_port}`;

/** Bytes by connection, both ways round, of nf_conntrack's lines; empty where the kernel does not count. */
export function parseConntrack(text: string): Map<string, Flow> {
  const flows = new Map<string, Flow>();
  for (const line of text.split('\n')) {
    const found =
      /^ipv[46]\s+\d+ (tcp|udp)\s.*?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+) packets=\d+ bytes=(\d+) .*?src=\S+ dst=\S+ sport=\d+ dport=\d+ packets=\d+ bytes=(\d+) /.exec(
        line,
      );
    if (found === null) continue;
    const [, protocol, source, target, sport, dport, sent, answered] = found as unknown as string[];
    const transport = protocol as 'tcp' | 'udp';
    const [from, to] = [shortAddress(source!), shortAddress(target!)];
    const begun = {
      transport,
      local_ip: from,
      local_port: Number(sport),
      remote_ip: to,
      remote_port: Number(dport),
    };
    const taken = {
      transport,
      local_ip: to,
      local_port: Number(dport),
      remote_ip: from,
      remote_port: Number(sport),
    };
    flows.set(keyOf(begun), { bytes_out: Number(sent), bytes_in: Number(answered) });
    flows.set(keyOf(taken), { bytes_out: Number(answered), bytes_in: Number(sent) });
  }
  return flows;
}

/** nf_conntrack writes IPv6 in full. */
const shortAddress = (ip: string): string =>
  ip.includes(':') && URL.canParse(`http://[${ip}]/`) ? new URL(`http://[${ip}]/`).hostname.slice(1, -1) : ip;

const isLoopback = (ip: string): boolean => ip.startsWith('127.') || ip === '::1';
const isNowhere = (ip: string): boolean => ip === '0.0.0.0' || ip === '::';

/** One for all tables, which are read one at a time. */
let table_buffer: Buffer | undefined;

function readBounded(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    table_buffer ??= Buffer.allocUnsafeSlow(table_bytes_max);
    const buffer = table_buffer;
    let at = 0;
    while (at < buffer.length) {
      const count = readSync(fd, buffer, at, buffer.length - at, null);
      if (count === 0) break;
      at += count;
    }
    return buffer.toString('latin1', 0, at);
  } catch {
    // The last process of the namespace went meanwhile.
    return '';
  } finally {
    closeSync(fd);
  }
}

export class NetworkProbe implements Probe {
  readonly poll_ms: number;
  readonly source = 'proc/net';
  trouble = '';
  readonly #proc: string;
  readonly #known = new Map<string, Known>();
  readonly #listened = new Map<string, number>();
  #listening = new Map<string, Connection>();
  #life = '';
  /** What is open at the first look was perhaps told before this collector was started anew. */
  #is_first = true;

  constructor(options: { poll_ms?: number; proc?: string } = {}) {
    this.poll_ms = options.poll_ms ?? 250;
    this.#proc = options.proc ?? '/proc';
  }

  take(container: Container | undefined): Reading[] {
    const time = stampNow();
    const life = container?.pid === undefined ? '' : `${container.pid} ${container.started}`;
    const readings: Reading[] = [];
    if (life !== this.#life) {
      for (const known of this.#known.values()) readings.push(this.#close(known, time));
      this.#known.clear();
      this.#listening.clear();
      this.#listened.clear();
      this.#life = life;
    }
    if (container?.pid === undefined) return readings;
    const folder = join(this.#proc, String(container.pid), 'net');
    const sockets = (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap((name) =>
      parseTable(readBounded(join(folder, name)), name.startsWith('tcp') ? 'tcp' : 'udp'),
    );
    const flows = parseConntrack(readBounded(join(folder, 'nf_conntrack')));
    readings.push(...this.#listen(sockets, time));
    readings.push(...this.#follow(sockets, flows, time));
    this.#is_first = false;
    return readings;
  }

  /** Ports that began or ceased to be listened on. */
  #listen(sockets: readonly Connection[], time: string): Reading[] {
    const now = Date.now();
    const listening = new Map(
      sockets
        .filter(
          ({ transport, state, remote_ip }) =>
            state === 'listen' || (transport === 'udp' && isNowhere(remote_ip)),
        )
        .slice(0, connections_max)
        .map((socket) => [keyOf(socket), socket]),
    );
    const began = [...listening].filter(([key]) => !this.#listening.has(key));
    const ended = [...this.#listening].filter(([key]) => !listening.has(key));
    this.#listening = listening;
    for (const { transport, local_port } of listening.values())
      this.#listened.set(`${transport} ${local_port}`, now);
    for (const [port, seen_ms] of this.#listened)
      if (now - seen_ms > listened_for_ms) this.#listened.delete(port);
    const tell = (kind: string, { transport, local_ip, local_port, uid }: Connection): Reading => ({
      ...{ time, kind, transport, local_ip, local_port, uid },
    });
    return [
      ...began.map(([, socket]) => tell('listening', socket)),
      ...ended.map(([, socket]) => tell('not_listening', socket)),
    ];
  }

  #follow(sockets: readonly Connection[], flows: ReadonlyMap<string, Flow>, time: string): Reading[] {
    const readings: Reading[] = [];
    const present = new Set<string>();
    this.trouble = '';
    for (const socket of sockets) {
      if (socket.state === 'listen' || isNowhere(socket.remote_ip)) continue;
      const key = keyOf(socket);
      if (present.size >= connections_max) {
        this.trouble = `more than ${connections_max} connections: those beyond are not followed`;
        break;
      }
      present.add(key);
      let known = this.#known.get(key);
      if (known === undefined) {
        known = { ...socket, direction: this.#directionOf(socket), since: time, since_ms: Date.now() };
        this.#known.set(key, known);
        readings.push({
          time,
          kind: this.#is_first ? 'present' : 'opened',
          direction: known.direction,
          ...socket,
        });
      }
      known.state = socket.state;
      const flow = flows.get(key);
      if (flow !== undefined) Object.assign(known, flow);
    }
    for (const [key, known] of this.#known) {
      if (present.has(key)) continue;
      this.#known.delete(key);
      readings.push(this.#close(known, time));
    }
    return readings;
  }

  #directionOf({ transport, local_ip, remote_ip, local_port, state }: Connection): Known['direction'] {
    if (isLoopback(local_ip) || isLoopback(remote_ip) || local_ip === remote_ip) return 'internal';
    if (state === 'syn_sent') return 'outbound';
    return this.#listened.has(`${transport} ${local_port}`) ? 'inbound' : 'outbound';
  }

  #close({ since, since_ms, ...known }: Known, time: string): Reading {
    return { time, kind: 'closed', ...known, since, seconds: (Date.now() - since_ms) / 1000 };
  }
}
