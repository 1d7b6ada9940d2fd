/**
 * The pages on which an analyst asks: Explore, SQL, Live, Files, alerts, tokens and the log of who did what, with numbers
 * counted from the files; and every page by axe, in both colours. One demonstration serves all.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buffer as readBytes, text as readStream } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Sensors } from '@apiary/model/api/sensors.ts';
import { api_examples } from '@apiary/server/api/examples.ts';
import { version } from '@apiary/server/version.ts';
import type { Browser, Page } from 'playwright-core';
import { GatewayProcess } from '../rig/gateway-process.ts';
import { freePorts } from '../rig/ports.ts';
import { askExample, findWords } from './api-examples.ts';
import { Demonstration, launchBrowser, logIn, needs_chromium } from './demonstration.ts';
import { tabTo } from './keyboard.ts';
import { findHiddenCells } from './phone.ts';
import { countRecordings } from './recording-counts.ts';

const skip = needs_chromium;
const axe_source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const first_load_bytes_max = 300_000;
/** A finished recording of a terminal is taken a minute after its last byte. */
const files_within_ms = 180_000;
let demonstration: Demonstration;
let browser: Browser;
let page: Page;

before(async () => {
  if (skip !== false) return;
  [demonstration, browser] = await Promise.all([Demonstration.start(), launchBrowser()]);
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(20_000);
});
after(async () => {
  await browser?.close();
  await demonstration?.stop();
});

const open = (path: string) => page.goto(`${demonstration.url}${path}`);
const number = (text: string | null): number => Number((text ?? '').replace(/\D/g, ''));

async function eventually<T>(
  read: () => Promise<T>,
  holds: (value: T) => boolean,
  within_ms = 60_000,
): Promise<T> {
  const deadline = Date.now() + within_ms;
  for (;;) {
    const value = await read();
    if (holds(value) || Date.now() > deadline) return value;
    await sleep(500);
  }
}

const paths = [
  '/?last=1h',
  '/events?last=1h',
  '/events?last=1h&username=root&q=not%20country:SK',
  '/live',
  '/incidents?last=24h',
  '/incidents/1',
  '/reports?last=1h',
  '/reports/global/passwords?last=1h',
  '/explore?last=1h&by=service&over=time',
  '/sql',
  '/files',
  '/taxonomy?last=24h',
  '/attacks?last=24h&technique=T1105',
  '/sensors',
  '/inventory',
  '/alerts',
  '/audit',
  '/feeds',
  '/settings',
  '/account',
];

test('the first load is small', { skip }, async () => {
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await open('/');
  await page.getByLabel('Name').waitFor();
  await sleep(500);
  await session.detach();
  await logIn(page, demonstration);
  assert.ok(bytes > 10_000 && bytes < first_load_bytes_max, `${bytes} bytes`);
});

test('Explore counts what the files hold, and keeps its question in the address', { skip }, async () => {
  const { attempts } = countRecordings();
  const shown = await eventually(
    async () => {
      await open('/explore?last=1h&by=action&measure=events');
      await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
      const row = page.locator('table.sheet tbody tr', { hasText: 'authenticate' });
      return (await row.count()) === 0 ? 0 : number(await row.locator('td').last().textContent());
    },
    (value) => value === attempts,
  );
  assert.equal(shown, attempts);
  await page
    .locator('table.sheet tbody tr', { hasText: 'authenticate' })
    .locator('td')
    .last()
    .getByRole('link')
    .click();
  await page.getByTestId('events-count').waitFor();
  assert.equal(
    number(await page.getByTestId('events-count').textContent()),
    attempts,
    'a number leads to what it counts',
  );
  await page.goBack();
  await page.getByText('Over time', { exact: true }).click();
  await page.waitForURL(/over=time/);
  await page.reload();
  await page.locator('.chart-space, canvas, svg').first().waitFor();
  assert.match(page.url(), /by=action.*over=time|over=time.*by=action/);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByLabel('Name').fill('attempts over time');
  await page.getByRole('button', { name: 'Save for everybody' }).click();
  await page.getByRole('status').getByText('Saved').waitFor();
  await open('/reports?last=1h');
  await page.getByRole('link', { name: 'attempts over time' }).click();
  await page.waitForURL(/\/explore\?.*over=time/);
});

