/**
 * Packets of capture files: pcap (tcpdump's format, both byte orders, microseconds and nanoseconds) and pcapng
 * (section, interface, enhanced and simple packet blocks; others are passed over). Every length is checked: what does
 * not fit ends the reading of the file.
 */
import { writeDatagram } from './datagram.ts';
import type { FramedPart, FramedRecord, Framer } from './framed.ts';
import { findUdp } from './packet.ts';

const magic = { pcap: 0xa1b2c3d4, pcap_ns: 0xa1b23c4d, pcapng: 0x0a0d0d0a, order: 0x1a2b3c4d } as const;
const pcap_head_bytes = 24;
const packet_head_bytes = 16;
/** Longer packets are no datagrams: they are passed over, as far as their length can be true. */
const packet_bytes_max = 256 * 1024;
export const announced_bytes_max = 256 * 1024 * 1024;
/** What of the bytes can be left over for the next time: a packet that is not whole yet. */
export const waiting_bytes_max = packet_bytes_max + packet_head_bytes;
const block = { section: magic.pcapng, interface: 1, simple: 3, enhanced: 6 } as const;
export const interfaces_max = 1024;
const option_timestamp_resolution = 9;

interface Interface {
  link: number;
  /** Ticks of its clock in a second, decimal. */
  ticks: string;
}

/** What stands before the present offset and is needed to read on. */
interface CaptureState {
  form: 'unknown' | 'pcap' | 'pcapng';
  is_little: boolean;
  interfaces: Interface[];
}

const fresh: CaptureState = { form: 'unknown', is_little: true, interfaces: [] };

export class CaptureFramer implements Framer {
  readonly #udp_port: number;
  #state: CaptureState;

  constructor(udp_port: number, state?: unknown) {
    this.#udp_port = udp_port;
    this.#state = (state as CaptureState | undefined) ?? fresh;
  }

  get state(): unknown {
    return this.#state;
  }

  frame(bytes: Buffer, base: number): FramedPart {
    const records: FramedRecord[] = [];
    let used = 0;
    while (used < bytes.length) {
      const rest = bytes.subarray(used);
      const step =
        this.#state.form === 'unknown' ? this.#begin(rest) : this.#next(rest, base + used, records);
      if (typeof step === 'string') return { records, used, trouble: step };
      if (step === 0) break;
      used += step;
    }
    return { records, used };
  }

  #u32 = (bytes: Buffer, at: number): number =>
    this.#state.is_little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  #u16 = (bytes: Buffer, at: number): number =>
    this.#state.is_little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);

