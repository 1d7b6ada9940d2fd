/** Takes out of texts what says where a honeypot stands: names, places and addresses, also inside payloads and encoded. */
import { createHmac, randomBytes } from 'node:crypto';
import { type AddressRange, addressNumber, normalizeAddress, parseNetwork } from '@apiary/model/networks.ts';
import type { StateDatabase } from '../state/database.ts';
import { describeInventory, listKnownSources } from '../state/inventory-list.ts';
import { findEncoded } from './encoded-text.ts';

const secret_bytes = 32;
/** A shorter name would be found in the middle of other words. */
const word_length_min = 3;
/** A shorter one comes about by chance where bytes that are no text are read as text. */
const encoded_length_min = 6;

export interface Cleaner {
  /** Private words stand as pseudonyms. */
  clean: (text: string) => string;
  /** Whether there is nothing private in it: only then it still matches what was seen. */
  isClean: (text: string) => boolean;
  /** Whether an address is a known source of one's own, as a scanner is: nobody else should act on it. */
  isOwn: (address: string) => boolean;
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
      ...addresses.flatMap(({ address }) => [address, ...numbersOf(address)]),
    ]),
    ...sensors.map(({ name }) => name),
    ...collectors.map(({ name }) => name),
  ];
}

/** An IPv4 address as the number that it is, as URLs may have it. */
function numbersOf(address: string): string[] {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255))
    return [];
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  return [String(number), `0x${number.toString(16).padStart(8, '0')}`];
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** An address, or a number, is one of its own: 192.0.2.6 is not in 192.0.2.66. */
function writePattern(word: string): string {
  const sign = word.includes(':') ? '[0-9a-f]' : '\\d';
  const is_number = normalizeAddress(word) !== null || /^\d+$/.test(word);
  return is_number ? `(?<!${sign})${escapePattern(word)}(?!${sign})` : escapePattern(word);
}

/**
 * Longest first, so that a name within another is not left behind.
 * @param reached addresses at which honeypots were reached, which the inventory may not know
 */
export function makeCleaner(state: StateDatabase, reached: readonly string[]): Cleaner {
  const secret = readPseudonymKey(state);
  const known = [
    ...listPrivateWords(state),
    ...reached.flatMap((address) => [address, ...numbersOf(address)]),
  ];
  const words = [...new Set(known)]
    .filter((word) => word.length >= word_length_min)
    .sort((a, b) => b.length - a.length);
  const nameSensor = (sensor_id: number): string => pseudonym(secret, `sensor ${sensor_id}`);
  const own = listKnownSources(state)
    .map(({ network }) => parseNetwork(network))
    .filter((range): range is AddressRange => range !== null);
  const isOwn = (address: string): boolean => {
    const number = addressNumber(address);
    return number !== null && own.some(({ first, last }) => number >= first && number <= last);
  };
  if (words.length === 0) return { clean: (text) => text, isClean: () => true, isOwn, nameSensor };
  const patternOf = (some: readonly string[]): RegExp =>
    new RegExp(some.map(writePattern).join('|') || '(?!)', 'gi');
  const pattern = patternOf(words);
  const encoded = patternOf(words.filter(({ length }) => length >= encoded_length_min));
  return {
    clean: (text) => {
      let cleaned = '';
      let at = 0;
      for (const { from, to, word } of findEncoded(text, pattern, encoded)) {
        cleaned += text.slice(at, from) + pseudonym(secret, word.toLowerCase());
        at = to;
      }
      return cleaned + text.slice(at);
    },
    isClean: (text) => findEncoded(text, pattern, encoded).length === 0,
    isOwn,
    nameSensor,
  };
}
