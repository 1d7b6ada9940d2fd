/**
 * Pictures of every page of the demonstration, at the width of a desk and of a phone, in light and dark. All go to
 * `--out` (a new temporary folder unless named); those that the documentation shows also to docs/pictures.
 */
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { Demonstration, launchBrowser, logIn, needs_chromium } from './browser/demonstration.ts';
import { countRecordings } from './browser/recording-counts.ts';

const pictures = fileURLToPath(new URL('../docs/pictures', import.meta.url));
/** Shown in README and guides. */
const documented = [
  'overview-desk-light',
  'overview-desk-dark',
  'events-desk-light',
  'event-desk-light',
  'incidents-desk-light',
  'incident-desk-light',
  'session-desk-light',
  'report-series-desk-light',
  'sensors-desk-light',
  'overview-phone-dark',
];
const widths = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const fill_within_ms = 60_000;

/** Addresses of the pages; the event is a log-in that a Cowrie let in. */
const pages: Record<string, string> = {
  overview: '/?last=1h',
  'overview-filtered': '/?last=1h&username=root&service=ssh',
  events: '/events?last=1h&sensor_type=cowrie',
  'events-empty': '/events?last=1h&username=nobody-of-that-name',
  live: '/live',
  incidents: '/incidents?last=24h',
  taxonomy: '/taxonomy?last=24h',
  reports: '/reports?last=1h',
  'report-series': '/reports/global/events-over-time?last=1h',
  'report-heat': '/reports/global/country-ports?last=1h',
  'report-map': '/reports/global/countries?last=1h',
  explore: '/explore?last=1h&by=service&over=time',
  sql: '/sql',
  files: '/files',
  sensors: '/sensors',
  inventory: '/inventory',
  account: '/account',
  alerts: '/alerts',
  audit: '/audit',
  feeds: '/feeds',
  settings: '/settings',
  lost: '/no-such-page',
};

async function waitForRecordings(page: Page, { url }: Demonstration): Promise<void> {
  const { attempts } = countRecordings();
  const deadline = Date.now() + fill_within_ms;
  for (;;) {
    await page.goto(`${url}/events?last=1h&action=authenticate`);
    const text = (await page.getByTestId('events-count').textContent()) ?? '';
    if (Number(text.replace(/\D/g, '')) === attempts) return;
    if (Date.now() > deadline) throw new Error(`the recordings did not come in: ${text} of ${attempts}`);
    await sleep(1000);
  }
}

/** The address of an event's page. */
async function findEvent(page: Page, { url }: Demonstration): Promise<string> {
  await page.goto(`${url}/events?last=1h&action=authenticate&outcome=success`);
  const link = page.locator('table.events tbody a').first();
  await link.waitFor();
  return (await link.getAttribute('href')) ?? '/';
}

/** The address of the page of the incident that matters most. */
async function findIncident(page: Page, { url }: Demonstration): Promise<string> {
  await page.goto(`${url}/incidents?last=24h`);
  const link = page.locator('table.report tbody a[href^="/incidents/"]').first();
  await link.waitFor();
  return (await link.getAttribute('href')) ?? '/incidents';
}

/** The address of a session with the longest of some terminal recordings. */
async function findSession(page: Page, { url }: Demonstration): Promise<string> {
  const get = async <T>(path: string): Promise<T> =>
    (await (await page.request.get(`${url}/api/v1${path}`)).json()) as T;
  const { events } = await get<{ events: { sensor_id: number; session: string }[] }>(
    '/events?last=1h&action=input&q=sensor:cowrie-kosice&limit=200',
  );
  let best = { frames: 0, path: '/' };
  for (const session of new Set(events.map(({ session }) => session))) {
    const path = `/sessions/${events[0]!.sensor_id}/${session}`;
    const { recordings } = await get<{ recordings: { frames: unknown[] }[] }>(`${path}/recordings`);
    const frames = recordings[0]?.frames.length ?? 0;
    if (frames > best.frames) best = { frames, path };
  }
  return best.path;
}

async function take(page: Page, name: string, out: string, whole: boolean): Promise<void> {
  await page.locator('h1, .empty').first().waitFor();
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
  // The map and the plots come in scripts of their own.
  await page.waitForLoadState('networkidle');
  await sleep(300);
  await page.screenshot({ path: join(out, `${name}.png`) });
  if (whole) await page.screenshot({ path: join(out, `${name}-whole.png`), fullPage: true });
  process.stdout.write(`${name}\n`);
}

async function picture(browser: Browser, demonstration: Demonstration, out: string): Promise<void> {
  let event: string | undefined;
  let incident = '/incidents';
  let session = '/';
  for (const [device, viewport] of Object.entries(widths)) {
    for (const scheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport,
        colorScheme: scheme,
        timezoneId: 'Europe/Bratislava',
      });
      const page = await context.newPage();
      await page.goto(demonstration.url);
      await page.getByLabel('Name').waitFor();
      await take(page, `log-in-${device}-${scheme}`, out, false);
      await logIn(page, demonstration);
      if (event === undefined) {
        await waitForRecordings(page, demonstration);
        event = await findEvent(page, demonstration);
        incident = await findIncident(page, demonstration);
        session = await findSession(page, demonstration);
      }
      for (const [name, path] of Object.entries({ ...pages, event, incident, session })) {
        await page.goto(`${demonstration.url}${path}`);
        await take(page, `${name}-${device}-${scheme}`, out, true);
      }
      await context.close();
    }
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  if (needs_chromium !== false) {
    process.stderr.write(`No pictures: ${needs_chromium}.\n`);
    process.exit(1);
  }
  const out =
    values.out === undefined ? mkdtempSync(join(tmpdir(), 'apiary-pictures-')) : resolve(values.out);
  mkdirSync(out, { recursive: true });
  mkdirSync(pictures, { recursive: true });
  const [demonstration, browser] = await Promise.all([Demonstration.start(), launchBrowser()]);
  try {
    await picture(browser, demonstration, out);
  } finally {
    await browser.close();
    await demonstration.stop();
  }
  for (const name of documented) copyFileSync(join(out, `${name}.png`), join(pictures, `${name}.png`));
  process.stdout.write(`All pictures are in ${out}, those of the documentation in docs/pictures.\n`);
}

await main();
