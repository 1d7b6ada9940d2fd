/**
 * The pages of the demonstration in a browser: its numbers against the files, the way from a number to the bytes,
 * hostile text, what is silent and what is broken. One demonstration serves all; the tests follow one another.
 */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { Demonstration, launchBrowser, logIn, needs_chromium } from './demonstration.ts';
import { hostile_address, hostile_texts, writeHostileLines } from './hostile-lines.ts';
import { tabTo } from './keyboard.ts';
import { countRecordings } from './recording-counts.ts';

const skip = needs_chromium;
const desk = { width: 1280, height: 800 };
const counts = skip === false ? countRecordings() : undefined;
let demonstration: Demonstration;
let browser: Browser;
let page: Page;
/** What the console said that it should not have. */
const complaints: string[] = [];

/** A window of its own, without a log-in. */
async function openPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: desk });
  await context.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) =>
      console.error('refused by the policy: ' + event.violatedDirective + ' ' + event.blockedURI));`,
  });
  const one = await context.newPage();
  one.setDefaultTimeout(15_000);
  one.on('console', (message) => {
    // The browser itself tells of answers that are errors; the tests look at what the page makes of them.
    if (message.text().startsWith('Failed to load resource')) return;
    if (['error', 'warning'].includes(message.type())) complaints.push(`${one.url()}: ${message.text()}`);
  });
  one.on('pageerror', (error) => complaints.push(`${one.url()}: ${error.message}`));
  one.on('dialog', (dialog) => {
    complaints.push(`${one.url()}: a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return one;
}

before(async () => {
  if (skip !== false) return;
  [demonstration, browser] = await Promise.all([Demonstration.start(), launchBrowser()]);
  page = await openPage();
});

after(async () => {
  await browser?.close();
  await demonstration?.stop();
});

const number = (text: string | null): number => Number((text ?? '').replace(/\D/g, ''));
const open = (path: string) => page.goto(`${demonstration.url}${path}`);

/** Waits until nothing of a page is loading any more; there may be several such parts. */
async function loaded(path: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while ((await page.locator('[aria-busy=true]').count()) > 0) {
    assert.ok(Date.now() < deadline, `${path} goes on loading`);
    await sleep(50);
  }
}

/** Waits until the Events page counts as many events for a query; fails where it stays at another number. */
async function expectCount(query: string, expected: number, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    await open(`/events?last=1h&${query}`);
    const shown = number(await page.getByTestId('events-count').textContent());
    if (shown === expected) return;
    if (Date.now() > deadline) assert.equal(shown, expected, what);
    await sleep(300);
  }
}

test('logs in with the printed password; every page says that this is a demonstration', {
  skip,
}, async () => {
  await logIn(page, demonstration);
  assert.equal(page.url(), `${demonstration.url}/?last=1h`, 'the period that shows the recordings is chosen');
  for (const path of ['/', '/events', '/sensors', '/inventory', '/account']) {
    const answer = await open(path);
    await page.getByRole('heading').first().waitFor();
    assert.match((await page.getByRole('note').textContent()) ?? '', /Demonstration: recordings replayed/);
    const policy = answer?.headers()['content-security-policy'] ?? '';
    assert.match(policy, /default-src 'self'; script-src 'self'; style-src 'self' 'nonce-[^']+'; img-src/);
    assert.doesNotMatch(policy, /unsafe|\*/);
  }
});

test('no page is wider than a phone', { skip }, async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of [
    '/?last=1h',
    '/events?last=1h',
    '/incidents?last=24h',
    '/incidents/1',
    '/taxonomy?last=24h',
    '/reports',
    '/reports/global/passwords?last=1h',
    '/sensors',
    '/inventory',
    '/feeds',
    '/settings',
    '/account',
  ]) {
    await open(path);
    await page.locator('h1').waitFor();
    await loaded(path);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, path);
  }
  await page.setViewportSize(desk);
});

