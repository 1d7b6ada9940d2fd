/** The page that maps kippo-graph's charts and DionaeaFR's pages to reports names only reports that exist. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { submodules } from '@apiary/submodules/index.ts';
import { readReports } from '@apiary/submodules/report.ts';

const page = readFileSync(new URL('../docs/reference/peers-reports.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (chart|page|---)/.test(line));
const namesIn = (text: string): string[] =>
  [...text.matchAll(/`([a-z]+\/[a-z0-9-]+)`/g)].map(([, name]) => name as string);

test('every report that stands for a chart of kippo-graph or a page of DionaeaFR exists', () => {
  const known = new Set(
    submodules.flatMap((submodule) => readReports(submodule).map(({ name }) => `${submodule.name}/${name}`)),
  );
  assert.deepEqual(
    namesIn(page).filter((name) => !known.has(name)),
    [],
  );
});

test('every chart and page has a report in each column', () => {
  // A row that is lost, or not read as one, would hide what is missing.
  assert.equal(rows.length, 27 + 18);
  for (const row of rows)
    for (const cell of row.split(' | ').slice(1)) assert.ok(namesIn(cell).length > 0, row);
});
