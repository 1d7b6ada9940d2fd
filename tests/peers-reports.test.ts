/** The page that maps charts, pages and dashboards of others to reports names only reports that exist. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { submodules } from '@apiary/submodules/index.ts';
import { readReports } from '@apiary/submodules/report.ts';

const page = readFileSync(new URL('../docs/reference/peers-reports.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (chart|page|panel|dashboard|---)/.test(line));
const namesIn = (text: string): string[] =>
  [...text.matchAll(/`([a-z0-9_]+\/[a-z0-9-]+)`/g)].map(([, name]) => name as string);

test('every report that stands for a chart, a page or a panel of others exists', () => {
  const known = new Set([
    ...submodules.flatMap((submodule) =>
      readReports(submodule).map(({ name }) => `${submodule.name}/${name}`),
    ),
    ...readdirSync(new URL('../server/reports/global/', import.meta.url)).map(
      (file) => `global/${file.replace(/\.sql$/, '')}`,
    ),
  ]);
  assert.deepEqual(
    namesIn(page).filter((name) => !known.has(name)),
    [],
  );
});

test('every chart, page and panel has a report in each column', () => {
  // A row that is lost, or not read as one, would hide what is missing.
  assert.equal(rows.length, 27 + 18 + 12 + 29);
  for (const [index, row] of rows.entries()) {
    const cells = row.split(' | ').slice(index < 27 + 18 + 12 ? 1 : 2);
    for (const cell of cells)
      if (!/the map of|none: no address/.test(cell)) assert.ok(namesIn(cell).length > 0, row);
  }
});
