/**
 * Writes server/store/zones.json: for every IANA time zone, when its distance from UTC changes between 1990 and
 * 2038, as this runtime's ICU knows it. Run again when a new tzdata matters.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const names_folder = '/usr/share/zoneinfo';
const begin = Date.UTC(1990, 0, 1) / 1000;
const end = Date.UTC(2038, 0, 1) / 1000;
const step = 14 * 86_400;

/** Seconds east of UTC at an instant. */
function readOffset(format: Intl.DateTimeFormat, at: number): number {
  const text = format.formatToParts(at * 1000).find((part) => part.type === 'timeZoneName')!.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (match === null) throw new Error(`an offset that reads ${JSON.stringify(text)}`);
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

/** `[offset, change, offset, change, offset …]`, changes as seconds since 1970. */
function listChanges(zone: string): number[] {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  let offset = readOffset(format, begin);
  const changes = [offset];
  for (let at = begin + step; at <= end; at += step) {
    const now = readOffset(format, at);
    if (now === offset) continue;
    let before = at - step;
    let after = at;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (readOffset(format, middle) === offset) before = middle;
      else after = middle;
    }
    changes.push(after, now);
    offset = now;
  }
  return changes;
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

const listed = readdirSync(names_folder, { recursive: true, withFileTypes: true })
  .filter((entry) => !entry.isDirectory())
  .map((entry) => `${entry.parentPath}/${entry.name}`.slice(names_folder.length + 1))
  .filter((name) => !/^(posix|right)\//.test(name) && isZone(name));
const zones = [...new Set([...listed, ...Intl.supportedValuesOf('timeZone')])].sort();
const lines = zones.map((zone) => `  ${JSON.stringify(zone)}: ${JSON.stringify(listChanges(zone))}`);
const path = fileURLToPath(new URL('../server/store/zones.json', import.meta.url));
writeFileSync(path, `{\n${lines.join(',\n')}\n}\n`);
console.log(`${zones.length} zones of tzdata ${process.versions.tz}: ${path}`);
