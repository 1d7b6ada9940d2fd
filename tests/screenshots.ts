/**
 * Pictures of every page of the demonstration, at the width of a desk and of a phone, in light and dark. All go to
 * `--out` (a new temporary folder unless named); those that the documentation shows also to docs/pictures.
 */
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Alerts } from '@apiary/model/api/alerts.ts';
import type { Browser, Page } from 'playwright-core';
import { Demonstration, launchBrowser, logIn, needs_chromium } from './browser/demonstration.ts';
import { countRecordings } from './browser/recording-counts.ts';
import { GatewayProcess } from './rig/gateway-process.ts';

const pictures = fileURLToPath(new URL('../docs/pictures', import.meta.url));
/** Shown in README and guides. */
const documented = [
  'overview-desk-dark',
  'overview-phone-dark',
  'overview-desk-light',
  'events-desk-light',
  'live-desk-light',
  'event-desk-light',
  'incidents-desk-light',
  'incident-desk-light',
  'attacks-desk-light',
  'attack-desk-light',
  'taxonomy-desk-light',
  'rules-desk-light',
  'session-desk-light',
  'source-desk-light',
  'files-desk-light',
  'file-desk-light',
  'reports-desk-light',
  'report-series-desk-light',
  'explore-desk-light',
  'sql-desk-light',
  'sensors-desk-light',
  'sensors-phone-light',
  'inventory-desk-light',
  'alerts-desk-light',
  'feeds-desk-light',
  'settings-desk-light',
  'account-desk-light',
  'audit-desk-light',
];
const widths = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const fill_within_ms = 60_000;
/** The machine may have other work. */
const page_within_ms = 120_000;