test('a map and bars are saved as pictures with title, period, filter and source in them', {
  skip,
}, async () => {
  const save = async (format: 'PNG' | 'SVG'): Promise<Buffer> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: format, exact: true }).click(),
    ]);
    return readBytes(await download.createReadStream());
  };
  for (const [report, title] of [
    ['countries', 'Countries'],
    ['passwords', 'Passwords'],
  ]) {
    await open(`/reports/global/${report}?last=1h&sensor=1&q=not%20country:SK`);
    // PNG: its signature, and width and height of 1280 and 720 at twice the density.
    const png = await save('PNG');
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2560, 1440]);
    const svg = (await save('SVG')).toString();
    for (const told of [title!, ' – ', 'sensor: cowrie-', 'q: not country:SK', `Apiary, global/${report}`])
      assert.ok(svg.includes(told), `${report}: ${told}`);
  }
});

test('URLs of attackers are copied so that nothing makes a link of them, and are found again', {
  skip,
}, async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copy = async (selector: string): Promise<string> => {
    await page.evaluate(
      `{ const range = document.createRange(); range.selectNode(document.querySelector('${selector}'));
        getSelection().removeAllRanges(); getSelection().addRange(range); }`,
    );
    await page.keyboard.press('Control+C');
    return (await page.evaluate('navigator.clipboard.readText()')) as string;
  };
  const { events } = (await (
    await page.request.get(`${demonstration.url}/api/v1/events?last=1h&url_contains=http://&limit=1`)
  ).json()) as { events: { url: string }[] };
  const { url } = events[0]!;
  await open(`/events?last=1h&url=${encodeURIComponent(url)}`);
  await page.locator('table.events tbody tr').first().waitFor();
  const copied = await copy('table.events');
  const written = url.replace('http://', 'hxxp://').replace(/(?<=\/\/[^/]*)\./g, '[.]');
  assert.ok(copied.includes(written) && !copied.includes(url), copied.slice(0, 500));
  await page.getByLabel('Search').fill(written);
  await page.keyboard.press('Enter');
  await page.waitForURL(
    (address) => address.searchParams.get('url') === url && address.search.includes('365d'),
  );
  assert.equal(await page.title(), 'Events · Apiary');
});

test('the period goes along from page to page, and no word that the next one refuses', { skip }, async () => {
  const nav = page.locator('nav[aria-label=Pages]');
  for (const path of [
    '/incidents?last=24h&stage=acted&order=newest&offset=50',
    '/audit?verb=log%20in',
    '/?log_in=failed',
  ])
    for (const title of ['Overview', 'Events', 'Live', 'Explore']) {
      await open(path);
      await nav.getByRole('link', { name: title, exact: true }).click();
      await page.locator('main h1').waitFor();
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
      assert.equal(await page.getByRole('alert').count(), 0, `${path}, ${title}: ${page.url()}`);
      if (path.includes('last=24h')) assert.match(page.url(), /last=24h/);
    }
});

test('sensors of a long list are found by their words, and a list of thousands is shown in part', {
  skip,
}, async () => {
  const answer = (await (await page.request.get(`${demonstration.url}/api/v1/sensors`)).json()) as Sensors;
  const [one] = answer.sensors;
  const many = Array.from({ length: 5000 }, (_, index) => ({
    ...one!,
    sensor_id: 1000 + index,
    name: `pot-${index}`,
  }));
  await page.route('**/api/v1/sensors', (route) => route.fulfill({ json: { ...answer, sensors: many } }));
  const rows = page.locator('main table').first().locator('tbody tr');
  try {
    await open('/sensors');
    await page.getByText('Show more: 4800 are left').waitFor();
    assert.equal(await rows.count(), 200);
    assert.match((await rows.nth(2).textContent())!, /pot-2 /, 'in the order in which people count');
    await page.getByLabel('Find a sensor').pressSequentially('POT-49 cow');
    await page.getByText('111 of 5000').waitFor();
    assert.equal(await rows.count(), 111);
    await page.reload();
    assert.equal(await page.getByLabel('Find a sensor').inputValue(), 'POT-49 cow');
    await page.getByText('111 of 5000').waitFor();
  } finally {
    await page.unroute('**/api/v1/sensors');
  }
});

