/** CSV (RFC 4180) that a spreadsheet opens without running what an attacker wrote. */
import type { Cell } from '@apiary/model/api/reports.ts';

/** A spreadsheet takes a cell that begins so for a formula, in wide signs too; the apostrophe makes it text. */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function writeCell(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  const text = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const writeCsv = (names: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [names, ...rows].map((row) => `${row.map(writeCell).join(',')}\r\n`).join('');