/** Lines that come while Live is open. */
const live_lines = 60;
/** Where the pictures say that the program lies. */
const shown_root = '/opt/apiary';
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Addresses of the pages; the event is a log-in that a Cowrie let in. */
const pages: Record<string, string> = {
  overview: '/?last=1h',
  'overview-filtered': '/?last=1h&username=root&service=ssh',
  events: '/events?last=1h&sensor_type=cowrie',
  'events-empty': '/events?last=1h&username=nobody-of-that-name',
  live: '/live',
  incidents: '/incidents?last=24h',
  attacks: '/attacks?last=24h&technique=T1105',
  taxonomy: '/taxonomy?last=24h',
  rules: '/rules?last=24h',
  reports: '/reports?last=1h',
  'report-series': '/reports/global/events-over-time?last=1h',
  'report-heat': '/reports/global/country-ports?last=1h',
  'report-bar': '/reports/global/passwords?last=1h',
  'report-local': '/reports/cowrie/commands?last=1h',
  'report-map': '/reports/global/countries?last=1h',
  explore: '/explore?last=1h&by=service&over=time',
  'explore-heat': '/explore?last=1h&by=attacker_country&by=service&measure=sources',
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
  const link = page.locator('table.sheet tbody a[href^="/incidents/"]').first();
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

/** The address of the page of an attack of that incident, and of its source. */
async function findAttack(
  page: Page,
  { url }: Demonstration,
  incident: string,
): Promise<{ attack: string; source: string }> {
  await page.goto(`${url}${incident}`);
  const attack = page.locator('table.sheet tbody a[href^="/attacks/"]').first();
  await attack.waitFor();
  const source = page.locator('table.sheet tbody a[href^="/sources/"]').first();
  return {
    attack: (await attack.getAttribute('href')) ?? '/',
    source: (await source.getAttribute('href')) ?? '/',
  };
}

/** The address of the page of a file that was downloaded, or of the newest one. */
async function findFile(page: Page, { url }: Demonstration): Promise<string> {
  await page.goto(`${url}/files`);
  const link = page.locator('table tbody a[href^="/files/"]').first();
  await link.waitFor({ timeout: fill_within_ms });
  return (await link.getAttribute('href')) ?? '/files';
}

/** An alert, a report by mail, a feed and a saved question, so that their pages show some. */
async function makeSome(page: Page, { url }: Demonstration): Promise<void> {
  const post = async (path: string, data: object): Promise<void> => {
    const answer = await page.request.post(`${url}/api/v1${path}`, { data });
    if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
  };
  await post('/alerts/channels', { name: 'Team', target: { kind: 'email', to: ['team@example.org'] } });
  const { channels } = (await (await page.request.get(`${url}/api/v1/alerts`)).json()) as Alerts;
  const { channel_id } = channels[0]!;
  for (const [name, condition] of [
    ['A honeypot reaches out', { kind: 'events', q: 'direction:outbound and honeypot:zilina' }],
    ['A sensor fell silent', { kind: 'sensor_silent', minutes: 60 }],
    ['Somebody brought a tool to Modbus', { kind: 'events', q: 'service:modbus and action:download' }],
  ] as const)
    await post('/alerts/rules', { name, condition, channels: [channel_id] });
  await post('/alerts/schedules', {
    name: 'The week in passwords',
    address: '/reports/global/new-passwords?last=7d',
    every: 'week',
    hour: 6,
    channel_id,
  });
  await post('/feeds', { name: 'Firewall of the campus', kinds: ['address', 'url'], tlp: 'green', days: 14 });
  await post('/saved', {
    name: 'Guesses at root, by country',
    address: '/explore?last=7d&by=attacker_country&username=root',
  });
}

/** What is done on a page before its picture is taken. */
const acts: Record<string, (page: Page, demonstration: Demonstration) => Promise<void>> = {
  live: async (page, demonstration) => {
    await page.getByText('a second, since').waitFor();
    const lines = Array.from({ length: live_lines }, (_, index) =>
      JSON.stringify({
        eventid: 'cowrie.login.failed',
        username: index % 3 === 0 ? 'admin' : 'root',
        password: ['123456', 'support', 'xc3511', 'vizxv', 'password'][index % 5],
        timestamp: new Date().toISOString(),
        src_ip: `198.${18 + (index % 2)}.${(index * 37) % 250}.7`,
        session: `${Date.now().toString(16).slice(-8)}${index}`,
        sensor: 'kosice',
        message: 'login attempt',
      }),
    );
    appendFileSync(demonstration.logOf('kosice', 'cowrie.json'), `${lines.join('\n')}\n`);
    await page.locator('table.events tbody tr').nth(10).waitFor({ timeout: fill_within_ms });
  },
  sql: async (page) => {
    await page
      .getByLabel('Statement')
      .fill(
        "SELECT service, count() AS events, uniqExact(attacker_ip) AS sources\nFROM event\nWHERE detect_ts >= now() - INTERVAL 1 DAY AND vantage = 'honeypot'\nGROUP BY service\nORDER BY events DESC\nLIMIT 20",
      );
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText(/rows in/).waitFor();
  },
};

/** The places of this checkout and of the demonstration's data are no part of the picture. */
const hidePlaces = (page: Page, { folder }: Demonstration): Promise<unknown> =>
  page.evaluate(`{
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      node.textContent = node.textContent
        .replaceAll(${JSON.stringify(folder)}, ${JSON.stringify(`${shown_root}/data`)})
        .replaceAll(${JSON.stringify(root)}, ${JSON.stringify(shown_root)});
  }`);

async function take(
  page: Page,
  demonstration: Demonstration,
  name: string,
  out: string,
  whole: boolean,
): Promise<void> {
  await page.locator('h1, .empty').first().waitFor();
  // Not that the network is idle: pages ask again every few seconds, and where that takes long it never is.
  for (const unfinished of ['[aria-busy=true]', '.chart-space', 'div[role=img]:not(:has(canvas))'])
    await page.locator(unfinished).first().waitFor({ state: 'detached' });
  await sleep(300);
  await hidePlaces(page, demonstration);
  await page.screenshot({ path: join(out, `${name}.png`) });
  if (whole) await page.screenshot({ path: join(out, `${name}-whole.png`), fullPage: true });
}

async function picture(
  browser: Browser,
  demonstration: Demonstration,
  gateway: GatewayProcess,
  out: string,
): Promise<void> {
  let found: Record<string, string> | undefined;
  for (const [device, viewport] of Object.entries(widths)) {
    for (const scheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport,
        colorScheme: scheme,
        timezoneId: 'Europe/Bratislava',
      });
      context.setDefaultTimeout(page_within_ms);
      const page = await context.newPage();
      await page.goto(demonstration.url);
      await page.getByLabel('Name').waitFor();
      await take(page, demonstration, `log-in-${device}-${scheme}`, out, false);
      await logIn(page, demonstration);
      if (found === undefined) {
        await waitForRecordings(page, demonstration);
        await makeSome(page, demonstration);
        await gateway.start();
        // Files come beside the batches: with them the sessions have their recordings.
        const file = await findFile(page, demonstration);
        const incident = await findIncident(page, demonstration);
        found = {
          event: await findEvent(page, demonstration),
          incident,
          ...(await findAttack(page, demonstration, incident)),
          session: await findSession(page, demonstration),
          file,
        };
      }
      for (const [name, path] of Object.entries({ ...pages, ...found })) {
        const begin_ms = Date.now();
        try {
          await page.goto(`${demonstration.url}${path}`);
          await acts[name]?.(page, demonstration);
          await take(page, demonstration, `${name}-${device}-${scheme}`, out, true);
        } catch (cause) {
          throw new Error(`no picture ${name}-${device}-${scheme} of ${path}`, { cause });
        }
        process.stdout.write(
          `${name}-${device}-${scheme} ${((Date.now() - begin_ms) / 1000).toFixed(1)} s\n`,
        );
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
    const home = join(demonstration.folder, 'gateway');
    const gateway = await GatewayProcess.enrol(demonstration, home, 'gate-1');
    try {
      await picture(browser, demonstration, gateway, out);
    } finally {
      await gateway.kill();
    }
  } finally {
    await browser.close();
    await demonstration.stop();
  }
  for (const name of documented) copyFileSync(join(out, `${name}.png`), join(pictures, `${name}.png`));
  process.stdout.write(`All pictures are in ${out}, those of the documentation in docs/pictures.\n`);
}

await main();
