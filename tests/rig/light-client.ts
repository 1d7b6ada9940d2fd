/** A peer that speaks the protocol with a collector's identity, and says what a collector never would. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { type BatchHeader, encodeFrame, type Run, sealBatch } from '@apiary/model/batch.ts';

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

/** A batch of one run, the first of its spool unless it says otherwise. */
function batchOfRun(
  change: Partial<BatchHeader> & { sensor: string; seq: number },
  run: Pick<Run, 'stream' | 'kind' | 'first' | 'next' | 'records'>,
  body: Buffer,
): ReturnType<typeof sealBatch> {
  const header: BatchHeader = {
    v: 1,
    spool_id: 'ab'.repeat(16),
    prev: '',
    sealed_ms: 1,
    records: run.records,
    body_bytes: body.length,
    runs: [{ ...run, source: '/log', generation: '00000000000000aa', bytes: body.length }],
    gaps: [],
    ...change,
  };
  return sealBatch(header, body);
}

/** A batch of lines of one sensor. */
export function batchOfLines(
  change: Partial<BatchHeader> & { sensor: string; seq: number },
  lines: string[],
  first: number,
  stream = 'json',
): ReturnType<typeof sealBatch> {
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const places = { first: String(first), next: String(first + body.length) };
  return batchOfRun(change, { stream, kind: 'lines', ...places, records: lines.length }, body);
}

/** A batch of one record at `place`, in a run that says that its places are from the first to before the next. */
export function batchOfFrame(
  sensor: string,
  place: bigint,
  [first, next]: [string, string],
): ReturnType<typeof sealBatch> {
  const body = encodeFrame(place, 0, 1, Buffer.from('x'));
  return batchOfRun({ sensor, seq: 1 }, { stream: 'json', kind: 'frames', first, next, records: 1 }, body);
}