  /** Bytes that were read, 0 where more are needed, or what is wrong. */
  #begin(bytes: Buffer): number | string {
    if (bytes.length < pcap_head_bytes) return 0;
    if (bytes.readUInt32BE(0) === magic.pcapng) {
      this.#state = { ...fresh, form: 'pcapng' };
      return this.#next(bytes, 0, []);
    }
    for (const is_little of [true, false]) {
      const found = is_little ? bytes.readUInt32LE(0) : bytes.readUInt32BE(0);
      if (found !== magic.pcap && found !== magic.pcap_ns) continue;
      this.#state = { form: 'pcap', is_little, interfaces: [] };
      const ticks = found === magic.pcap ? '1000000' : '1000000000';
      this.#state.interfaces = [{ link: this.#u32(bytes, 20) & 0xffff, ticks }];
      return pcap_head_bytes;
    }
    return 'it is neither pcap nor pcapng';
  }

  #next(bytes: Buffer, place: number, records: FramedRecord[]): number | string {
    return this.#state.form === 'pcap'
      ? this.#nextPacket(bytes, place, records)
      : this.#nextBlock(bytes, place, records);
  }

  #nextPacket(bytes: Buffer, place: number, records: FramedRecord[]): number | string {
    if (bytes.length < packet_head_bytes) return 0;
    const size = this.#u32(bytes, 8);
    if (size > announced_bytes_max) return `a packet announces ${size} bytes`;
    if (size > packet_bytes_max) return packet_head_bytes + size;
    if (bytes.length < packet_head_bytes + size) return 0;
    const of = this.#state.interfaces[0]!;
    const micro = 1_000_000n / (BigInt(of.ticks) / 1_000_000n);
    const fraction = (BigInt(this.#u32(bytes, 4)) * micro) / 1_000_000n;
    const captured_us = BigInt(this.#u32(bytes, 0)) * 1_000_000n + fraction;
    const packet = bytes.subarray(packet_head_bytes, packet_head_bytes + size);
    this.#take(packet, of.link, captured_us, place, records);
    return packet_head_bytes + size;
  }

  #nextBlock(bytes: Buffer, place: number, records: FramedRecord[]): number | string {
    if (bytes.length < 12) return 0;
    const is_section = bytes.readUInt32BE(0) === block.section;
    if (is_section) {
      const is_little = bytes.readUInt32LE(8) === magic.order;
      if (!is_little && bytes.readUInt32BE(8) !== magic.order) return 'a section has no byte order';
      this.#state = { form: 'pcapng', is_little, interfaces: [] };
    }
    const type = this.#u32(bytes, 0);
    const size = this.#u32(bytes, 4);
    if (size < 12 || size % 4 !== 0 || size > announced_bytes_max) return `a block announces ${size} bytes`;
    const is_ours = type === block.interface || type === block.enhanced || type === block.simple;
    // What is not read need not be there: the reader goes on behind it.
    if (!is_ours || size > packet_bytes_max) return size;
    if (bytes.length < size) return 0;
    const body = bytes.subarray(8, size - 4);
    if (type === block.interface) return this.#addInterface(body) ?? size;
    this.#takeBlock(type, body, place, records);
    return size;
  }

  #addInterface(body: Buffer): string | undefined {
    if (body.length < 8) return 'an interface is cut';
    if (this.#state.interfaces.length >= interfaces_max) return `over ${interfaces_max} interfaces`;
    let ticks = '1000000';
    for (let at = 8; at + 4 <= body.length; ) {
      const code = this.#u16(body, at);
      const length = this.#u16(body, at + 2);
      if (code === 0) break;
      if (code === option_timestamp_resolution && length >= 1 && at + 5 <= body.length) {
        const exponent = BigInt(body[at + 4]! & 0x7f);
        if (exponent <= 63n) ticks = String((body[at + 4]! & 0x80) === 0 ? 10n ** exponent : 2n ** exponent);
      }
      at += 4 + length + ((4 - (length % 4)) % 4);
    }
    const { form, is_little, interfaces } = this.#state;
    this.#state = { form, is_little, interfaces: [...interfaces, { link: this.#u16(body, 0), ticks }] };
    return undefined;
  }

  #takeBlock(type: number, body: Buffer, place: number, records: FramedRecord[]): void {
    const is_simple = type === block.simple;
    if (body.length < (is_simple ? 4 : 20)) return;
    const of = this.#state.interfaces[is_simple ? 0 : this.#u32(body, 0)];
    if (of === undefined) return;
    if (is_simple) {
      this.#take(body.subarray(4, 4 + this.#u32(body, 0)), of.link, undefined, place, records);
      return;
    }
    const ticks = (BigInt(this.#u32(body, 4)) << 32n) | BigInt(this.#u32(body, 8));
    const captured_us = (ticks * 1_000_000n) / BigInt(of.ticks);
    this.#take(body.subarray(20, 20 + this.#u32(body, 12)), of.link, captured_us, place, records);
  }

  #take(
    packet: Buffer,
    link: number,
    captured_us: bigint | undefined,
    place: number,
    records: FramedRecord[],
  ): void {
    const found = findUdp(packet, link);
    if (found === undefined || (found.to_port !== this.#udp_port && found.from_port !== this.#udp_port))
      return;
    const { is_cut, ...datagram } = found;
    const bytes = writeDatagram({ ...datagram, ...(captured_us === undefined ? {} : { captured_us }) });
    records.push({ place, bytes, original_size: bytes.length, is_cut });
  }
}