test('the numbers are those of the files', { skip }, async () => {
  const expected = counts!;
  await expectCount('action=authenticate', expected.attempts, 'attempts to log in');
  await expectCount('sensor_type=cowrie&action=probe&target_kind=computer', expected.sessions, 'sessions');
  await expectCount('sensor_type=cowrie&action=input', expected.commands, 'lines typed');
  await expectCount(
    'sensor_type=dionaea&action=probe&target_kind=computer',
    expected.connections,
    'connections',
  );
  await open('/?last=1h');
  for (const [title, counted] of [
    ['Top passwords', expected.passwords],
    ['Top usernames', expected.usernames],
  ] as const) {
    const rows = page.getByRole('list', { name: title }).getByRole('listitem');
    await rows.first().waitFor();
    const shown = await rows.evaluateAll((items) =>
      items.map((item) => [
        item.querySelector('.value')?.textContent,
        item.querySelector('.figure')?.textContent,
      ]),
    );
    assert.equal(shown.length, 10);
    for (const [value, events] of shown)
      assert.equal(number(events ?? null), counted.get(value ?? ''), `${title}: ${value}`);
    const most = Math.max(...[...counted].filter(([value]) => value !== '').map(([, events]) => events));
    assert.equal(number(shown[0]?.[1] ?? null), most, title);
  }
});

test('clicks lead from a top password to the bytes of the log; the address keeps the state', {
  skip,
}, async () => {
  await open('/?last=1h');
  // Dionaea's rows are no lines: a password that only Cowrie saw.
  const rows = page.getByRole('list', { name: 'Top passwords' }).getByRole('link');
  await rows.first().waitFor();
  const password = (await rows.locator('.value').allTextContents()).find((one) =>
    counts!.lines_only.has(one),
  );
  assert.ok(password !== undefined);
  await rows.filter({ hasText: password }).first().click();
  await page.waitForURL(/\/events\?/);
  await page.getByTestId('events-count').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('password'), password);
  const events = page.locator('table.events tbody tr');
  await events.first().waitFor();
  await page.reload();
  await events.first().waitFor();
  assert.equal(number(await page.getByTestId('events-count').textContent()), counts!.passwords.get(password));
  await events.first().getByRole('link').first().click();
  const raw = (await page.getByTestId('raw').textContent()) ?? '';
  assert.equal((JSON.parse(raw) as { password: string }).password, password);
  const logs = ['kosice', 'bratislava'].map((name) => demonstration.logOf(name, 'cowrie.json'));
  assert.ok(
    logs.some((path) => readFileSync(path, 'utf8').split('\n').includes(raw)),
    'the bytes shown are no line of a log',
  );
  const timeless = (line: string): string => line.replace(/"timestamp":"[^"]*"/, '');
  const recorded = counts!.lines.find((line) => timeless(line) === timeless(raw));
  assert.ok(recorded !== undefined, 'the line is in no recording');
  await page.goBack();
  await events.first().waitFor();
  assert.equal(new URL(page.url()).searchParams.get('password'), password);
  await page.goBack();
  await page.getByTestId('overview-events').waitFor();
  assert.equal(new URL(page.url()).search, '?last=1h');
});

test('a report answers what the files say, on the page and as CSV, and leads to its events', {
  skip,
}, async () => {
  const [most, ...others] = [...counts!.passwords]
    .filter(([password]) => password !== '')
    .sort((a, b) => b[1] - a[1]);
  assert.ok(most !== undefined && others[0]![1] < most[1]);
  await open('/reports?last=1h');
  await page.getByLabel('Find a report').fill('passwords');
  await page.getByRole('link', { name: 'Passwords', exact: true }).click();
  const row = page.locator('table.sheet tbody tr').first();
  await row.waitFor();
  assert.equal(await row.locator('td').first().textContent(), most[0]);
  assert.equal(number(await row.locator('td').nth(1).textContent()), most[1]);
  await page.locator('canvas').first().waitFor();
  const csv = await page.request.get(
    `${demonstration.url}/api/v1/reports/global/passwords/file?last=1h&format=csv`,
  );
  assert.equal((await csv.text()).split('\r\n')[1], `${most[0]},${most[1]}`);
  await row.locator('td').nth(1).getByRole('link').click();
  await page.getByTestId('events-count').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('password'), most[0]);
  await page.goBack();
  await row.waitFor();
  assert.match(page.url(), /\/reports\/global\/passwords\?last=1h/);
});

