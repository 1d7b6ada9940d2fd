/** Bodies of requests and answers of the plain servers: gateway, enrolment, control socket. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { OperationalError } from '@apiary/model/errors.ts';

export function reply(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Reads a whole body; one that is longer than allowed ends the connection. */
export async function readBody(request: IncomingMessage, bytes_max: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytes_max) throw new OperationalError('batch_too_large', `a body of over ${bytes_max} bytes`);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

export function parse<T>(body: Buffer): T {
  try {
    return JSON.parse(body.toString('utf8')) as T;
  } catch {
    throw new OperationalError('input_invalid', 'the body is not JSON');
  }
}

/**
 * A text of an object that a peer sent.
 * @throws OperationalError `input_invalid` where it is none
 */
export function readText(value: unknown, name: string): string {
  const text =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  if (typeof text !== 'string')
    throw new OperationalError('input_invalid', `"${name}" is missing, or no text`);
  return text;
}