test('lists keep what they show over reload and back', { skip }, async () => {
  await open('/inventory');
  await page.getByRole('tab', { name: 'Collectors' }).click();
  await page.getByRole('switch', { name: 'Show what held before' }).click();
  await page.waitForURL(/past=/);
  await page.reload();
  await page.getByRole('tab', { name: 'Collectors', selected: true }).waitFor();
  assert.ok(await page.getByRole('switch', { name: 'Show what held before' }).isChecked());
  await page.goBack();
  await page.getByRole('switch', { name: 'Show what held before', checked: false }).waitFor();
  await open('/sensors');
  await page.getByText(/^Not live/).click();
  await page.waitForURL(/shown=silent/);
  await open('/reports?last=1h');
  await page.getByLabel('Find a report').pressSequentially('passwords');
  await page.getByRole('link', { name: 'Passwords', exact: true }).first().click();
  await page.waitForURL(/\/reports\/global\/passwords\?last=1h$/);
  await page.goBack();
  assert.equal(await page.getByLabel('Find a report').inputValue(), 'passwords');
});

test('who filters by service is told what that leaves out', { skip }, async () => {
  const note = page.getByText('Without events whose sensor does not name the service');
  await open('/events?last=1h&q=service:telnet');
  await note.waitFor();
  await open('/events?last=1h&q=service:(telnet or "")');
  await page.getByTestId('events-count').waitFor();
  assert.equal(await note.count(), 0);
});

test('SQL answers, tells mistakes, and refuses what leads out', { skip }, async () => {
  await open('/sql');
  const statement = page.getByRole('textbox', { name: 'Statement' });
  await statement.fill("SELECT count() AS n FROM event WHERE action = 'authenticate'");
  await page.keyboard.press('Control+Enter');
  await page.locator('table.sheet td').first().waitFor();
  assert.equal(
    number(await page.locator('table.sheet td').first().textContent()),
    countRecordings().attempts,
  );
  await statement.fill("SELECT * FROM file('/etc/passwd')");
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByText('the function file may not be called').waitFor();
  await statement.fill('SELECT nothing FROM event');
  await page.getByRole('button', { name: 'Run' }).click();
  await page
    .getByRole('alert')
    .getByText(/nothing/)
    .waitFor();
});

test('Live shows a log-in within seconds', { skip }, async () => {
  await open('/live');
  await page.getByText('a second, since').waitFor();
  const line = {
    eventid: 'cowrie.login.failed',
    username: 'live-root',
    password: 'seen-live',
    timestamp: new Date().toISOString(),
    src_ip: '203.0.113.99',
    session: 'live0001',
    sensor: 'x',
    message: 'login attempt',
  };
  // The stream begins with what comes after it was opened.
  for (let round = 0; round < 20 && !(await page.getByText('seen-live').first().isVisible()); round += 1) {
    appendFileSync(
      demonstration.logOf('kosice', 'cowrie.json'),
      `${JSON.stringify({ ...line, session: `live${round}` })}\n`,
    );
    await sleep(1000);
  }
  assert.ok(await page.getByText('seen-live').first().isVisible());
  await page.getByRole('button', { name: 'Hold' }).click();
  await page.getByRole('button', { name: /Go on/ }).waitFor();
});