test('a filter in words shows its mistakes in place, and completes columns', { skip }, async () => {
  await open('/events?last=1h');
  const words = page.getByRole('combobox', { name: 'Filter in words' });
  await words.fill('servise:ssh');
  await words.press('Enter');
  await page.locator('.filter-words mark').waitFor();
  assert.equal(await page.locator('.filter-words mark').textContent(), 'servise');
  await words.fill('usern');
  await page.getByRole('option', { name: 'username:', exact: true }).click();
  await words.pressSequentially('root');
  await words.press('Enter');
  await page.waitForURL(/q=username%3Aroot/);
  await page.locator('table.events tbody tr').first().waitFor();
  // Until the new number has come the old one stands there, dimmed.
  const expected = counts!.usernames.get('root');
  for (let look = 0; look < 50; look += 1) {
    if (number(await page.getByTestId('events-count').textContent()) === expected) break;
    await sleep(100);
  }
  assert.equal(number(await page.getByTestId('events-count').textContent()), expected);
});

test('an incident is told with its reasons; an analyst names it; its attack leads to the bytes', {
  skip,
}, async () => {
  await open('/incidents?last=24h');
  const rows = page.locator('table.sheet tbody tr');
  await rows.first().waitFor();
  const label = (await rows.first().getByRole('link').first().textContent()) ?? '';
  await rows.first().getByRole('link').first().click();
  await page.getByRole('heading', { name: `Incident ${label}` }).waitFor();
  await page
    .getByText(/sources? .*made .* attacks?/)
    .first()
    .waitFor();
  await page.getByLabel('Name', { exact: true }).fill('The morning <b>wave</b>');
  await page.getByRole('button', { name: 'Name it' }).click();
  await page.locator('h1').getByText('The morning <b>wave</b>').waitFor();
  await page.reload();
  await page.locator('h1').getByText('The morning <b>wave</b>').waitFor();
  const stix = await page.request.get(
    `${demonstration.url}/api/v1/incidents/${label.slice(1)}/file?format=stix`,
  );
  assert.equal(((await stix.json()) as { type: string }).type, 'bundle');
  assert.doesNotMatch(await stix.text(), /kosice|bratislava|zilina/i);
  const { attacks } = (await (
    await page.request.get(`${demonstration.url}/api/v1/incidents/${label.slice(1)}`)
  ).json()) as { attacks: { sensors: number[]; techniques: string[] }[] };
  await page.getByRole('img', { name: /^What links \d+ attacks/ }).waitFor();
  assert.equal(
    await page.locator('.incident-lane').count(),
    new Set(attacks.flatMap(({ sensors }) => sensors)).size,
    'a lane for each sensor',
  );
  const technique = attacks.flatMap(({ techniques }) => techniques)[0]!;
  const cell = page
    .locator('.matrix li')
    .filter({ has: page.getByRole('link', { name: technique, exact: true }) });
  assert.equal(
    number(await cell.locator('.figure').textContent()),
    attacks.filter(({ techniques }) => techniques.includes(technique)).length,
  );
  for (const name of [/^Credentials/, 'Places and networks'])
    await page.getByRole('heading', { name }).waitFor();
  await page.locator('table.sheet tbody a[href^="/attacks/"]').first().click();
  await page.getByRole('heading', { name: /^Attack on/ }).waitFor();
  await page.getByLabel('Tool', { exact: true }).first().click();
  await page.getByRole('option', { name: 'toolkit' }).click();
  await page.getByText('decided by an analyst').waitFor();
  await page.locator('table.events tbody a[href^="/events/"]').first().click();
  await page.getByTestId('raw').waitFor();
  await page.getByRole('link', { name: `incident ${label}` }).waitFor();
  await page.getByRole('link', { name: 'the attack' }).click();
  await page.getByRole('heading', { name: /^Attack on/ }).waitFor();
});

