/**
 * The wire protocol of hpfeeds (docs/protocol.rst of hpfeeds/hpfeeds):
 *
 *     message := u32be length of all | u8 operation | body
 *     text    := u8 length | bytes
 *
 *     0 error        body: what is wrong
 *     1 info         text broker | nonce
 *     2 auth         text ident | SHA-1 of nonce and secret
 *     3 publish      text ident | text channel | payload
 *     4 subscribe    text ident | channel
 *     5 unsubscribe  text ident | channel
 */
import { createHash, timingSafeEqual } from 'node:crypto';

export const operations = { error: 0, info: 1, auth: 2, publish: 3, subscribe: 4, unsubscribe: 5 } as const;

export type HpfeedsMessage =
  | { kind: 'auth'; ident: string; signature: Buffer }
  /** `payload` is its beginning where `original_size`, in bytes, is more. */
  | { kind: 'publish'; ident: string; channel: string; payload: Buffer; original_size: number }
  | { kind: 'subscribe' | 'unsubscribe'; ident: string; channel: string };

const head_bytes = 5;
const text_bytes_max = 256;
const sha1_bytes = 20;

/** What clients may send at most: ten times what the first ones did, and more than the last ones do. */
export const message_bytes_max = 16 * 1024 * 1024;

/** Bytes that are wanted of one message; what a longer one has beyond them is passed over. */
export const wantedOfMessage = (payload_bytes_max: number): number =>
  head_bytes + 2 * text_bytes_max + payload_bytes_max;

/**
 * Whole messages at the start of `bytes`, how much of it they are, and whether what follows can be a message. A payload
 * that is too long is cut: `skip` is how much of the last message is still to come.
 */
export function decodeMessages(
  bytes: Buffer,
  payload_bytes_max: number,
): { messages: HpfeedsMessage[]; used: number; skip: number; is_sound: boolean } {
  const messages: HpfeedsMessage[] = [];
  let used = 0;
  let skip = 0;
  while (skip === 0 && used + head_bytes <= bytes.length) {
    const length = bytes.readUInt32BE(used);
    const operation = bytes[used + 4]!;
    if (length < head_bytes || length > largest(operation)) return { messages, used, skip, is_sound: false };
    const wanted = Math.min(length, wantedOfMessage(payload_bytes_max));
    if (used + wanted > bytes.length) break;
    const message = decodeBody(operation, bytes.subarray(used + head_bytes, used + wanted));
    if (message === undefined) return { messages, used, skip, is_sound: false };
    if (message.kind === 'publish') {
      message.original_size += length - wanted;
      message.payload = message.payload.subarray(0, payload_bytes_max);
    }
    messages.push(message);
    skip = Math.max(0, used + length - bytes.length);
    used += length - skip;
  }
  return { messages, used, skip, is_sound: true };
}

/** Bytes of the largest message of an operation; 0 for what only a broker sends, or nobody. */
function largest(operation: number): number {
  if (operation === operations.auth) return head_bytes + text_bytes_max + sha1_bytes;
  if (operation === operations.publish) return message_bytes_max;
  if (operation === operations.subscribe || operation === operations.unsubscribe)
    return head_bytes + 2 * text_bytes_max;
  return 0;
}

function decodeBody(operation: number, body: Buffer): HpfeedsMessage | undefined {
  const first = readText(body);
  if (first === undefined) return undefined;
  const { text: ident, rest } = first;
  if (operation === operations.auth)
    return rest.length === sha1_bytes ? { kind: 'auth', ident, signature: rest } : undefined;
  if (operation === operations.publish) {
    const second = readText(rest);
    if (second === undefined) return undefined;
    const { text: channel, rest: payload } = second;
    return { kind: 'publish', ident, channel, payload, original_size: payload.length };
  }
  const kind = operation === operations.subscribe ? 'subscribe' : 'unsubscribe';
  return { kind, ident, channel: rest.toString('latin1') };
}

/** Names are bytes; latin1 keeps each as one character. */
function readText(bytes: Buffer): { text: string; rest: Buffer } | undefined {
  const length = bytes[0];
  if (length === undefined || length === 0 || 1 + length > bytes.length) return undefined;
  return { text: bytes.toString('latin1', 1, 1 + length), rest: bytes.subarray(1 + length) };
}

function encode(operation: number, body: Buffer): Buffer {
  const head = Buffer.alloc(head_bytes);
  head.writeUInt32BE(head_bytes + body.length);
  head[4] = operation;
  return Buffer.concat([head, body]);
}

const encodeText = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
};

export const encodeError = (message: string): Buffer =>
  encode(operations.error, Buffer.from(message, 'latin1'));

export const encodeInfo = (broker: string, nonce: Buffer): Buffer =>
  encode(operations.info, Buffer.concat([encodeText(broker), nonce]));

export function isSigned(signature: Buffer, nonce: Buffer, secret: string): boolean {
  const expected = createHash('sha1').update(nonce).update(secret, 'utf8').digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

/** Lines `ident secret`; empty lines and those that begin with # say nothing. */
export function parseSecrets(text: string): Map<string, string> {
  const secrets = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, ident, secret] = /^\s*(?!#)(\S+)\s+(\S.*?)\s*$/.exec(line) ?? [];
    if (ident !== undefined && secret !== undefined)
      secrets.set(Buffer.from(ident, 'utf8').toString('latin1'), secret);
  }
  return secrets;
}
