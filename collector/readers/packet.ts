/** Finds the UDP datagram in a captured packet: link layer, VLAN tags, IPv4 or IPv6. Every length is checked. */
import type { Datagram } from './datagram.ts';

/** Link types of the tcpdump group's list. */
const link = { null: 0, ethernet: 1, raw: 101, sll: 113, ipv4: 228, ipv6: 229, sll2: 276 } as const;
/** Raw IP as some systems number it. */
const raw_links = new Set<number>([12, 14, link.raw, link.ipv4, link.ipv6]);
const ether = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100, service_vlan: 0x88a8 } as const;
const protocol_udp = 17;
const udp_head_bytes = 8;
/** Hop-by-hop, routing, destination options: extensions of IPv6 that may stand before UDP. */
const extensions = new Set([0, 43, 60]);
const extensions_max = 8;
const vlans_max = 4;

export type UdpPacket = Omit<Datagram, 'captured_us'> & {
  /** The capture holds less of it than was sent. */
  is_cut: boolean;
};

/** The datagram; undefined where the packet is something else, a later fragment, or broken. */
export function findUdp(packet: Buffer, link_type: number): UdpPacket | undefined {
  const at = findIp(packet, link_type);
  if (at === undefined || at >= packet.length) return undefined;
  const version = packet[at]! >> 4;
  if (version === 4) return readIpv4(packet.subarray(at));
  return version === 6 ? readIpv6(packet.subarray(at)) : undefined;
}

function findIp(packet: Buffer, link_type: number): number | undefined {
  if (raw_links.has(link_type)) return 0;
  if (link_type === link.null) return 4;
  if (link_type === link.sll) return isIp(packet, 14) ? 16 : undefined;
  if (link_type === link.sll2) return isIp(packet, 0) ? 20 : undefined;
  if (link_type !== link.ethernet) return undefined;
  let at = 12;
  for (let tags = 0; tags < vlans_max && isVlan(packet, at); tags += 1) at += 4;
  return isIp(packet, at) ? at + 2 : undefined;
}

const typeAt = (packet: Buffer, at: number): number =>
  at + 2 <= packet.length ? packet.readUInt16BE(at) : 0;
const isIp = (packet: Buffer, at: number): boolean =>
  typeAt(packet, at) === ether.ipv4 || typeAt(packet, at) === ether.ipv6;
const isVlan = (packet: Buffer, at: number): boolean =>
  typeAt(packet, at) === ether.vlan || typeAt(packet, at) === ether.service_vlan;

function readIpv4(ip: Buffer): UdpPacket | undefined {
  const head_bytes = (ip[0]! & 15) * 4;
  if (head_bytes < 20 || ip.length < head_bytes || ip[9] !== protocol_udp) return undefined;
  const fragment_offset = ip.readUInt16BE(6) & 0x1fff;
  if (fragment_offset !== 0) return undefined;
  const from = [...ip.subarray(12, 16)].join('.');
  const to = [...ip.subarray(16, 20)].join('.');
  return readUdp(ip.subarray(head_bytes), from, to);
}

function readIpv6(ip: Buffer): UdpPacket | undefined {
  if (ip.length < 40) return undefined;
  let next = ip[6]!;
  let at = 40;
  for (let count = 0; count < extensions_max && extensions.has(next); count += 1) {
    if (at + 2 > ip.length) return undefined;
    next = ip[at]!;
    at += (ip[at + 1]! + 1) * 8;
  }
  if (next !== protocol_udp || at > ip.length) return undefined;
  return readUdp(ip.subarray(at), showIpv6(ip.subarray(8, 24)), showIpv6(ip.subarray(24, 40)));
}

/** Eight groups, without any shortening: whoever reads it knows how to. */
const showIpv6 = (bytes: Buffer): string =>
  Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(group * 2).toString(16)).join(':');

function readUdp(udp: Buffer, from: string, to: string): UdpPacket | undefined {
  if (udp.length < udp_head_bytes) return undefined;
  const length = udp.readUInt16BE(4);
  if (length < udp_head_bytes) return undefined;
  const payload = udp.subarray(udp_head_bytes, length);
  return {
    ...{ from, from_port: udp.readUInt16BE(0), to, to_port: udp.readUInt16BE(2) },
    ...{ payload, is_cut: udp.length < length },
  };
}