test('a search finds a source, whose profile counts its events; the taxonomy counts attacks', {
  skip,
}, async () => {
  const { events } = (await (
    await page.request.get(`${demonstration.url}/api/v1/events?last=1h&sensor_type=cowrie&limit=1`)
  ).json()) as { events: { attacker_ip: string }[] };
  const address = events[0]!.attacker_ip;
  await page.getByLabel('Search', { exact: true }).fill(` ${address} `);
  await page.getByLabel('Search', { exact: true }).press('Enter');
  await page.waitForURL(new RegExp(`/sources/${address.replaceAll('.', '\\.')}`));
  await open(`/sources/${address}?last=1h`);
  const shown = page.getByRole('link', { name: /events$/ }).first();
  await shown.waitFor();
  const expected = number(await shown.textContent());
  await expectCount(`attacker_ip=${address}`, expected, `events of ${address}`);
  await open('/taxonomy?last=24h');
  await page.getByRole('heading', { name: 'Taxonomy' }).waitFor();
  // A cell leads to what it counts.
  const cell = page.getByRole('row', { name: /^script or program/ });
  const counted = number(await cell.locator('td.number').textContent());
  await cell.getByRole('link').click();
  const list = page.getByTestId('attacks-count');
  await list.waitFor();
  assert.equal(number(await list.textContent()), counted);
  await page
    .getByRole('link', { name: /^#\d+$/ })
    .first()
    .click();
  await page.waitForURL(/\/incidents\/\d+/);
});

test('a session is replayed from its terminal recording', { skip }, async () => {
  // Recordings are whole files: they come some seconds after the lines that name them.
  const deadline = Date.now() + 60_000;
  const closed = counts!.lines
    .map(
      (line) =>
        JSON.parse(line) as {
          eventid: string;
          session: string;
          sensor: string;
          size?: number;
          duration?: number;
        },
    )
    .filter(
      ({ eventid, sensor, size = 0, duration = 0 }) =>
        eventid === 'cowrie.log.closed' && sensor === 'cowrie-a' && size < 3000 && duration > 1,
    );
  const { session } = closed[0]!;
  const sensors = (await (await page.request.get(`${demonstration.url}/api/v1/sensors`)).json()) as {
    sensors: { sensor_id: number; name: string }[];
  };
  const { sensor_id } = sensors.sensors.find(({ name }) => name === 'cowrie-kosice')!;
  const path = `/sessions/${sensor_id}/${session}`;
  for (;;) {
    const answer = (await (
      await page.request.get(`${demonstration.url}/api/v1${path}/recordings`)
    ).json()) as {
      recordings: unknown[];
    };
    if (answer.recordings.length > 0) break;
    assert.ok(Date.now() < deadline, 'the recording did not come');
    await sleep(500);
  }
  await open(path);
  const screen = page.locator('.terminal');
  await screen.waitFor();
  const whole = (await screen.textContent()) ?? '';
  assert.ok(whole.length > 20);
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('button', { name: 'Play' }).waitFor({ timeout: 60_000 });
  assert.equal(await screen.textContent(), whole);
  await page.locator('.typed button').first().click();
  await page.getByRole('button', { name: 'Link to this moment' }).click();
  await page.waitForURL(/replay=0\.\d+/);
  const linked = await screen.textContent();
  assert.notEqual(linked, whole);
  await page.getByRole('switch', { name: 'Skip pauses' }).click();
  assert.equal(await screen.textContent(), linked, 'the moment stays the same');
  await page.reload();
  await screen.waitFor();
  assert.equal(await screen.textContent(), linked);
});

/** Nothing of a hostile text became part of the page, or pushed it beyond its window. */
async function expectHarmless(where: string): Promise<void> {
  assert.equal(await page.evaluate('window.hit'), undefined, where);
  const living =
    'a[href^="javascript" i], iframe, object, embed, [onerror], [onload], img[src="x"], script:not([src^="/assets/"])';
  assert.equal(await page.locator(living).count(), 0, where);
  const isWider = (): Promise<unknown> =>
    page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
  // While rows come in it may be so for a moment.
  for (let look = 0; look < 50 && (await isWider()) === true; look += 1) await page.waitForTimeout(100);
  assert.equal(await isWider(), false, `${where} is wider than its window`);
}

test('text of an attacker stays text on every page', { skip }, async () => {
  appendFileSync(demonstration.logOf('kosice', 'cowrie.json'), writeHostileLines());
  const texts = Object.values(hostile_texts);
  await expectCount(`attacker_ip=${hostile_address}`, texts.length * 5, 'hostile events');
  await expectHarmless('Events');
  // The number comes before the rows.
  await page
    .locator('table.events tbody tr')
    .nth(texts.length * 5 - 1)
    .waitFor();
  await page.getByText(hostile_texts.script, { exact: true }).first().waitFor();
  const marks = await page.locator('.hidden-character').allTextContents();
  for (const mark of [
    'ESC',
    'BEL',
    'U+009B',
    'NUL',
    'U+202E',
    'U+2066',
    'U+200B',
    'CR',
    'LF',
    'TAB',
    'U+2028',
  ])
    assert.ok(marks.includes(mark), `${mark} is not marked`);
  await open(`/?last=1h&attacker_ip=${hostile_address}`);
  for (const title of ['Top usernames', 'Top passwords', 'Top commands']) {
    const list = page.getByRole('list', { name: title });
    await list.getByText(hostile_texts.script, { exact: true }).waitFor();
    assert.equal(await list.getByRole('listitem').count(), texts.length, title);
  }
  await expectHarmless('Overview');
  await page
    .getByRole('list', { name: 'Top usernames' })
    .getByText(hostile_texts.image, { exact: true })
    .click();
  await page.locator('table.events tbody tr').first().waitFor();
  assert.equal(new URL(page.url()).searchParams.get('username'), hostile_texts.image);
  assert.equal(number(await page.getByTestId('events-count').textContent()), 1);
  await expectHarmless('Events of one user name');
  await page.goBack();
  // Too long for an address: what contains its beginning is found instead.
  await page.getByRole('list', { name: 'Top usernames' }).getByText('long-AAAA').click();
  await page.locator('table.events tbody tr').first().waitFor();
  assert.equal(number(await page.getByTestId('events-count').textContent()), 1);
  await page.reload();
  await page.locator('table.events tbody tr').first().waitFor();
  for (const address of [
    `/reports/global/usernames?last=1h&attacker_ip=${hostile_address}`,
    `/reports/cowrie/commands?last=1h&attacker_ip=${hostile_address}`,
    `/sources/${hostile_address}?last=1h`,
    '/sessions/1/hostile0',
  ]) {
    await open(address);
    await page.locator('.hostile').first().waitFor();
    await expectHarmless(address);
  }
  // Each text once, and each kind of line with markup.
  for (const query of ['action=authenticate', 'session=hostile0', 'session=hostile1']) {
    await open(`/events?last=1h&attacker_ip=${hostile_address}&${query}`);
    const links = page.locator('table.events tbody tr td:first-child a');
    await links.first().waitFor();
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    assert.ok(addresses.length >= 5);
    for (const address of addresses) {
      await open(address);
      await page.getByTestId('raw').waitFor();
      await expectHarmless(`Event ${address}`);
    }
  }
});

test('a wrong password is told, and guessing is slowed down', { skip }, async () => {
  // From here on the collector is dead; the last test looks at its sensors.
  process.kill(demonstration.child('apiary-collector.mjs'), 'SIGKILL');
  const other = await openPage();
  await other.goto(demonstration.url);
  await other.getByLabel('Name').fill('admin');
  const alert = other.getByRole('alert');
  const guess = async (): Promise<string> => {
    await other.getByRole('textbox', { name: 'Password' }).fill('not the password');
    const answer = other.waitForResponse((one) => one.url().endsWith('/login'));
    await other.getByRole('button', { name: 'Log in' }).click();
    await answer;
    await alert.waitFor();
    return (await alert.textContent()) ?? '';
  };
  assert.match(await guess(), /name or password is wrong/);
  for (let attempt = 1; attempt < 5; attempt += 1) await guess();
  const throttled = await guess();
  assert.match(throttled, /too many failed log-ins: wait \d+ s/);
  assert.equal(await other.getByTestId('overview-events').count(), 0);
  await sleep(1100);
  await logIn(other, demonstration);
  await other.context().close();
});

test('the keyboard alone chooses among hits of a search, adds a filter and takes it away', {
  skip,
}, async () => {
  const focused = (): Promise<string> =>
    page.locator(':focus').evaluate((element) => element.ariaLabel ?? element.textContent ?? '');
  await open('/events?last=1h');
  await page.getByTestId('events-count').waitFor();
  await tabTo(page, 'input[aria-label=Search]');
  await page.keyboard.type('root');
  await page.keyboard.press('Enter');
  const hits = page.getByRole('list', { name: 'Found' });
  await hits.waitFor();
  await page.keyboard.press('Escape');
  await hits.waitFor({ state: 'detached' });
  assert.equal(await focused(), 'Search');
  await page.keyboard.press('Enter');
  await hits.waitFor();
  await page.keyboard.press('Tab');
  assert.match(await focused(), /^username root/);
  await page.keyboard.press('ArrowDown');
  assert.match(await focused(), /^password root/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/events\?last=365d&password=root$/);
  await tabTo(page, '.mantine-Pill-remove');
  await page.getByRole('button', { name: 'Remove the filter Password' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/events\?last=365d$/);
  await page.getByRole('button', { name: 'Add filter' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Value').waitFor();
  await page.keyboard.type('admin');
  await page.keyboard.press('Enter');
  await page.waitForURL(/username=admin/);
  // One goes on from where one was, when the form is closed.
  await page.locator(':focus', { hasText: 'Add filter' }).waitFor();
});

test('the keyboard alone logs in and reaches a record', { skip }, async () => {
  const other = await openPage();
  await other.goto(demonstration.url);
  await other.getByLabel('Name').waitFor();
  await tabTo(other, 'input[name=name]');
  await other.keyboard.type('admin');
  await tabTo(other, 'input[name=password]');
  await other.keyboard.type(demonstration.password);
  await other.keyboard.press('Enter');
  await other.getByTestId('overview-events').waitFor();
  await other.getByRole('list', { name: 'Top passwords' }).waitFor();
  await tabTo(other, 'ol[aria-label="Top passwords"] a');
  await other.keyboard.press('Enter');
  await other.locator('table.events tbody tr').first().waitFor();
  await tabTo(other, 'table.events tbody a');
  await other.keyboard.press('Enter');
  await other.getByTestId('raw').waitFor();
  await tabTo(other, '[data-testid=raw]', 300);
  await other.context().close();
});

test('a page says that the engine is down, and is whole again by itself', { skip }, async () => {
  const down = page.getByText('The database engine is down');
  await open('/?last=1h');
  await page.getByTestId('overview-events').waitFor();
  // It restarts within a moment; only one that dies again and again is down for long enough to be seen.
  const deadline = Date.now() + 20_000;
  const killing = (async () => {
    while (!(await down.isVisible()) && Date.now() < deadline) {
      for (const pid of demonstration.children('engine-process')) process.kill(pid, 'SIGKILL');
      await sleep(20);
    }
  })();
  await page.getByRole('navigation').getByRole('link', { name: 'Events' }).click();
  await killing;
  assert.equal(await down.isVisible(), true);
  await down.waitFor({ state: 'detached', timeout: 30_000 });
  await page.locator('table.events tbody tr').first().waitFor();
});

test('a sensor whose collector died is unknown, on its page and on the plot', { skip }, async () => {
  await open('/sensors');
  const states = page.locator('table').first().locator('td .condition');
  await page.locator('table').first().locator('.condition.unknown').nth(2).waitFor({ timeout: 45_000 });
  assert.deepEqual(await states.allTextContents(), ['unknown', 'unknown', 'unknown']);
  await open('/?last=1h');
  await page.getByTestId('silences').waitFor();
  assert.deepEqual(await page.locator('.silent-mark').allTextContents(), ['unknown', 'unknown', 'unknown']);
});

test('no page complained', { skip }, () => {
  assert.deepEqual(complaints, []);
});
