/** Captures made by hand, as the formats have it. */

export const port = 1101;

/** Ethernet, IPv4 and UDP around a payload. */
export function packetOf(
  payload: Buffer,
  options: { to_port?: number; vlan?: boolean; more?: number } = {},
): Buffer {
  const { to_port = port, vlan = false, more = 0 } = options;
  const ethernet = Buffer.concat([
    Buffer.alloc(12),
    vlan ? Buffer.of(0x81, 0, 0, 7) : Buffer.alloc(0),
    Buffer.of(0x08, 0x00),
  ]);
  const ip = Buffer.alloc(20);
  ip[0] = 0x45;
  ip.writeUInt16BE(28 + payload.length + more, 2);
  ip[9] = 17;
  ip.set([198, 51, 100, 7], 12);
  ip.set([198, 51, 100, 1], 16);
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(40_000, 0);
  udp.writeUInt16BE(to_port, 2);
  udp.writeUInt16BE(8 + payload.length + more, 4);
  return Buffer.concat([ethernet, ip, udp, payload]);
}

export function pcap(packets: Buffer[], is_little = true, magic = 0xa1b2c3d4): Buffer {
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    if (is_little) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  };
  const head = Buffer.concat([
    u32(magic),
    u32(is_little ? 0x00040002 : 0x00020004),
    ...[0, 0, 65_535, 1].map(u32),
  ]);
  const parts = packets.flatMap((packet, index) => [
    ...[1_112_000_000 + index, 250_000, packet.length, packet.length].map(u32),
    packet,
  ]);
  return Buffer.concat([head, ...parts]);
}

export function pcapng(packets: Buffer[], resolution: number): Buffer {
  const block = (type: number, body: Buffer): Buffer => {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    const ends = Buffer.alloc(4);
    ends.writeUInt32LE(12 + padded.length);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(type);
    return Buffer.concat([head, ends, padded, ends]);
  };
  const words = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(4 * values.length);
    for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
    return bytes;
  };
  const ticks = (index: number): bigint => BigInt(1_112_000_000 + index) * 10n ** BigInt(resolution);
  return Buffer.concat([
    block(0x0a0d0d0a, words(0x1a2b3c4d, 1, 0xffffffff, 0xffffffff)),
    block(1, Buffer.concat([words(1, 65_535), Buffer.of(9, 0, 1, 0, resolution, 0, 0, 0), words(0)])),
    block(0x0bad, Buffer.alloc(400, 'x')),
    ...packets.map((packet, index) => {
      const when = ticks(index);
      const head = words(0, Number(when >> 32n), Number(when & 0xffffffffn), packet.length, packet.length);
      return block(6, Buffer.concat([head, packet]));
    }),
  ]);
}