test('a source shows on which days it came, and a count of sessions leads to as many', { skip }, async () => {
  const address = '192.0.2.77';
  const lines = [3, 1, 1].map((days, index) => ({
    eventid: 'cowrie.login.failed',
    timestamp: new Date(Date.now() - days * 86_400_000).toISOString(),
    ...{
      username: 'day',
      password: 'by day',
      src_ip: address,
      session: `day${index}`,
      sensor: 'x',
      message: '',
    },
  }));
  appendFileSync(
    demonstration.logOf('kosice', 'cowrie.json'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  const day = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  await eventually(
    async () => {
      await open(`/sources/${address}?last=7d`);
      await page.locator('h1').waitFor();
      return page.getByRole('link', { name: '3 events' }).count();
    },
    (count) => count === 1,
  );
  await page
    .getByRole('img', { name: `Events by day: on 2 days of the period, most on ${day(1)}, 2 events.` })
    .waitFor();
  // From the source to its attacks, and from a session to its attack and incident: two days are two attacks.
  const attacks = page.locator('section', {
    has: page.getByRole('heading', { name: /^Attacks and incidents/ }),
  });
  const numbers = attacks.getByRole('link', { name: /^#\d+$/ });
  await eventually(
    async () => {
      await open(`/sources/${address}?last=7d`);
      await attacks.first().waitFor();
      return numbers.count();
    },
    (count) => count === 2,
  );
  assert.equal(await attacks.getByRole('heading').getByRole('link').textContent(), '2');
  const {
    events: [first],
  } = (await (await page.request.get(`${demonstration.url}/api/v1/events?last=7d&session=day1`)).json()) as {
    events: { sensor_id: number }[];
  };
  await open(`/sessions/${first!.sensor_id}/day1`);
  await numbers.first().waitFor();
  assert.equal(await numbers.count(), 1);
  await numbers.first().click();
  await page.waitForURL(/\/incidents\/\d+$/);
  await open(`/sources/${address}?last=7d`);
  await page.getByRole('link', { name: '3 sessions' }).click();
  await page.getByRole('heading', { name: 'Explore' }).waitFor();
  await page.locator('table.sheet tbody tr').first().waitFor();
  assert.equal(await page.locator('table.sheet tbody tr').count(), 3);
});

test('a file is shown, and leaves locked only', { skip }, async () => {
  await eventually(
    async () => {
      await open('/files');
      await page.locator('h1').waitFor();
      await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
      return page.locator('table a').count();
    },
    (count) => count > 0,
    files_within_ms,
  );
  await page.locator('table a').first().click();
  await page.getByRole('heading', { name: 'What it is' }).waitFor();
  const sha256 = page.url().split('/').at(-1)!;
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /locked in a ZIP/ }).click(),
  ]);
  assert.equal(download.suggestedFilename(), `${sha256}.zip`);
  await open(`/audit?verb=download%20file`);
  await page.locator('tbody').getByText(sha256.slice(0, 20)).first().waitFor();
});

test('a token is made, works, and is revoked', { skip }, async () => {
  await open('/account');
  await page.getByLabel('For what').fill('a trial');
  await page.getByRole('button', { name: 'Make a token' }).click();
  const token = (await page.getByTestId('made-token').textContent())!.trim();
  const ask = (): Promise<Response> =>
    fetch(`${demonstration.url}/api/v1/events/count?last=1h`, {
      headers: { authorization: `Bearer ${token}` },
    });
  assert.equal((await ask()).status, 200);
  await page.getByRole('button', { name: 'Revoke a trial' }).click();
  await page.getByText('revoked').waitFor();
  assert.equal((await ask()).status, 401);
});

