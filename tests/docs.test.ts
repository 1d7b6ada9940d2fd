/** The documentation: pages made from the code are current, links lead somewhere, commands exist. */
import assert from 'node:assert';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { actions } from '@apiary/model/event.ts';
import { paths } from '@apiary/model/protocol.ts';
import { readConfig } from '@apiary/server/config.ts';
import { Document, parse } from 'yaml';
import { makeEventsPage } from '../scripts/events-page.ts';
import { makePages, type Setting, settings, valueAt } from '../scripts/reference.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })];

/** A checkout should stay small. */
const pictures_bytes_max = 4_000_000;

/** Anchors that a page's headings make, as GitHub names them. */
function anchorsOf(path: string): Set<string> {
  const headings = [...readFileSync(path, 'utf8').matchAll(/^#{1,6} +(.+)$/gm)].map(
    (match) => match[1] ?? '',
  );
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

test('the pages made from the code are current', () => {
  for (const [name, text] of Object.entries(makePages())) {
    assert.strictEqual(read(`docs/reference/${name}`), text, `run: npx node scripts/reference.ts`);
  }
});

test('the page of actions is current: every action is explained, with examples out of the samples', () => {
  assert.strictEqual(
    read('docs/reference/events.md'),
    makeEventsPage(),
    'run: npx node scripts/events-page.ts',
  );
  const parts = makeEventsPage().split(/^## /m).slice(1);
  assert.deepStrictEqual(
    parts.map((part) => part.slice(0, part.indexOf('\n'))),
    [...actions],
  );
  // A type whose samples hold a log-in stands under it, one without does not.
  const log_ins = parts.find((part) => part.startsWith('authenticate')) ?? '';
  assert.ok(log_ins.includes('/cowrie/README.md') && !log_ins.includes('/endlessh/README.md'));
});

test('every link within the documentation leads to a file, and to a heading of it', () => {
  const dead: string[] = [];
  let links = 0;
  for (const page of pages) {
    const text = read(page).replace(/^```.*?^```/gms, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      links += 1;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(root, page) : resolve(root, dirname(page), path);
      if (!existsSync(file)) dead.push(`${page}: ${target}`);
      else if (anchor !== undefined && !anchorsOf(file).has(anchor)) dead.push(`${page}: ${target}`);
    }
  }
  assert.deepStrictEqual(dead, []);
  assert.ok(links >= 20, `only ${links} links were found`);
});

/** Made by a command that the page shows. */
const made_by_readers = new Set(['submodules/beekeeper']);

test('every path of the repository that is named in a page exists', () => {
  const folders = 'bench|collector|demo|deploy|docs|model|scripts|server|submodules|tests|web';
  const named = pages
    // What was changed once may be gone by now.
    .filter((page) => page !== 'CHANGELOG.md')
    .flatMap((page) =>
      [
        ...read(page)
          .replace(/^```.*?^```/gms, '')
          .matchAll(new RegExp(`\`((?:${folders})/[\\w./*-]*)\``, 'g')),
      ].map((match) => ({ page, path: match[1] ?? '' })),
    );
  assert.ok(named.length > 100, `only ${named.length} paths were found`);
  assert.deepStrictEqual(
    named.filter(({ path }) => !made_by_readers.has(path) && globSync(path, { cwd: root }).length === 0),
    [],
  );
});

test('every page of the documentation is reached from its index', () => {
  const index = read('docs/index.md');
  const missing = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/index.md');
  assert.deepStrictEqual(
    missing.filter((page) => !index.includes(`](${page.slice('docs/'.length)})`)),
    [],
  );
});

test('every page of the interface has a page of the documentation, with a picture, and is reached from the guide', () => {
  const routes = [...read('web/router.tsx').matchAll(/^ {2}path: '([^']+)'/gm)].map(([, path = '']) =>
    path.replace(/\$(\w+)/g, (_, name: string) => name.toUpperCase()),
  );
  assert.ok(routes.includes('/') && routes.includes('/sessions/SENSOR/SESSION') && routes.length > 20);
  const guide = read('docs/guide/pages.md');
  const described = globSync('docs/guide/pages/*.md', { cwd: root }).map((path) => {
    const text = read(path);
    const [, address = ''] = /^Address: `([^`]+)`$/m.exec(text) ?? [];
    const [, picture = ''] = /^!\[[^\]]+\]\(\.\.\/\.\.\/pictures\/([^)]+)\)$/m.exec(text) ?? [];
    assert.ok(picture !== '' && existsSync(join(root, 'docs/pictures', picture)), `${path} shows no picture`);
    assert.deepStrictEqual(
      [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading),
      ['How to read it', 'What to click', 'Keyboard', 'What its numbers mean, and what they cannot say'],
      path,
    );
    assert.ok(guide.includes(`](${path.slice('docs/guide/'.length)})`), `${path} is not in the guide`);
    return address;
  });
  assert.deepStrictEqual(described.sort(), routes.sort());
});

test('the pictures of the documentation are all shown somewhere, and small together', () => {
  const pictures = globSync('docs/pictures/*.png', { cwd: root });
  const text = pages.map(read).join('\n');
  assert.deepStrictEqual(
    pictures.filter((path) => !text.includes(path.slice('docs/'.length))),
    [],
  );
  const bytes = pictures.reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
  assert.ok(bytes < pictures_bytes_max, `they have ${bytes} bytes`);
});

test('every npm command in the documentation exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run (?:-s )?([a-z-]+)/g)].map((match) => match[1] ?? ''),
  );
  assert.ok(named.includes('serve') && named.includes('apiary'));
  assert.deepStrictEqual(
    named.filter((name) => scripts[name] === undefined),
    [],
  );
});

test('every setting takes its example and nothing beyond its bounds', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-docs-'));
  const file = join(directory, 'apiary.yaml');
  const load = (path: string, yaml: string): unknown => {
    // What is refused alone comes with what it needs: a certificate with its key, an issuer with its client, a cluster with a node.
    const needed = path.startsWith('web.openid.')
      ? (['web.openid.issuer', 'web.openid.client_id', 'web.openid.address'] as const)
      : path.startsWith('web.tls_')
        ? (['web.tls_certificate', 'web.tls_key'] as const)
        : path === 'store.cluster'
          ? (['store.clickhouse_url'] as const)
          : path === 'store.shards'
            ? (['store.clickhouse_url', 'store.cluster'] as const)
            : [];
    const document = new Document({});
    for (const other of needed) document.setIn(other.split('.'), parse(settings[other].example));
    document.setIn(path.split('.'), parse(yaml));
    writeFileSync(file, String(document));
    return valueAt(readConfig(directory), path);
  };
  try {
    for (const [path, { example, bounds }] of Object.entries<Setting>(settings)) {
      assert.deepStrictEqual(load(path, example), parse(example), path);
      const [lowest, highest] = bounds ?? [];
      if (lowest !== undefined) {
        assert.strictEqual(load(path, String(lowest)), lowest);
        assert.throws(() => load(path, String(lowest - 1)), { code: 'config_invalid' }, path);
      }
      if (highest !== undefined) {
        assert.strictEqual(load(path, String(highest)), highest);
        assert.throws(() => load(path, String(highest + 1)), { code: 'config_invalid' }, path);
      }
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('the protocol page names every path of the protocol', () => {
  const page = read('docs/reference/protocol.md');
  for (const path of Object.values(paths)) assert.ok(page.includes(`POST ${path}`), path);
});
