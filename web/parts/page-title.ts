/** What tells the tabs and the history of a browser apart. */
import { makeVisible } from '@apiary/model/hostile-characters.ts';

const titles: Record<string, string> = { '': 'Overview', sql: 'SQL', audit: 'Who did what' };
/** What a page shows one of. */
const singular: Record<string, string> = {
  events: 'Event',
  incidents: 'Incident',
  attacks: 'Attack',
  sessions: 'Session',
  sources: 'Source',
  files: 'File',
  reports: 'Report',
};
const part_characters_max = 40;

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not of our making: shown as it stands.
    return part;
  }
}

const capitalize = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** @param pathname of the address, as `/reports/global/passwords` */
export function pageTitle(pathname: string): string {
  const [page = '', ...rest] = pathname.slice(1).split('/').map(decodePart);
  const shown = rest.map((part) => [...makeVisible(part)].slice(0, part_characters_max).join(''));
  const title = titles[page] ?? capitalize(makeVisible(page));
  const told = rest.length === 0 ? title : `${singular[page] ?? title} ${shown.join('/')}`;
  return `${told} · Apiary`;
}