test('a channel and an alert are made by keyboard, and the alert stands there', { skip }, async () => {
  await open('/alerts');
  await page.getByRole('button', { name: 'New channel' }).waitFor();
  await tabTo(page, 'main button');
  await page.getByRole('button', { name: 'New channel' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByLabel('Name').fill('csirt');
  await page.getByRole('dialog').getByLabel('To', { exact: false }).last().fill('csirt@hive.example');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('mail to csirt@hive.example').waitFor();
  await page.getByRole('button', { name: 'Try' }).click();
  await page.getByText(/there is no mail server/).waitFor();
});

test('an incident is shared under a marking of choice', { skip }, async () => {
  await open('/incidents/1');
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Marking').click();
  await page.getByRole('option', { name: /^TLP:GREEN/ }).click();
  const link = dialog.getByRole('link', { name: 'IDEA' });
  assert.equal(await link.getAttribute('href'), '/api/v1/incidents/1/file?format=idea&tlp=green');
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  assert.equal(download.suggestedFilename(), 'incident-1-idea.json');
  assert.match(await readStream(await download.createReadStream()), /"TLP": "GREEN"/);
  const report = await dialog.getByRole('link', { name: /^X-ARF 4 for/ }).getAttribute('href');
  assert.match(report!, /\/incidents\/1\/abuse\?source=[^&]+&tlp=green$/);
});

test('the incidents of a list are shared in one file', { skip }, async () => {
  await open('/incidents?last=24h&limit=3');
  await page.getByRole('button', { name: 'Share these' }).click();
  const link = page.getByRole('dialog').getByRole('link', { name: 'MISP event' });
  assert.match((await link.getAttribute('href'))!, /numbers=\d+(%2C\d+)+&format=misp&tlp=amber$/);
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const { response } = JSON.parse(await readStream(await download.createReadStream())) as {
    response: object[];
  };
  assert(response.length > 1);
});

test('a feed is made, its link is all it takes, and the command line ends it', { skip }, async () => {
  await open('/feeds');
  await page.getByText('Nothing is shared by a link').waitFor();
  await page.getByRole('button', { name: 'New feed' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('For whom').fill('a neighbour <b>');
  await dialog.getByLabel('user names and passwords').check();
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = (await page.getByTestId('made-link').textContent())!.trim();
  assert(link.startsWith(`${demonstration.url}/api/v1/feed/`), link);
  const text = await (await fetch(link)).text();
  assert.match(text, /^# Apiary feed: a neighbour <b>\n# TLP:AMBER\n/);
  const password = [...countRecordings().passwords.keys()].find((one) => /^[a-z0-9]+$/i.test(one))!;
  assert(
    text.split('\n').some((line) => line.endsWith(`:${password}`)),
    password,
  );
  await page.reload();
  const row = page.locator('tbody tr');
  await row.getByText('a neighbour <b>').waitFor();
  assert.match((await row.textContent()) ?? '', /1 times/);
  const order = (...words: string[]): string =>
    execFileSync(
      process.execPath,
      ['server/main.ts', ...words, '--data', join(demonstration.folder, 'demo')],
      {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        encoding: 'utf8',
        stdio: 'pipe',
        // An incident with all its events is some megabytes.
        maxBuffer: 64 * 1024 * 1024,
      },
    );
  assert.match(
    order('feed', 'list'),
    /^1\ta neighbour <b>\tTLP:AMBER\taddress credential\t30 days\tasked for 1 times\n$/,
  );
  const made = order(
    'feed',
    'add',
    'by command',
    '--kind',
    'file',
    '--tlp',
    'clear',
    '--days',
    '3',
    '--allow',
    '10.0.0.0/8',
  );
  const end = /\/api\/v1\/feed\/[\w-]{43}\/txt/.exec(made)?.[0];
  assert.match(
    await (await fetch(`${demonstration.url}${end}`)).text(),
    /# TLP:CLEAR\n.*not seen for 3 days/,
  );
  assert.throws(
    () => order('feed', 'add', 'red', '--kind', 'file', '--tlp', 'red'),
    /what is RED is for no feed/,
  );
  assert.match(
    order('incident', '1', '--format', 'idmef', '--tlp', 'clear'),
    /<IDMEF-Message [\s\S]*>clear<[\s\S]*<\/IDMEF-Message>\n$/,
  );
  assert.throws(() => order('incident', '1', '--format', 'pdf'), /--format is "pdf"; it can be: html/);
  assert.equal(order('feed', 'revoke', '1'), 'Done.\n');
  assert.equal((await fetch(link)).status, 404);
  await page.reload();
  await row.getByText('revoked').waitFor();
});

test('gateways of their own are shown where there are any: not enrolled, asking, revoked', {
  skip,
}, async () => {
  await open('/sensors');
  await page.getByRole('heading', { name: 'Collectors' }).waitFor();
  await page.waitForLoadState('networkidle');
  assert.equal(await page.getByRole('heading', { name: 'Gateways' }).count(), 0);
  const [unused] = await freePorts(1);
  await demonstration.order('gatewayAdd', { name: 'gate-late', address: `127.0.0.1:${unused}` });
  const directory = join(demonstration.folder, 'gateway');
  const gateway = await GatewayProcess.enrol(demonstration, directory, 'gate-1');
  const rowOf = (name: string) =>
    page.getByRole('region', { name: 'Gateways' }).locator('tbody tr', { hasText: name });
  try {
    // Nobody reloads the page.
    await rowOf('gate-1').getByText('never asked').waitFor();
    await gateway.start();
    await rowOf('gate-1').getByText('asking').waitFor();
    const cells = await rowOf('gate-1').locator('td').allTextContents();
    assert.deepEqual(cells.slice(0, 3), ['asking', `gate-1 ${version}`, `127.0.0.1:${gateway.port}`]);
    assert.match(cells[3]!, /^\d s ago$/);
    assert.equal(await rowOf('gate-late').locator('td').first().textContent(), 'not enrolled');
    await demonstration.order('gatewayRevoke', { name: 'gate-1' });
    await rowOf('gate-1').getByText('revoked').waitFor();
  } finally {
    await gateway.kill();
  }
});

test('on a phone every value of every table is in sight, and says of which column it is', {
  skip,
}, async () => {
  assert.deepEqual(await findHiddenCells(page, demonstration, paths), []);
});

for (const scheme of ['light', 'dark'] as const)
  test(`axe finds nothing serious on any page, ${scheme}`, { skip }, async () => {
    await page.emulateMedia({ colorScheme: scheme });
    const found: string[] = [];
    for (const path of paths) {
      await open(path);
      await page.locator('h1').first().waitFor();
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
      await page.evaluate(axe_source);
      const violations = (await page.evaluate(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }).then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => ({ id, where: nodes.slice(0, 3).map(({ target, failureSummary }) => target + ': ' + failureSummary) })))",
      )) as { id: string; where: string[] }[];
      for (const { id, where } of violations) found.push(`${path} ${id}\n    ${where.join('\n    ')}`);
    }
    assert.deepEqual(found, []);
  });

test('every operation of the API has an example, and every example works', {
  skip,
  timeout: 240_000,
}, async () => {
  const { request } = page.context();
  const description = (await (await request.get(`${demonstration.url}/api/docs/json`)).json()) as {
    paths: Record<string, Record<string, { 'x-codeSamples'?: { source: string }[] }>>;
  };
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { 'x-codeSamples': samples }]) => ({
      operation: `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
      samples: samples?.length ?? 0,
    })),
  );
  const own = operations.filter(({ operation }) => !/ \/(?:healthz|metrics|taxii2)/.test(operation));
  assert.ok(own.length > 90);
  assert.deepEqual(
    own.filter(({ samples }) => samples === 0).map(({ operation }) => operation),
    [],
    'operations without an example',
  );
  const examples = Object.values(api_examples).flat();
  const known = new Set(operations.map(({ operation }) => operation));
  assert.deepEqual(
    examples.filter(({ operation }) => !known.has(operation)).map(({ operation }) => operation),
    [],
    'examples of what is no operation',
  );
  const words = await findWords(request, demonstration.url);
  words.set('NAME', 'admin').set('PASSWORD', demonstration.password);
  const asked = examples.filter(({ left_out }) => left_out === undefined);
  assert.deepEqual(
    examples.filter((one) => !asked.includes(one)).map(({ operation }) => operation),
    [
      'POST /password',
      'POST /logout',
      'GET /incidents/{number}/abuse',
      'POST /notices/{alert_id}/close',
      'PUT /settings/geo',
    ],
    'what cannot be asked of a demonstration',
  );
  for (const example of asked) await askExample(request, demonstration.url, example, words);
});
