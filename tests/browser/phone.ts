/** The pages at the width of a phone, looked up as they are laid out, not in their style sheet. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Demonstration } from './demonstration.ts';

const phone = { width: 390, height: 844 } as const;

/**
 * In the page: how wide it is; ways to other pages; each text of a table's cells, by the rectangles in which it is painted; cells that are
 * painted nowhere; and, in tables whose head is not shown, cells before which their column's name does not stand.
 */
const find_hidden = `(() => {
  const width = ${phone.width};
  const found = [];
  const page_width = document.documentElement.scrollWidth;
  if (page_width > width) found.push('the page is ' + page_width + ' wide');
  for (const link of document.querySelectorAll('nav a, [role=tab]'))
    if (link.getBoundingClientRect().right > width) found.push('beyond the edge: ' + link.textContent);
  for (const table of document.querySelectorAll('main table')) {
    if (table.closest('details:not([open])') !== null) continue;
    const heads = [...table.querySelectorAll('thead th')];
    const is_head_shown = heads.some((head) => head.getClientRects().length > 0);
    for (const cell of table.querySelectorAll('tbody th, tbody td')) {
      if (cell.textContent.trim() === '') continue;
      const head = cell.colSpan === 1 ? (heads[cell.cellIndex]?.textContent ?? '') : '';
      const told = head + ': ' + cell.textContent.slice(0, 40);
      if (cell.getClientRects().length === 0) found.push('not shown: ' + told);
      const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(node);
        if ([...range.getClientRects()].some(({ left, right }) => left < -1 || right > width + 1)) {
          found.push('beyond the edge: ' + told);
          break;
        }
      }
      const name = getComputedStyle(cell, '::before').content;
      if (!is_head_shown && head !== '' && name !== JSON.stringify(head))
        found.push('of no column: ' + told + ', but ' + name);
    }
  }
  return found;
})()`;

/** Pages of one event, session, source and so on. */
async function findPages(page: Page, { url }: Demonstration): Promise<string[]> {
  const get = async <T>(path: string): Promise<T> =>
    (await (await page.request.get(`${url}/api/v1${path}`)).json()) as T;
  const { events } = await get<{
    events: { key: string; sensor_id: number; session: string; attacker_ip: string }[];
  }>('/events?last=1h&sensor_type=cowrie&action=authenticate');
  const { key, sensor_id, session, attacker_ip } = events[0]!;
  const { attacks } = await get<{ attacks: { attack_id: string }[] }>('/incidents/1');
  const { artifacts } = await get<{ artifacts: { sha256: string }[] }>('/artifacts');
  return [
    `/events/${key}`,
    `/sessions/${sensor_id}/${session}`,
    `/sources/${attacker_ip}?last=1h`,
    `/attacks/${attacks[0]!.attack_id}`,
    `/files/${artifacts[0]!.sha256}`,
    '/rules?last=1h',
    '/reports/cowrie/commands?last=1h',
    '/explore?last=1h&by=username&by=password&by=attacker_country&measure=sources',
  ];
}

/** Pages that have many cells in the demonstration: fewer, and nothing was looked at. */
const cells_min: Record<string, number> = {
  '/sensors': 30,
  '/events?last=1h': 100,
  '/incidents?last=24h': 50,
  '/rules?last=1h': 50,
  '/audit': 50,
  'inventory, Honeypots': 10,
  'inventory, Sensors': 10,
  'sql, all columns': 100,
};

/** @returns what of the tables of all pages cannot be seen without scrolling sideways, in words */
export async function findHiddenCells(
  page: Page,
  demonstration: Demonstration,
  paths: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  const cells: Record<string, number> = {};
  const look = async (name: string): Promise<void> => {
    await page.locator('h1').first().waitFor();
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    const hidden = (await page.evaluate(find_hidden)) as string[];
    found.push(...hidden.slice(0, 10).map((told) => `${name}: ${told}`));
    cells[name] = await page.locator('main table tbody td').count();
  };
  const { width, height } = page.viewportSize()!;
  await page.setViewportSize(phone);
  try {
    for (const path of [...paths, ...(await findPages(page, demonstration))]) {
      await page.goto(`${demonstration.url}${path}`);
      await look(path);
    }
    await page.goto(`${demonstration.url}/inventory`);
    for (const tab of ['Honeypots', 'Honeynets', 'Sensors', 'Collectors', 'Known sources']) {
      await page.getByRole('tab', { name: tab }).click();
      await look(`inventory, ${tab}`);
    }
    // More columns than the style sheet knows by their place.
    await page.goto(`${demonstration.url}/sql`);
    await page.getByRole('textbox', { name: 'Statement' }).fill('SELECT * FROM event LIMIT 3');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText(/rows in/).waitFor();
    await look('sql, all columns');
  } finally {
    await page.setViewportSize({ width, height });
  }
  for (const [name, min] of Object.entries(cells_min))
    assert.ok(cells[name]! >= min, `${name}: ${cells[name]} cells`);
  return found;
}
