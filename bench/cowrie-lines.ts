/** Many real Cowrie lines: the demonstration's recording again and again, each round with sessions of its own. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const recording = new URL('../demo/recordings/cowrie-kosice.json.gz', import.meta.url);

/** @returns whole lines, each with its newline */
export function makeCowrieLines(count: number): Buffer {
  const lines = gunzipSync(readFileSync(recording)).toString('utf8').split('\n').slice(0, -1);
  const parts: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const round = Math.floor(index / lines.length);
    const line = lines[index % lines.length] as string;
    const day = new Date(Date.UTC(2026, 0, 1 + (round % 28))).toISOString().slice(0, 10);
    const session = round.toString(16).padStart(4, '0');
    parts.push(
      line
        .replace(/"timestamp":"\d{4}-\d{2}-\d{2}/, `"timestamp":"${day}`)
        .replace(
          /"session":"([0-9a-f]{4})/,
          (_, head: string) =>
            `"session":"${(Number.parseInt(head, 16) ^ Number.parseInt(session, 16)).toString(16).padStart(4, '0')}`,
        ),
      '\n',
    );
  }
  return Buffer.from(parts.join(''));
}
