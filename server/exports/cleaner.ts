/** Takes out of texts what says where a honeypot stands: names, places and addresses, also inside payloads. */
import { createHmac, randomBytes } from 'node:crypto';
import { normalizeAddress } from '@apiary/model/networks.ts';
import type { StateDatabase } from '../state/database.ts';
import { describeInventory } from '../state/inventory-list.ts';

const secret_bytes = 32;
/** A shorter name would be found in the middle of other words. */
const word_length_min = 3;

export interface Cleaner {
  /** Private words stand as pseudonyms. */
  clean: (text: string) => string;
  /** Whether there is nothing private in it: only then it still matches what was seen. */
  isClean: (text: string) => boolean;
  /** The name of a sensor for others, the same in every export of this installation. */
  nameSensor: (sensor_id: number) => string;
}

/** The key of pseudonyms, made once. Whoever has it can tell them. */
export function readPseudonymKey(state: StateDatabase): Buffer {
  const row = state.get<{ value: string }>("SELECT value FROM setting WHERE name = 'pseudonym_key'");
  if (row !== undefined) return Buffer.from(row.value, 'hex');
  const secret = randomBytes(secret_bytes);
  state.run("INSERT INTO setting VALUES ('pseudonym_key', ?)", secret.toString('hex'));
  return secret;
}

/** Stands for a word that must not leave. */
export function pseudonym(secret: Buffer, word: string): string {
  return `sensor-${createHmac('sha256', secret).update(word).digest('hex').slice(0, 10)}`;
}

/** Names and addresses that say where a honeypot stands. */
function listPrivateWords(state: StateDatabase): string[] {
  const { honeypots, sensors, honeynets, collectors } = describeInventory(state);
  return [
    ...honeynets.map(({ name }) => name),
    ...honeypots.flatMap(({ name, location, addresses }) => [
      name,
      location,
      ...addresses.map(({ address }) => address),
    ]),
    ...sensors.map(({ name }) => name),
    ...collectors.map(({ name }) => name),
  ];
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** An address is one of its own: 192.0.2.6 is not in 192.0.2.66. */
const writePattern = (word: string): string =>
  normalizeAddress(word) === null ? escapePattern(word) : `(?<![0-9a-f])${escapePattern(word)}(?![0-9a-f])`;

/** Longest first, so that a name within another is not left behind. */
export function makeCleaner(state: StateDatabase): Cleaner {
  const secret = readPseudonymKey(state);
  const words = [...new Set(listPrivateWords(state))]
    .filter((word) => word.length >= word_length_min)
    .sort((a, b) => b.length - a.length);
  const nameSensor = (sensor_id: number): string => pseudonym(secret, `sensor ${sensor_id}`);
  if (words.length === 0) return { clean: (text) => text, isClean: () => true, nameSensor };
  const pattern = new RegExp(words.map(writePattern).join('|'), 'gi');
  return {
    clean: (text) => text.replace(pattern, (word) => pseudonym(secret, word.toLowerCase())),
    isClean: (text) => text.search(pattern) === -1,
    nameSensor,
  };
}
