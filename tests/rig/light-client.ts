/** A peer that speaks the protocol with a collector's identity, and says what a collector never would. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { type BatchHeader, type Run, sealBatch } from '@apiary/model/batch.ts';

export interface Answer {
  status: number;
  body: Record<string, unknown> & {
    error?: { code: string; message: string; details: Record<string, unknown> };
  };
}

export class LightClient {
  readonly #agent: Agent;
  readonly #port: number;

  /** @param collector_directory of an enrolled collector */
  constructor(collector_directory: string, port: number) {
    const read = (name: string): Buffer => readFileSync(join(collector_directory, name));
    this.#port = port;
    this.#agent = new Agent({
      key: read('key.pem'),
      cert: read('cert.pem'),
      ca: read('authority.pem'),
      keepAlive: true,
      servername: '',
      checkServerIdentity: () => undefined,
    });
  }

  post(path: string, body: Buffer, headers: Record<string, string | number> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const message = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          method: 'POST',
          path,
          agent: this.#agent,
          headers: { 'Content-Length': body.length, ...headers },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk.toString('utf8');
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] }),
          );
        },
      );
      message.on('error', reject);
      message.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A batch of lines of one sensor. */
export function batchOfLines(
  change: Partial<BatchHeader> & { sensor: string; seq: number },
  lines: string[],
  first: number,
  stream = 'json',
): ReturnType<typeof sealBatch> {
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const run: Run = {
    stream,
    source: '/log',
    generation: '00000000000000aa',
    kind: 'lines',
    first: String(first),
    next: String(first + body.length),
    records: lines.length,
    bytes: body.length,
  };
  return sealBatch(
    {
      v: 1,
      spool_id: 'ab'.repeat(16),
      prev: '',
      sealed_ms: 1,
      records: lines.length,
      body_bytes: body.length,
      runs: [run],
      gaps: [],
      ...change,
    },
    body,
  );
}
