/** A UDP datagram as a record: who sent it to whom, as the network said, and its bytes, not interpreted. */
export interface Datagram {
  /** Microseconds since 1970, where a capture says when it was seen. */
  captured_us?: bigint;
  from: string;
  from_port: number;
  to?: string;
  to_port?: number;
  payload: Buffer;
}

/** JSON in the form that model/submodule.ts gives for captures. */
export function writeDatagram({ captured_us, from, from_port, to, to_port, payload }: Datagram): Buffer {
  return Buffer.from(
    JSON.stringify({
      ...(captured_us === undefined ? {} : { captured_us: Number(captured_us) }),
      from,
      from_port,
      ...(to === undefined ? {} : { to, to_port }),
      payload: { $hex: payload.toString('hex') },
    }),
  );
}
