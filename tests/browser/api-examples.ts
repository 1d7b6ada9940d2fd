/** Asks the examples of the API's description of a running demonstration, one after another as they stand. */
import assert from 'node:assert/strict';
import type { ApiExample } from '@apiary/server/api/examples.ts';
import type { APIRequestContext } from 'playwright-core';

/** What the words in capitals stand for. */
type Words = Map<string, string>;

const fill = (text: string, words: Words): string =>
  text.replace(/\b[A-Z][A-Z_]{2,}\b/g, (word) => words.get(word) ?? word);

/** Values that are a word alone are numbers where the word is one. */
function fillBody(value: unknown, words: Words): unknown {
  if (typeof value === 'string') {
    const filled = fill(value, words);
    return filled !== value && /^\d{1,15}$/.test(filled) && words.get(value) === filled
      ? Number(filled)
      : filled;
  }
  if (Array.isArray(value)) return value.map((one) => fillBody(one, words));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fillBody(one, words)]));
}

function valueAt(answer: unknown, path: string): string {
  const value = path
    .split('.')
    .reduce((at: unknown, name) => (at as Record<string, unknown> | undefined)?.[name], answer);
  assert.ok(value !== undefined && value !== null, `the answer has no ${path}`);
  return String(value);
}

/** @throws an assertion for an example that is refused */
export async function askExample(
  request: APIRequestContext,
  base: string,
  example: ApiExample,
  words: Words,
): Promise<void> {
  const { operation, path, body, takes } = example;
  const [method = ''] = operation.split(' ');
  const url = `${base}/api/v1${fill(path, words)}`;
  if (path.startsWith('/live')) {
    await hearLive(url, await request.storageState());
    return;
  }
  // Attacks and statements are texts of digits.
  const data = body === undefined ? {} : { data: fillBody(body, words) };
  const answer = await request.fetch(url, { method, ...data });
  assert.ok(
    answer.ok(),
    `${method} ${url} ${JSON.stringify(data)}: ${answer.status()} ${await answer.text()}`,
  );
  for (const [word, field] of Object.entries(takes ?? {}))
    words.set(word, valueAt(await answer.json(), field));
}

/** The stream begins; nobody waits for its end. */
async function hearLive(
  url: string,
  { cookies }: Awaited<ReturnType<APIRequestContext['storageState']>>,
): Promise<void> {
  const ending = new AbortController();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const answer = await fetch(url, { headers: { cookie }, signal: ending.signal });
  const { value } = await answer.body!.getReader().read();
  ending.abort();
  assert.match(Buffer.from(value!).toString('utf8'), /^: the stream begins/);
}

interface Found {
  events: { key: string; sensor_id: number; session: string; attacker_ip: string }[];
  incidents: { number: number; attacks: number }[];
}

/** Words for what a demonstration has. */
export async function findWords(request: APIRequestContext, base: string): Promise<Words> {
  const ask = async <T>(path: string): Promise<T> =>
    (await request.get(`${base}/api/v1${path}`)).json() as Promise<T>;
  const { events } = await ask<Found>('/events?last=7d&action=input&service=ssh&limit=50');
  const event = events.find(({ session }) => session !== '')!;
  const { artifacts } = await ask<{ artifacts: { sha256: string }[] }>('/artifacts?last=30d');
  const { incidents } = await ask<Found>('/incidents?last=7d&order=largest');
  const [largest, second, third] = incidents;
  const attacksOf = async (number: number) =>
    (await ask<{ attacks: { attack_id: string; source: string }[] }>(`/incidents/${number}`)).attacks;
  const attacks = await attacksOf(largest!.number);
  return new Map([
    ['EVENT', event.key],
    ['SENSOR', String(event.sensor_id)],
    ['SESSION', event.session],
    ['SOURCE', event.attacker_ip],
    ['FILE', artifacts[0]!.sha256],
    ['INCIDENT', String(second!.number)],
    ['OTHER_INCIDENT', String(third!.number)],
    ['INCIDENT_SOURCE', (await attacksOf(second!.number))[0]!.source],
    ['ATTACK', attacks[0]!.attack_id],
    ['SPLIT_INCIDENT', String(largest!.number)],
    ['SPLIT_ATTACK', attacks.at(-1)!.attack_id],
  ]);
}
